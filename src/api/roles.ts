import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';
import { envelope, tryEnvelope } from './envelope';
import { isRecord, readArray, readCount, readRecord, readText, readTime, type JsonRecord } from './json';
import { PAGE_SIZE, pagesFrom, readPage, records, type Page } from './page';

const ROLES_PATH = '/api/v1/roles';
const PERMISSIONS_PATH = '/api/v1/permissions';

/** A role of the environment (docs/scalekit-api.md, 2.7). Identified by its name, not its ID. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** New organizations' creators get it. */
  readonly defaultCreator: boolean;
  /** New members get it. */
  readonly defaultMember: boolean;
  /** Name of the role it extends. */
  readonly extends?: string;
  /** How many roles extend it. */
  readonly dependentCount: number;
  /** It belongs to one organization: lists include it, but nothing can be done with it here. */
  readonly isOfOrganization: boolean;
  /** Names of its own permissions. Empty if they weren't requested. */
  readonly permissions: readonly string[];
}

/** A permission of the environment (docs/scalekit-api.md, 2.7). Identified by its name. */
export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** One of Scalekit's own, which can't be changed. */
  readonly isScalekitPermission: boolean;
  readonly createTime?: Date;
}

/** The environment's roles. Scalekit doesn't page this list. @throws ScalekitError */
export async function listRoles(
  client: ScalekitClient,
  options: ReadOptions & { readonly include?: 'permissions' } = {},
): Promise<Page<Role>> {
  return client.read(ROLES_PATH, { include: options.include }, readRoles, options);
}

/**
 * The roles that an organization's members can have: the environment's and its own. Scalekit doesn't page this list.
 *
 * @throws ScalekitError
 */
export async function listOrganizationRoles(
  client: ScalekitClient,
  organizationId: string,
  options?: ReadOptions,
): Promise<Page<Role>> {
  return client.read(`/api/v1/organizations/${pathSegment(organizationId)}/roles`, {}, readRoles, options);
}

/** One page of the environment's permissions, at most 100. @throws ScalekitError */
export async function listPermissions(
  client: ScalekitClient,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Permission>> {
  const query = { page_size: PAGE_SIZE, page_token: page.pageToken };
  return client.read(PERMISSIONS_PATH, query, (json) => readPage(json, 'permissions', readPermission), options);
}

/** One role. @throws ScalekitError */
export async function getRole(client: ScalekitClient, name: string, options?: ReadOptions): Promise<Role> {
  return client.read(rolePath(name), {}, (json) => envelope(json, 'role', readRole), options);
}

/** One permission. @throws ScalekitError */
export async function getPermission(client: ScalekitClient, name: string, options?: ReadOptions): Promise<Permission> {
  return client.read(permissionPath(name), {}, (json) => envelope(json, 'permission', readPermission), options);
}

/** All readable roles. @throws ScalekitError */
export async function allRoles(client: ScalekitClient, options?: ReadOptions): Promise<Role[]> {
  return records(await listRoles(client, options));
}

/** All readable permissions, from all pages. @throws ScalekitError */
export async function allPermissions(client: ScalekitClient, options?: ReadOptions): Promise<Permission[]> {
  const found: Permission[] = [];
  for await (const page of pagesFrom((pageToken) => listPermissions(client, { pageToken }, options)))
    found.push(...records(page));
  return found;
}

/** The roles that have a permission themselves, not from a role they extend. @throws ScalekitError */
export async function rolesWithPermission(client: ScalekitClient, permission: string): Promise<Role[]> {
  const roles = records(await listRoles(client, { fresh: true, include: 'permissions' }));
  return roles.filter(({ permissions }) => permissions.includes(permission));
}

/** How many users have a role, in all organizations. Undefined if the response doesn't say. @throws ScalekitError */
export async function countRoleUsers(client: ScalekitClient, name: string): Promise<number | undefined> {
  const json = await client.getJson(`${rolePath(name)}/users:count`, {}, { fresh: true });
  return tryEnvelope(json, 'count', readCount);
}

/** The fields of a new role (docs/scalekit-api.md, 2.7). */
export interface NewRole {
  readonly name: string;
  readonly display_name: string;
  readonly description?: string;
  /** Name of the role whose permissions it also has. */
  readonly extends?: string;
  readonly permissions?: readonly string[];
}

export interface NewPermission {
  readonly name: string;
  readonly description?: string;
}

/** What names look like, and how many characters and permissions there may be (docs/scalekit-api.md, 2.7). */
export const ROLE_LIMITS = {
  name: /^[a-zA-Z0-9_]{1,64}$/,
  displayName: 100,
  description: 2000,
  permissions: 100,
} as const;
export const PERMISSION_LIMITS = { name: /^[a-zA-Z0-9_:]{1,64}$/, description: 2000 } as const;

/** Creates a role of the environment. @throws ScalekitError probably `conflict` if the name exists */
export async function createRole(client: ScalekitClient, role: NewRole): Promise<Role> {
  const json = await client.writeJson({ method: 'POST', path: ROLES_PATH, body: role });
  return tryEnvelope(json, 'role', readRole) ?? getRole(client, role.name, { fresh: true });
}

/** Creates a permission of the environment. @throws ScalekitError probably `conflict` if the name exists */
export async function createPermission(client: ScalekitClient, permission: NewPermission): Promise<Permission> {
  const json = await client.writeJson({ method: 'POST', path: PERMISSIONS_PATH, body: permission });
  return tryEnvelope(json, 'permission', readPermission) ?? getPermission(client, permission.name, { fresh: true });
}

/**
 * The fields of a role that can be changed (docs/scalekit-api.md, 2.7). An empty `extends` or list removes what is
 * there.
 */
export interface RoleChanges {
  readonly display_name?: string;
  readonly description?: string;
  readonly extends?: string;
  readonly permissions?: readonly string[];
}

/**
 * Changes a role. We assume that `PUT` leaves missing fields unchanged and replaces all permissions by the sent ones.
 * Neither is documented, nor how to say "none", so the last permissions and the base role are removed by separate
 * calls.
 *
 * @throws ScalekitError; part of the change may have been made
 */
export async function updateRole(
  client: ScalekitClient,
  name: string,
  changes: RoleChanges,
  current: JsonRecord,
): Promise<undefined> {
  const path = rolePath(name);
  const { extends: base, permissions, ...texts } = changes;
  const body = {
    ...texts,
    ...(base ? { extends: base } : {}),
    ...(permissions !== undefined && permissions.length > 0 ? { permissions } : {}),
  };
  if (Object.keys(body).length > 0) await client.writeJson({ method: 'PUT', path, body });
  if (base === '') await ignoreNotFound(client.writeJson({ method: 'DELETE', path: `${path}/base` }));
  if (permissions?.length === 0) {
    for (const permission of readArray(current['permissions']).flatMap((each) => readText(each) ?? [])) {
      await ignoreNotFound(
        client.writeJson({ method: 'DELETE', path: `${path}/permissions/${pathSegment(permission)}` }),
      );
    }
  }
}

/** Changes a permission. Returns its JSON afterwards, if the response contains it. @throws ScalekitError */
export async function updatePermission(
  client: ScalekitClient,
  name: string,
  changes: { readonly description?: string },
  current: JsonRecord,
): Promise<JsonRecord | undefined> {
  // We assume that the body is the whole permission, so a missing text would become empty.
  const body = { name, description: readText(current['description']) ?? '', ...changes };
  const json = await client.writeJson({ method: 'PUT', path: permissionPath(name), body });
  return tryEnvelope(json, 'permission', readRecord);
}

/**
 * Deletes a role. `successor` replaces it for its users, and probably for the roles that extend it.
 *
 * @throws ScalekitError probably `invalid` if a successor is required
 */
export async function deleteRole(client: ScalekitClient, name: string, successor?: string): Promise<void> {
  const query = successor === undefined ? '' : `?${new URLSearchParams({ reassign_role_name: successor }).toString()}`;
  await client.writeJson({ method: 'DELETE', path: `${rolePath(name)}${query}` });
}

/** Deletes a permission. The roles that have it probably lose it. @throws ScalekitError */
export async function deletePermission(client: ScalekitClient, name: string): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: permissionPath(name) });
}

/**
 * Sets the role of an organization's creator, or of new members. The other one probably stays.
 *
 * @throws ScalekitError
 */
export async function setDefaultRole(client: ScalekitClient, who: 'creator' | 'member', name: string): Promise<void> {
  const body = who === 'creator' ? { default_creator_role: name } : { default_member_role: name };
  await client.writeJson({ method: 'PATCH', path: `${ROLES_PATH}:set_defaults`, body });
}

/** Removing something that no longer exists is a success. */
async function ignoreNotFound(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof ScalekitError && error.kind === 'notFound')) throw error;
  }
}

export function readRole(value: unknown): Role | undefined {
  if (!isRecord(value)) return undefined;
  const name = readText(value['name']);
  if (name === undefined) return undefined;
  return {
    id: readText(value['id']) ?? name,
    name,
    displayName: readText(value['display_name']),
    description: readText(value['description']),
    defaultCreator: value['default_creator'] === true,
    defaultMember: value['default_member'] === true,
    extends: readText(value['extends']),
    dependentCount: readCount(value['dependent_roles_count']) ?? 0,
    isOfOrganization: value['is_org_role'] === true,
    permissions: readArray(value['permissions']).flatMap((permission) =>
      isRecord(permission) ? (readText(permission['name']) ?? []) : [],
    ),
  };
}

export function readPermission(value: unknown): Permission | undefined {
  if (!isRecord(value)) return undefined;
  const name = readText(value['name']);
  if (name === undefined) return undefined;
  return {
    id: readText(value['id']) ?? name,
    name,
    description: readText(value['description']),
    isScalekitPermission: value['is_scalekit_permission'] === true,
    createTime: readTime(value['create_time']),
  };
}

function readRoles(json: unknown): Page<Role> {
  return readPage(json, 'roles', readRole);
}

function rolePath(name: string): string {
  return `${ROLES_PATH}/${pathSegment(name)}`;
}

function permissionPath(name: string): string {
  return `${PERMISSIONS_PATH}/${pathSegment(name)}`;
}
