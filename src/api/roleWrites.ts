import { isRecord, readCount, type JsonRecord } from './json';
import { pagesFrom, type PageItem } from './page';
import {
  getPermission,
  getRole,
  listPermissions,
  listRoles,
  PERMISSIONS_PATH,
  readPermission,
  readRole,
  ROLES_PATH,
  showsPermissions,
  showsRoles,
  type Permission,
  type Role,
} from './roles';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';

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

/** How names look, and how many characters and permissions there may be (messages of scalekit.v1.roles: CreateRole, CreatePermission). */
export const ROLE_LIMITS = {
  name: /^[a-zA-Z0-9_]{1,64}$/,
  displayName: 100,
  description: 2000,
  permissions: 100,
} as const;
export const PERMISSION_LIMITS = { name: /^[a-zA-Z0-9_:]{1,64}$/, description: 2000 } as const;

/** Makes a role of the environment. @throws ScalekitError `conflict` when there is one of this name */
export async function createRole(client: ScalekitClient, role: NewRole): Promise<Role> {
  const json = await client.writeJson({ method: 'POST', path: ROLES_PATH, body: role, changes: showsRoles });
  return readRole(inResponse(json, 'role')) ?? getRole(client, role.name, { fresh: true });
}

/** Makes a permission of the environment. @throws ScalekitError `conflict` when there is one of this name */
export async function createPermission(client: ScalekitClient, permission: NewPermission): Promise<Permission> {
  const json = await client.writeJson({
    method: 'POST',
    path: PERMISSIONS_PATH,
    body: permission,
    changes: showsPermissions,
  });
  return readPermission(inResponse(json, 'permission')) ?? getPermission(client, permission.name, { fresh: true });
}

/** How many users have a role, in all organizations; undefined when the answer does not say. @throws ScalekitError */
export async function countRoleUsers(client: ScalekitClient, name: string): Promise<number | undefined> {
  const json = await client.getJson(`${ROLES_PATH}/${pathSegment(name)}/users:count`, {}, { fresh: true });
  return isRecord(json) ? readCount(json['count']) : undefined;
}

/** Deletes a role; `successor` takes its place for its users and for the roles that extend it. @throws ScalekitError `invalid` when one is needed */
export async function deleteRole(client: ScalekitClient, name: string, successor?: string): Promise<void> {
  const query = successor === undefined ? '' : `?${new URLSearchParams({ reassign_role_name: successor }).toString()}`;
  await client.writeJson({ method: 'DELETE', path: `${ROLES_PATH}/${pathSegment(name)}${query}`, changes: showsRoles });
}

/** Deletes a permission, which the roles that hold it lose. @throws ScalekitError */
export async function deletePermission(client: ScalekitClient, name: string): Promise<void> {
  await client.writeJson({
    method: 'DELETE',
    path: `${PERMISSIONS_PATH}/${pathSegment(name)}`,
    changes: showsPermissions,
  });
}

/** Sets which role people get who create an organization, or who join one; what is not named stays. @throws ScalekitError */
export async function setDefaultRole(client: ScalekitClient, who: 'creator' | 'member', name: string): Promise<void> {
  const body = who === 'creator' ? { default_creator_role: name } : { default_member_role: name };
  await client.writeJson({ method: 'PATCH', path: `${ROLES_PATH}:set_defaults`, body, changes: showsRoles });
}

/** All roles that can be read. @throws ScalekitError */
export async function allRoles(client: ScalekitClient, options?: ReadOptions): Promise<Role[]> {
  return recordsOf((await listRoles(client, options)).items);
}

/** All permissions that can be read, of all pages. @throws ScalekitError */
export async function allPermissions(client: ScalekitClient, options?: ReadOptions): Promise<Permission[]> {
  const found: Permission[] = [];
  for await (const { items } of pagesFrom((pageToken) => listPermissions(client, { pageToken }, options)))
    found.push(...recordsOf(items));
  return found;
}

/** The roles that hold a permission of their own, not from a role that they extend. @throws ScalekitError */
export async function rolesWithPermission(client: ScalekitClient, permission: string): Promise<Role[]> {
  return recordsOf((await listRoles(client, { fresh: true, include: 'permissions' })).items).filter(({ permissions }) =>
    permissions.includes(permission),
  );
}

function recordsOf<T>(items: readonly PageItem<T>[]): T[] {
  return items.flatMap((item) => ('record' in item ? [item.record] : []));
}

function inResponse(json: unknown, field: string): JsonRecord | undefined {
  const record = isRecord(json) ? json[field] : undefined;
  return isRecord(record) ? record : undefined;
}
