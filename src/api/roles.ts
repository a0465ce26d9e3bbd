import { isRecord, readText, readTime } from './json.js';
import { LARGEST_PAGE, readPage, type Page } from './page.js';
import type { ReadOptions, ScalekitClient } from './scalekitClient.js';

/** A role of the environment (api.md 2.7). Addressed by its name, not by its id. */
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
}

/** A permission of the environment (api.md 2.7). Addressed by its name. */
export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** One of Scalekit's own, which cannot be changed. */
  readonly isScalekitPermission: boolean;
  readonly createTime?: Date;
}

/** The environment's roles; Scalekit does not page this list. @throws ScalekitError */
export async function listRoles(client: ScalekitClient, options?: ReadOptions): Promise<Page<Role>> {
  return readPage(await client.getJson('/api/v1/roles', {}, options), 'roles', readRole);
}

/** One page of the environment's permissions, 100 at most. @throws ScalekitError */
export async function listPermissions(
  client: ScalekitClient,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Permission>> {
  const query = { page_size: LARGEST_PAGE, page_token: page.pageToken };
  return readPage(await client.getJson('/api/v1/permissions', query, options), 'permissions', readPermission);
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
