import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { JWTPayload } from 'jose';
import type { Models } from '../resources/models';
import type { Grant, Subject } from './grants';
import { fullName } from './person';

/** Claims that an attribute of an identity provider can't replace. */
const RESERVED = new Set(
  (
    'iss sub aud exp iat nbf jti azp client_id amr acr auth_time nonce at_hash c_hash s_hash oid sid xoid xuid roles ' +
    'permissions scope scopes custom_claims email email_verified name given_name family_name preferred_username'
  ).split(' '),
);

/** The subject of a grant's tokens. */
export function subjectOf(subject: Subject): string {
  return subject.mode === 'full-stack' ? subject.userId : `${subject.connectionId};${subject.person.email}`;
}

/**
 * What the ID token and `/userinfo` say about a person (docs/scalekit-api.md, 4.6). Undefined if there's no such user any more.
 * `updated_at` and `metadata` are texts, because the Go SDK reads nothing else.
 */
export function personClaims(subject: Subject, scopes: readonly string[], { users }: Models): JWTPayload | undefined {
  if (subject.mode === 'modular-sso') {
    const { email, givenName, familyName, attributes } = subject.person;
    return withoutEmpty({
      ...Object.fromEntries(Object.entries(attributes).filter(([name]) => !RESERVED.has(name))),
      email,
      email_verified: true,
      name: fullName(subject.person),
      given_name: givenName,
      family_name: familyName,
      preferred_username: email,
    });
  }
  const user = users.all.get(subject.userId);
  if (user === undefined) return undefined;
  const profile = user.userProfile;
  return withoutEmpty({
    ...(scopes.includes('email') ? { email: user.email, email_verified: profile?.emailVerified ?? false } : {}),
    ...(scopes.includes('phone')
      ? { phone_number: profile?.phoneNumber, phone_number_verified: profile?.phoneNumber ? false : undefined }
      : {}),
    ...(scopes.includes('profile')
      ? {
          name: profile?.name,
          given_name: profile?.givenName,
          family_name: profile?.familyName,
          preferred_username: profile?.preferredUsername,
          picture: profile?.picture,
          gender: profile?.gender,
          locale: profile?.locale,
          updated_at: user.updateTime === undefined ? undefined : timestampDate(user.updateTime).toISOString(),
          metadata: Object.keys(user.metadata).length === 0 ? undefined : JSON.stringify(user.metadata),
        }
      : {}),
  });
}

/** What both tokens say about where a person signed in. */
export function placeClaims({ subject }: Grant, { users, organizations }: Models): JWTPayload {
  if (subject.mode === 'modular-sso') return withoutEmpty({ oid: subject.organizationId, sid: subject.sessionId });
  return withoutEmpty({
    oid: subject.organizationId,
    sid: subject.sessionId,
    xoid: organizations.all.get(subject.organizationId)?.externalId,
    xuid: users.all.get(subject.userId)?.externalId,
  });
}

/** What an access token says about a user's rights in the organization. */
export function rightsClaims({ subject }: Grant, { users, roles }: Models): JWTPayload {
  const user = subject.mode === 'full-stack' ? users.all.get(subject.userId) : undefined;
  if (user === undefined || subject.organizationId === undefined) return {};
  if (!user.memberships.some(({ organizationId }) => organizationId === subject.organizationId)) return {};
  const held = users.rolesOf(user, subject.organizationId);
  return {
    roles: held.map(({ name }) => name),
    permissions: [...new Set(held.flatMap((role) => roles.effective(role)))],
  };
}

function withoutEmpty(claims: Readonly<Record<string, unknown>>): JWTPayload {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined && value !== ''));
}
