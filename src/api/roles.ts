import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';
import { envelope, tryEnvelope } from './envelope';
import { isRecord, readArray, readCount, readRecord, readText, readTime, type JsonRecord } from './json';
import { PAGE_SIZE, pagesFrom, readPage, records, type Page } from './page';

const ROLES_PATH = '/api/v1/roles';
const PERMISSIONS_PATH = '/api/v1/permissions';

/** A role of the environment (docs/scalekit-api.md, 2.7). Addressed by its name, not by its id. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly displayName?: string;
  readonly description?: string;
  /** Given to who creates an organization. */
  readonly defaultCreator: boolean;
  /** Given to who joins one. */
  readonly defaultMember: boolean;
  /** Name of the role it builds on. */
  readonly extends?: string;
  /** How many roles extend it. */
  readonly dependentCount: number;
  /** It belongs to one organization only: lists hold it, but nothing can be done with it from here. */
  readonly isOfOrganization: boolean;
  /** Names of its own permissions; none where they were not asked for. */
  readonly permissions: readonly string[];
}

/** A permission of the environment (docs/scalekit-api.md, 2.7). Addressed by its name. */
export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** One of Scalekit's own, which cannot be changed. */
  readonly isScalekitPermission: boolean;
  readonly createTime?: Date;
}

/** The environment's roles; Scalekit does not page this list. @throws ScalekitError */
export async function listRoles(
  client: ScalekitClient,
  options: ReadOptions & { readonly include?: 'permissions' } = {},
): Promise<Page<Role>> {
  return client.read(ROLES_PATH, { include: options.include }, readRoles, options);
}

/** The roles that members of an organization can have: the environment's and its own; Scalekit does not page this list. @throws ScalekitError */
export async function listOrganizationRoles(
  client: ScalekitClient,
  organizationId: string,
  options?: ReadOptions,
): Promise<Page<Role>> {
  return client.read(`/api/v1/organizations/${pathSegment(organizationId)}/roles`, {}, readRoles, options);
}

/** One page of the environment's permissions, 100 at most. @throws ScalekitError */
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

/** All roles that can be read. @throws ScalekitError */
export async function allRoles(client: ScalekitClient, options?: ReadOptions): Promise<Role[]> {
  return records(await listRoles(client, options));
}

/** All permissions that can be read, of all pages. @throws ScalekitError */
export async function allPermissions(client: ScalekitClient, options?: ReadOptions): Promise<Permission[]> {
  const found: Permission[] = [];
  for await (const page of pagesFrom((pageToken) => listPermissions(client, { pageToken }, options)))
    found.push(...records(page));
  return found;
}

/** The roles that hold a permission of their own, not from a role that they extend. @throws ScalekitError */
export async function rolesWithPermission(client: ScalekitClient, permission: string): Promise<Role[]> {
  const roles = records(await listRoles(client, { fresh: true, include: 'permissions' }));
  return roles.filter(({ permissions }) => permissions.includes(permission));
}

/** How many users have a role, in all organizations; undefined when the response does not say. @throws ScalekitError */
export async function countRoleUsers(client: ScalekitClient, name: string): Promise<number | undefined> {
  const json = await client.getJson(`${rolePath(name)}/users:count`, {}, { fresh: true });
  return tryEnvelope(json, 'count', readCount);
}

/** What a new role is made of (docs/scalekit-api.md, 2.7). */
export interface NewRole {
  readonly name: string;
  readonly display_name: string;
  readonly description?: string;
  /** Name of the role whose permissions it has too. */
  readonly extends?: string;
  readonly permissions?: readonly string[];
}

export interface NewPermission {
  readonly name: string;
  readonly description?: string;
}

/** How names look, and how many characters and permissions there may be (docs/scalekit-api.md, 2.7). */
export const ROLE_LIMITS = {
  name: /^[a-zA-Z0-9_]{1,64}$/,
  displayName: 100,
  description: 2000,
  permissions: 100,
} as const;
export const PERMISSION_LIMITS = { name: /^[a-zA-Z0-9_:]{1,64}$/, description: 2000 } as const;

/** Creates a role of the environment. @throws ScalekitError probably `conflict` when there is one of this name */
export async function createRole(client: ScalekitClient, role: NewRole): Promise<Role> {
  const json = await client.writeJson({ method: 'POST', path: ROLES_PATH, body: role });
  return tryEnvelope(json, 'role', readRole) ?? getRole(client, role.name, { fresh: true });
}

/** Creates a permission of the environment. @throws ScalekitError probably `conflict` when there is one of this name */
export async function createPermission(client: ScalekitClient, permission: NewPermission): Promise<Permission> {
  const json = await client.writeJson({ method: 'POST', path: PERMISSIONS_PATH, body: permission });
  return tryEnvelope(json, 'permission', readPermission) ?? getPermission(client, permission.name, { fresh: true });
}

/** What of a role can be changed (docs/scalekit-api.md, 2.7). An empty `extends` or list takes away what is there. */
export interface RoleChanges {
  readonly display_name?: string;
  readonly description?: string;
  readonly extends?: string;
  readonly permissions?: readonly string[];
}

/**
 * Changes a role. `PUT` is taken to leave alone what is not sent, and to replace all permissions by those that are. Neither is documented,
 * nor how it would say "none", so the last permissions and the base go by calls of their own.
 *
 * @throws ScalekitError, when some of it may be done already
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

/** Changes a permission; gives its JSON as it is afterwards, where the response holds it. @throws ScalekitError */
export async function updatePermission(
  client: ScalekitClient,
  name: string,
  changes: { readonly description?: string },
  current: JsonRecord,
): Promise<JsonRecord | undefined> {
  // The body is taken for a whole permission, in which a text left out is an empty one.
  const body = { name, description: readText(current['description']) ?? '', ...changes };
  const json = await client.writeJson({ method: 'PUT', path: permissionPath(name), body });
  return tryEnvelope(json, 'permission', readRecord);
}

/**
 * Deletes a role; `successor` takes its place for its users, and probably for the roles that extend it.
 *
 * @throws ScalekitError probably `invalid` when one is needed
 */
export async function deleteRole(client: ScalekitClient, name: string, successor?: string): Promise<void> {
  const query = successor === undefined ? '' : `?${new URLSearchParams({ reassign_role_name: successor }).toString()}`;
  await client.writeJson({ method: 'DELETE', path: `${rolePath(name)}${query}` });
}

/** Deletes a permission, which the roles that hold it probably lose. @throws ScalekitError */
export async function deletePermission(client: ScalekitClient, name: string): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: permissionPath(name) });
}

/** Sets which role people get who create an organization, or who join one; what is not named probably stays. @throws ScalekitError */
export async function setDefaultRole(client: ScalekitClient, who: 'creator' | 'member', name: string): Promise<void> {
  const body = who === 'creator' ? { default_creator_role: name } : { default_member_role: name };
  await client.writeJson({ method: 'PATCH', path: `${ROLES_PATH}:set_defaults`, body });
}

/** A removal of what is gone already has succeeded. */
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
