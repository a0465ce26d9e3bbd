import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { envelope, tryEnvelope } from './envelope';
import { isRecord, readArray, readRecord, readText, readTextMap, readTime } from './json';
import { isSearchable, LARGEST_SEARCH_PAGE, searchQuery } from './organizations';
import { PAGE_SIZE, readPage, records, type Page } from './page';

/** A user who signs in (docs/scalekit-api.md, 2.6). */
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

export interface MembershipReference {
  readonly organizationId: string;
  readonly userId: string;
}

/** The fields of a new membership. Without roles, the user probably gets the organization's default role (a guess). */
export interface NewMembership {
  readonly roles: readonly string[];
  readonly sendInvitationEmail: boolean;
}

/**
 * The longest email address, in characters. This is the limit of `inviter_email`; `email` has none
 * (docs/scalekit-api.md, 2.6).
 */
export const LONGEST_EMAIL = 254;

/** One page of an organization's users, at most 100. @throws ScalekitError */
export async function listOrganizationUsers(
  client: ScalekitClient,
  organizationId: string,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<User>> {
  const path = organizationUsersPath(organizationId);
  return client.read(path, { page_size: PAGE_SIZE, page_token: page.pageToken }, readUsers, options);
}

/** One page of an organization's users that match a text of 3 to 100 characters, at most 30. @throws ScalekitError */
export async function searchOrganizationUsers(
  client: ScalekitClient,
  organizationId: string,
  search: { readonly query: string; readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<User>> {
  const path = `${organizationUsersPath(organizationId)}:search`;
  const query = { query: search.query, page_size: LARGEST_SEARCH_PAGE, page_token: search.pageToken };
  return client.read(path, query, readUsers, options);
}

/** One user in its current state. @throws ScalekitError */
export async function getUser(client: ScalekitClient, id: string, options?: ReadOptions): Promise<User> {
  return client.read(`/api/v1/users/${pathSegment(id)}`, {}, readEnvelope, options);
}

/**
 * The user with an email address, in an organization or in the whole environment. Undefined if the search finds none.
 *
 * @throws ScalekitError
 */
export async function findUserByEmail(
  client: ScalekitClient,
  email: string,
  organizationId?: string,
): Promise<User | undefined> {
  const text = searchQuery(email);
  if (!isSearchable(text)) return undefined;
  const path =
    organizationId === undefined ? '/api/v1/users:search' : `${organizationUsersPath(organizationId)}:search`;
  const query = { query: text, page_size: LARGEST_SEARCH_PAGE };
  const page = await client.read(path, query, readUsers, { fresh: true });
  return records(page).find((user) => isEmail(user, email));
}

/**
 * Creates a user and their membership in an organization (docs/scalekit-api.md, 2.6).
 *
 * @throws ScalekitError probably `conflict` if the environment has a user with this address
 */
export async function createUser(
  client: ScalekitClient,
  organizationId: string,
  email: string,
  membership: NewMembership,
): Promise<User> {
  const path = `${organizationUsersPath(organizationId)}?${invitationQuery(membership)}`;
  const body = { email, membership: membershipBody(membership.roles) };
  return readEnvelope(await client.writeJson({ method: 'POST', path, body }));
}

/**
 * Adds a user of the environment to an organization.
 *
 * @throws ScalekitError probably `conflict` if they're already a member
 */
export async function createMembership(
  client: ScalekitClient,
  which: MembershipReference,
  membership: NewMembership,
): Promise<User> {
  const path = `${membershipPath(which)}?${invitationQuery(membership)}`;
  return readEnvelope(await client.writeJson({ method: 'POST', path, body: membershipBody(membership.roles) }));
}

/** Replaces a member's roles. Don't pass an empty list: its effect isn't documented. @throws ScalekitError */
export async function setMembershipRoles(
  client: ScalekitClient,
  which: MembershipReference,
  roles: readonly string[],
): Promise<User> {
  const path = membershipPath(which);
  return readEnvelope(await client.writeJson({ method: 'PATCH', path, body: membershipBody(roles) }));
}

/**
 * Ends a membership. The user probably stays in the environment: `cascade`, which would delete them too, is a preview
 * and not sent (docs/scalekit-api.md, 2.6).
 *
 * @throws ScalekitError
 */
export async function deleteMembership(client: ScalekitClient, which: MembershipReference): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: membershipPath(which) });
}

/**
 * Sends an invite again, or a new one if it has expired. Returns when it expires.
 *
 * @throws ScalekitError probably `invalid` if it was accepted
 */
export async function resendInvite(
  client: ScalekitClient,
  { organizationId, userId }: MembershipReference,
): Promise<Date | undefined> {
  const path = `/api/v1/invites/organizations/${pathSegment(organizationId)}/users/${pathSegment(userId)}/resend`;
  const json = await client.writeJson({ method: 'PATCH', path, body: {} });
  return readTime(tryEnvelope(json, 'invite', readRecord)?.['expires_at']);
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
      .map(readMembershipRole)
      .filter((role) => role !== undefined),
    expireTime: readTime(value['expires_at']),
  };
}

function readMembershipRole(value: unknown): MembershipRole | undefined {
  if (!isRecord(value)) return undefined;
  const displayName = readText(value['display_name']);
  const name = readText(value['name']) ?? displayName;
  return name === undefined ? undefined : { name, displayName };
}

function readUsers(json: unknown): Page<User> {
  return readPage(json, 'users', readUser);
}

function readEnvelope(json: unknown): User {
  return envelope(json, 'user', readUser);
}

function isEmail(user: User, email: string): boolean {
  return user.email?.toLowerCase() === email.toLowerCase();
}

function invitationQuery({ sendInvitationEmail }: NewMembership): string {
  return `send_invitation_email=${String(sendInvitationEmail)}`;
}

function membershipBody(roles: readonly string[]): { readonly roles: readonly { readonly name: string }[] } {
  return { roles: roles.map((name) => ({ name })) };
}

function organizationUsersPath(organizationId: string): string {
  return `/api/v1/organizations/${pathSegment(organizationId)}/users`;
}

function membershipPath({ organizationId, userId }: MembershipReference): string {
  return `/api/v1/memberships/organizations/${pathSegment(organizationId)}/users/${pathSegment(userId)}`;
}
