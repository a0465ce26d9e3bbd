import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  MembershipStatus,
  OrganizationMembershipSchema,
  RoleSchema,
  UserProfileSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import { RegionCode } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import {
  OrganizationSchema,
  type Organization,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { UserSchema, type User } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import type { Models } from '../resources/models';
import { timestampNow } from '../store/world';
import { fullName, type Person } from './person';

/** The user with a person's email. The first sign-in of a new one creates the user. */
export function userOf(person: Person, models: Models): { readonly user: User; readonly isNew: boolean } {
  const { users, organizations } = models;
  const known = users.findByEmail(person.email);
  if (known !== undefined) return { user: known, isNew: false };
  const now = timestampNow(organizations.world);
  const user = users.add((id) =>
    create(UserSchema, {
      id,
      environmentId: organizations.world.environmentId,
      createTime: now,
      updateTime: now,
      email: person.email,
      userProfile: create(UserProfileSchema, {
        id: `usp_${id.slice(4)}`,
        givenName: person.givenName,
        familyName: person.familyName,
        name: fullName(person),
        emailVerified: true,
        customAttributes: { ...person.attributes },
      }),
    }),
  );
  return { user, isNew: true };
}

/** Whether a user may enter an organization: as an active member, or by accepting an invitation that is still open. */
export function canEnter(user: User, organizationId: string): boolean {
  const status = statusIn(user, organizationId);
  return status === MembershipStatus.ACTIVE || status === MembershipStatus.PENDING_INVITE;
}

export function isMember(user: User, organizationId: string): boolean {
  return statusIn(user, organizationId) !== undefined;
}

/** The organizations that a user may enter. */
export function openOrganizations(user: User, { organizations }: Models): Organization[] {
  return user.memberships
    .filter(({ organizationId }) => canEnter(user, organizationId))
    .flatMap(({ organizationId }) => organizations.all.get(organizationId) ?? []);
}

/** Makes a user a member, as single sign-on does at the first time. */
export function join(user: User, organizationId: string, roles: readonly string[], models: Models): User {
  const now = timestampNow(models.organizations.world);
  return models.users.addMembership(
    user,
    create(OrganizationMembershipSchema, {
      organizationId,
      membershipStatus: MembershipStatus.ACTIVE,
      roles: roles.map((name) => create(RoleSchema, { name })),
      createdAt: now,
      joinTime: now,
      acceptedAt: now,
      provisioningMethod: 'jit',
    }),
  );
}

/** The organization of somebody who signs up without one. Its name is the domain of their email. */
export function foundOrganization(person: Person, { organizations }: Models): Organization {
  const now = timestampNow(organizations.world);
  return organizations.save(undefined, (id) =>
    create(OrganizationSchema, {
      id,
      createTime: now,
      updateTime: now,
      displayName: person.email.slice(person.email.indexOf('@') + 1),
      regionCode: RegionCode.US,
    }),
  );
}

/** Notes a sign-in: it accepts an open invitation, proves the email, and is the last login. */
export function noteLogin(user: User, organizationId: string, { users, organizations }: Models): User {
  const now = organizations.world.now();
  const accepts = statusIn(user, organizationId) === MembershipStatus.PENDING_INVITE;
  const changed = users.set({
    ...user,
    lastLoginTime: timestampFromMs(now),
    userProfile: { ...(user.userProfile ?? create(UserProfileSchema)), emailVerified: true },
    memberships: user.memberships.map((membership) =>
      membership.organizationId === organizationId && membership.membershipStatus === MembershipStatus.PENDING_INVITE
        ? {
            ...membership,
            membershipStatus: MembershipStatus.ACTIVE,
            joinTime: timestampFromMs(now),
            acceptedAt: timestampFromMs(now),
          }
        : membership,
    ),
  });
  if (accepts) users.tell('organization_membership_updated', changed, organizationId);
  return changed;
}

function statusIn(user: User, organizationId: string): MembershipStatus | undefined {
  return user.memberships.find((membership) => membership.organizationId === organizationId)?.membershipStatus;
}
