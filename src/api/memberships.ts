import { isRecord, readTime } from './json';
import { isSearchable, LARGEST_SEARCH_PAGE, searchQuery } from './organizations';
import { readPage } from './page';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';
import { organizationUsersPath, readUser, type User } from './users';

/** How long an email address may be, in characters (messages.txt, `inviter_email`). */
export const LONGEST_EMAIL = 254;

/** What a membership is addressed by. */
export interface MembershipReference {
  readonly organizationId: string;
  readonly userId: string;
}

/** What a new membership begins with. Without roles the organization's default role is given. */
export interface NewMembership {
  readonly roles: readonly string[];
  readonly sendInvitationEmail: boolean;
}

/** One user as they are now. @throws ScalekitError */
export async function getUser(client: ScalekitClient, id: string, options?: ReadOptions): Promise<User> {
  return client.read(`/api/v1/users/${pathSegment(id)}`, {}, readResponse, options);
}

/**
 * Makes a user and their membership in an organization (docs/scalekit-api.md, 2.6).
 *
 * @throws ScalekitError `conflict` when the environment has a user with this address
 */
export async function createUser(
  client: ScalekitClient,
  organizationId: string,
  email: string,
  membership: NewMembership,
): Promise<User> {
  const path = `${organizationUsersPath(organizationId)}?${invitationQuery(membership)}`;
  return readResponse(
    await client.writeJson({
      method: 'POST',
      path,
      body: { email, membership: membershipBody(membership.roles) },
      changes: showsUsers,
    }),
  );
}

/** Makes a user of the environment a member of an organization too. @throws ScalekitError `conflict` when they are one */
export async function createMembership(
  client: ScalekitClient,
  which: MembershipReference,
  membership: NewMembership,
): Promise<User> {
  const path = `${membershipPath(which)}?${invitationQuery(membership)}`;
  return readResponse(
    await client.writeJson({ method: 'POST', path, body: membershipBody(membership.roles), changes: showsUsers }),
  );
}

/** Gives a member these roles instead of those that they have. None is no choice: an empty list changes nothing. @throws ScalekitError */
export async function setMembershipRoles(
  client: ScalekitClient,
  which: MembershipReference,
  roles: readonly string[],
): Promise<User> {
  return readResponse(
    await client.writeJson({
      method: 'PATCH',
      path: membershipPath(which),
      body: membershipBody(roles),
      changes: showsUsers,
    }),
  );
}

/** Ends a membership. The user stays in the environment: taking them away with it would need `cascade`, which is a preview (endpoints.md). @throws ScalekitError */
export async function deleteMembership(client: ScalekitClient, which: MembershipReference): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: membershipPath(which), changes: showsUsers });
}

/** Sends an invite again, or a new one in place of one that has expired; gives until when it is good. @throws ScalekitError `invalid` when it was accepted */
export async function resendInvite(
  client: ScalekitClient,
  { organizationId, userId }: MembershipReference,
): Promise<Date | undefined> {
  const path = `/api/v1/invites/organizations/${pathSegment(organizationId)}/users/${pathSegment(userId)}/resend`;
  const json = await client.writeJson({ method: 'PATCH', path, body: {}, changes: showsUsers });
  return isRecord(json) && isRecord(json['invite']) ? readTime(json['invite']['expires_at']) : undefined;
}

/** The user with an email address, in an organization or in the whole environment; undefined when the search finds none. @throws ScalekitError */
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
  const page = await client.read(path, query, (json) => readPage(json, 'users', readUser), { fresh: true });
  return page.items.flatMap((item) => ('record' in item && isEmail(item.record, email) ? [item.record] : []))[0];
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

function readResponse(json: unknown): User {
  const user = readUser(isRecord(json) ? json['user'] : undefined);
  if (user === undefined) throw new ScalekitError('protocol', { server: 'api', reason: 'noUser', maybeReceived: true });
  return user;
}

/** Whether an answer holds users. A user is in the answers of each of their organizations. */
function showsUsers(target: string): boolean {
  return /^\/api\/v1\/(organizations\/[^/?]+\/)?users\b/.test(target);
}

function membershipPath({ organizationId, userId }: MembershipReference): string {
  return `/api/v1/memberships/organizations/${pathSegment(organizationId)}/users/${pathSegment(userId)}`;
}
