import { isRecord, readArray, readText, readTextMap, readTime } from './json';
import { LARGEST_SEARCH_PAGE } from './organizations';
import { LARGEST_PAGE, readPage, type Page } from './page';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';

/** A person who signs in (docs/scalekit-api.md, 2.6). */
export interface User {
  readonly id: string;
  readonly email?: string;
  readonly name?: string;
  readonly externalId?: string;
  readonly memberships: readonly Membership[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly createTime?: Date;
  readonly lastLoginTime?: Date;
}

export interface Membership {
  readonly organizationId: string;
  /** `ACTIVE`, `INACTIVE`, `PENDING_INVITE` or `INVITE_EXPIRED`. */
  readonly status?: string;
  readonly roles: readonly MembershipRole[];
  readonly expireTime?: Date;
}

/** A role as a membership names it. */
export interface MembershipRole {
  readonly name: string;
  readonly displayName?: string;
}

/** One page of an organization's users, 100 at most. @throws ScalekitError */
export async function listOrganizationUsers(
  client: ScalekitClient,
  organizationId: string,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<User>> {
  const path = organizationUsersPath(organizationId);
  return client.read(
    path,
    { page_size: LARGEST_PAGE, page_token: page.pageToken },
    (json) => readPage(json, 'users', readUser),
    options,
  );
}

export function organizationUsersPath(organizationId: string): string {
  return `/api/v1/organizations/${pathSegment(organizationId)}/users`;
}

/** One page of an organization's users that match a text of 3 to 100 characters, 30 at most. @throws ScalekitError */
export async function searchOrganizationUsers(
  client: ScalekitClient,
  organizationId: string,
  search: { readonly query: string; readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<User>> {
  const path = `/api/v1/organizations/${pathSegment(organizationId)}/users:search`;
  const query = { query: search.query, page_size: LARGEST_SEARCH_PAGE, page_token: search.pageToken };
  return client.read(path, query, (json) => readPage(json, 'users', readUser), options);
}

export function readUser(value: unknown): User | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  const profile = isRecord(value['user_profile']) ? value['user_profile'] : {};
  const parts = [readText(profile['given_name']), readText(profile['family_name'])]
    .filter((part) => part !== undefined)
    .join(' ');
  return {
    id,
    email: readText(value['email']),
    name: readText(profile['name']) ?? (parts === '' ? undefined : parts),
    externalId: readText(value['external_id']),
    memberships: readArray(value['memberships'])
      .map(readMembership)
      .filter((membership) => membership !== undefined),
    metadata: readTextMap(value['metadata']),
    createTime: readTime(value['create_time']),
    lastLoginTime: readTime(value['last_login_time']),
  };
}

function readMembership(value: unknown): Membership | undefined {
  if (!isRecord(value)) return undefined;
  const organizationId = readText(value['organization_id']);
  if (organizationId === undefined) return undefined;
  return {
    organizationId,
    status: readText(value['membership_status']),
    roles: readArray(value['roles'])
      .map(readRole)
      .filter((role) => role !== undefined),
    expireTime: readTime(value['expires_at']),
  };
}

function readRole(value: unknown): MembershipRole | undefined {
  if (!isRecord(value)) return undefined;
  const displayName = readText(value['display_name']);
  const name = readText(value['name']) ?? displayName;
  return name === undefined ? undefined : { name, displayName };
}
