import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { MembershipStatus, RegionCode } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import {
  ConnectionProvider,
  ConnectionStatus,
  ConnectionType,
  type Connection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import {
  DirectoryProvider,
  DirectoryType,
  type Directory,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { DomainType, VerificationStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import type { Organization } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import type { User } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import type { StoredRole } from '../resources/roles';
import type { SandboxParts } from '../sandboxServer';
import type { OrganizationData, RoleData, SandboxData, UserData } from '../package/api';

type Models = SandboxParts['models'];

/**
 * What is in a sandbox now, field by field, so that nothing secret can be among it.
 *
 * @param faults undefined leaves them out
 */
export function exportData({
  models,
  faults,
}: {
  readonly models: Models;
  readonly faults: SandboxParts['faults'] | undefined;
}): SandboxData {
  const { organizations, users, roles, connections } = models;
  return withoutEmpty({
    organizations: [...organizations.all.after(-1)].map(([, organization]) =>
      exportedOrganization(organization, models),
    ),
    users: [...users.all.after(-1)].map(([, user]) => exportedUser(user, models)),
    roles: roles
      .all()
      .filter(({ organizationId }) => organizationId === undefined)
      .map(exportedRole),
    permissions: [...roles.permissions.values()]
      .filter(({ isScalekitPermission }) => !isScalekitPermission)
      .map(({ name, description }) => withoutEmpty({ name, description })),
    default_creator_role: roles.find(roles.defaultCreator)?.name,
    default_member_role: roles.find(roles.defaultMember)?.name,
    connections: [...connections.ofEnvironment.after(-1)].map(([, connection]) => ({
      ...commonConnection(connection),
      type: ConnectionType[connection.type] as NonNullable<SandboxData['connections']>[number]['type'],
      ...withoutEmpty({ provider_key: connection.providerKey }),
    })),
    faults: faults?.remaining(),
  });
}

function exportedOrganization(organization: Organization, models: Models): OrganizationData {
  const { organizations, domains, connections, directories, roles } = models;
  const { id } = organization;
  const own = roles.all().filter(({ organizationId }) => organizationId === id);
  const defaultMember = roles.defaultMemberOf(id);
  const { features } = organizations.settings(id);
  return withoutEmpty({
    id,
    display_name: organization.displayName,
    external_id: organization.externalId,
    slug: organization.slug,
    region_code: organization.regionCode === RegionCode.EU ? ('EU' as const) : ('US' as const),
    logo_url: organization.logoUrl,
    metadata: { ...organization.metadata },
    features: Object.fromEntries(features.map(({ name, enabled }) => [name, enabled])),
    create_time: isoTime(organization.createTime),
    domains: domains.all.of(id).map((domain) => ({
      id: domain.id,
      domain: domain.domain,
      verification_status: nameOf(VerificationStatus, domain.verificationStatus, 'PENDING'),
      domain_type: nameOf(DomainType, domain.domainType, 'ORGANIZATION_DOMAIN'),
    })),
    connections: connections.ofOrganizations.of(id).map((connection) => ({
      ...commonConnection(connection),
      type: connection.type === ConnectionType.OIDC ? ('OIDC' as const) : ('SAML' as const),
      domains: connections.row(connection).domains,
    })),
    directories: directories.all.of(id).map((directory) => exportedDirectory(directory, models)),
    roles: own.map(exportedRole),
    default_member_role: defaultMember === roles.defaultMember ? undefined : roles.find(defaultMember, id)?.name,
  });
}

function commonConnection(connection: Connection) {
  return {
    id: connection.id,
    provider: nameOf(ConnectionProvider, connection.provider, 'CUSTOM'),
    status: nameOf(ConnectionStatus, connection.status, 'DRAFT'),
    enabled: connection.enabled,
    ...withoutEmpty({ key_id: connection.keyId, ui_button_title: connection.uiButtonTitle }),
  };
}

function exportedDirectory(directory: Directory, { directories }: Models) {
  const { users, groups } = directories.contents.of(directory);
  return withoutEmpty({
    id: directory.id,
    name: directory.name,
    type: nameOf(DirectoryType, directory.directoryType, 'SCIM'),
    provider: DirectoryProvider[directory.directoryProvider],
    enabled: directory.enabled,
    status: directory.status as 'DRAFT' | 'IN_PROGRESS' | 'COMPLETED',
    groups: [...groups.values()].map(({ id, displayName }) => ({ id, display_name: displayName })),
    users: [...users.values()].map((user) =>
      withoutEmpty({
        id: user.id,
        email: user.email,
        preferred_username: user.preferredUsername === user.email ? undefined : user.preferredUsername,
        given_name: user.givenName,
        family_name: user.familyName,
        active: user.active,
        groups: user.groupIds.flatMap((id) => groups.get(id)?.displayName ?? []),
        attributes: { ...user.attributes },
      }),
    ),
  });
}

function exportedUser(user: User, { users, organizations }: Models): UserData {
  const profile = user.userProfile;
  return withoutEmpty({
    id: user.id,
    email: user.email,
    external_id: user.externalId,
    given_name: profile?.givenName,
    family_name: profile?.familyName,
    name: profile?.name,
    locale: profile?.locale,
    phone_number: profile?.phoneNumber,
    preferred_username: profile?.preferredUsername,
    picture: profile?.picture,
    email_verified: profile?.emailVerified ?? false,
    metadata: { ...user.metadata },
    custom_attributes: { ...profile?.customAttributes },
    create_time: isoTime(user.createTime),
    last_login_time: isoTime(user.lastLoginTime),
    memberships: user.memberships
      .filter(({ organizationId }) => organizations.all.get(organizationId) !== undefined)
      .map((membership) =>
        withoutEmpty({
          organization: membership.organizationId,
          roles: users.rolesOf(user, membership.organizationId).map(({ name }) => name),
          status: nameOf(MembershipStatus, membership.membershipStatus, 'ACTIVE'),
          metadata: { ...membership.metadata },
        }),
      ),
  });
}

function exportedRole({ id, name, displayName, description, base, permissions }: StoredRole): RoleData {
  return withoutEmpty({
    id,
    name,
    display_name: displayName,
    description,
    extends: base,
    permissions: [...permissions],
  });
}

/** The name of an enum's value, or another one for a value that a data file doesn't have. */
function nameOf<E extends Record<string, string | number>, K extends keyof E & string>(
  values: E,
  value: number,
  other: K,
): Exclude<keyof E & string, `${string}UNSPECIFIED`> {
  const name = values[value];
  return (typeof name === 'string' && !name.endsWith('UNSPECIFIED') ? name : other) as never;
}

function isoTime(time: Timestamp | undefined): string | undefined {
  return time === undefined ? undefined : timestampDate(time).toISOString();
}

/** Without the fields that say nothing: empty texts and objects. Lists stay, because an empty one isn't the same as none. */
function withoutEmpty<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) =>
        value !== undefined &&
        value !== '' &&
        !(
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value) &&
          Object.keys(value as object).length === 0
        ),
    ),
  ) as T;
}
