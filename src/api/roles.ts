import { isRecord, readArray, readCount, readText, readTime, type JsonRecord } from './json';
import { LARGEST_PAGE, readPage, type Page } from './page';
import { ScalekitError } from './client/scalekitError';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';

export const ROLES_PATH = '/api/v1/roles';
export const PERMISSIONS_PATH = '/api/v1/permissions';

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
  /** It belongs to one organization alone: lists hold it, but nothing can be done with it from here. */
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
  return client.read(ROLES_PATH, { include: options.include }, (json) => readPage(json, 'roles', readRole), options);
}

/** The roles that members of an organization can have: the environment's and its own; Scalekit does not page this list. @throws ScalekitError */
export async function listOrganizationRoles(
  client: ScalekitClient,
  organizationId: string,
  options?: ReadOptions,
): Promise<Page<Role>> {
  return client.read(
    `/api/v1/organizations/${pathSegment(organizationId)}/roles`,
    {},
    (json) => readPage(json, 'roles', readRole),
    options,
  );
}

/** One page of the environment's permissions, 100 at most. @throws ScalekitError */
export async function listPermissions(
  client: ScalekitClient,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Permission>> {
  const query = { page_size: LARGEST_PAGE, page_token: page.pageToken };
  return client.read(PERMISSIONS_PATH, query, (json) => readPage(json, 'permissions', readPermission), options);
}

/** One role. @throws ScalekitError */
export async function getRole(client: ScalekitClient, name: string, options?: ReadOptions): Promise<Role> {
  return client.read(`${ROLES_PATH}/${pathSegment(name)}`, {}, (json) => readOne(json, 'role', readRole), options);
}

/** One permission. @throws ScalekitError */
export async function getPermission(client: ScalekitClient, name: string, options?: ReadOptions): Promise<Permission> {
  return client.read(
    `${PERMISSIONS_PATH}/${pathSegment(name)}`,
    {},
    (json) => readOne(json, 'permission', readPermission),
    options,
  );
}

function readOne<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): T {
  const record = isRecord(json) ? read(json[field]) : undefined;
  if (record === undefined)
    throw new ScalekitError('protocol', { server: 'api', reason: 'noResource', maybeReceived: true });
  return record;
}

/** What of a role can be changed (openapi.json, v1rolesUpdateRole). An empty `extends` or list takes away what is there. */
export interface RoleChanges {
  readonly display_name?: string;
  readonly description?: string;
  readonly extends?: string;
  readonly permissions?: readonly string[];
}

/**
 * Changes a role. `PUT` leaves alone what is not sent, and replaces all permissions by those that are; it has no way to say "none", so the
 * last permissions and the base go by calls of their own.
 *
 * @throws ScalekitError, when some of it may be done already
 */
export async function updateRole(
  client: ScalekitClient,
  name: string,
  changes: RoleChanges,
  current: JsonRecord,
): Promise<undefined> {
  const path = `${ROLES_PATH}/${pathSegment(name)}`;
  const { extends: base, permissions, ...texts } = changes;
  const body = {
    ...texts,
    ...(base ? { extends: base } : {}),
    ...(permissions !== undefined && permissions.length > 0 ? { permissions } : {}),
  };
  if (Object.keys(body).length > 0) await client.writeJson({ method: 'PUT', path, body, changes: showsRoles });
  if (base === '') await ifThere(client.writeJson({ method: 'DELETE', path: `${path}/base`, changes: showsRoles }));
  if (permissions?.length === 0) {
    for (const permission of readArray(current['permissions']).flatMap((each) => readText(each) ?? [])) {
      await ifThere(
        client.writeJson({
          method: 'DELETE',
          path: `${path}/permissions/${pathSegment(permission)}`,
          changes: showsRoles,
        }),
      );
    }
  }
}

/** Changes a permission; gives its JSON as it is afterwards, where the answer holds it. @throws ScalekitError */
export async function updatePermission(
  client: ScalekitClient,
  name: string,
  changes: { readonly description?: string },
  current: JsonRecord,
): Promise<JsonRecord | undefined> {
  // The body is a whole permission, in which a text left out is an empty one.
  const body = { name, description: readText(current['description']) ?? '', ...changes };
  const json = await client.writeJson({
    method: 'PUT',
    path: `${PERMISSIONS_PATH}/${pathSegment(name)}`,
    body,
    changes: showsPermissions,
  });
  const permission = isRecord(json) ? json['permission'] : undefined;
  return isRecord(permission) ? permission : undefined;
}

/** A removal of what is gone already has succeeded. */
async function ifThere(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof ScalekitError && error.kind === 'notFound')) throw error;
  }
}

/** Whether an answer holds roles: a change of one shows in others too, which extend it. */
export function showsRoles(target: string): boolean {
  return target.startsWith(ROLES_PATH) || /^\/api\/v1\/organizations\/[^/]+\/(roles|users)\b/.test(target);
}

/** Whether an answer holds permissions, which roles' answers do too. */
export function showsPermissions(target: string): boolean {
  return target.startsWith(PERMISSIONS_PATH) || showsRoles(target);
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
