import { create } from '@bufbuild/protobuf';
import { timestampFromDate, timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  MembershipStatus,
  OrganizationMembershipSchema,
  RegionCode,
  RoleSchema,
  UserProfileSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import {
  ConnectionProvider,
  ConnectionSchema,
  ConnectionStatus,
  ConnectionType,
  type Connection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import {
  DirectoryProvider,
  DirectorySchema,
  DirectoryStatus,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import {
  DomainSchema,
  DomainType,
  VerificationMethod,
  VerificationStatus,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import { OrganizationSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { PermissionSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import { UserSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import { optional } from '../protocol/optional';
import { randomDigits, randomSecret } from '../random';
import { sampleSettings } from '../resources/connections';
import type { ProvidedGroup } from '../resources/directoryContents';
import type { SandboxParts } from '../sandboxServer';
import { fullName } from '../signIn/person';
import type {
  ConnectionData,
  DirectoryData,
  DomainData,
  EnvironmentConnectionData,
  MembershipData,
  OrganizationData,
  RoleData,
  SandboxData,
  UserData,
} from '../package/api';

const DAY_MS = 86_400_000;

/** Puts checked data into a sandbox that has no sample organizations. Sends no events. */
export function loadData({ models, faults, now }: SandboxParts, data: SandboxData): void {
  const { organizations = [], users = [] } = data;
  reserveIds({ models }, data);
  loadRoles({ models, now }, data);
  if (data.connections !== undefined) {
    for (const [, { id }] of [...models.connections.ofEnvironment.after(-1)])
      models.connections.ofEnvironment.delete(id);
    for (const connection of data.connections) loadEnvironmentConnection({ models, now }, connection);
  }
  const ids = new Map<string, string>();
  for (const organization of organizations) {
    const id = loadOrganization({ models, now }, organization);
    // An ID goes before an external ID that looks like one.
    if (organization.external_id !== undefined && !ids.has(organization.external_id))
      ids.set(organization.external_id, id);
    ids.set(id, id);
  }
  for (const user of users) loadUser({ models, now }, user, ids);
  for (const fault of data.faults ?? []) faults.add(fault);
}

type Target = Pick<SandboxParts, 'models' | 'now'>;

function reserveIds({ models }: Pick<SandboxParts, 'models'>, { organizations = [], ...data }: SandboxData): void {
  const given = (list: readonly { readonly id?: string | undefined }[] = []) => list.flatMap(({ id }) => id ?? []);
  models.organizations.all.reserve(given(organizations));
  models.users.all.reserve(given(data.users));
  models.connections.ofEnvironment.reserve(given(data.connections));
  models.roles.reserve(given(data.roles));
  for (const organization of organizations) {
    models.domains.all.reserve(given(organization.domains));
    models.connections.ofOrganizations.reserve(given(organization.connections));
    models.directories.all.reserve(given(organization.directories));
    models.roles.reserve(given(organization.roles));
  }
}

function loadRoles({ models: { roles }, now }: Target, data: SandboxData): void {
  if (data.roles !== undefined) for (const role of [...roles.all()]) roles.remove(role);
  if (data.permissions !== undefined) loadPermissions({ models: { roles }, now }, data.permissions);
  for (const role of data.roles ?? []) loadRole({ models: { roles } }, role, undefined);
  const [first] = roles.all();
  const fitting = (name: string) => (roles.find(name) === undefined ? (first?.name ?? name) : name);
  roles.defaultCreator = data.default_creator_role ?? fitting('admin');
  roles.defaultMember = data.default_member_role ?? fitting('member');
}

function loadPermissions(
  { models: { roles }, now }: Pick<Target, 'now'> & { readonly models: Pick<Target['models'], 'roles'> },
  data: NonNullable<SandboxData['permissions']>,
): void {
  const before = new Map(roles.permissions);
  roles.permissions.clear();
  for (const { name, description = '' } of data) {
    const time = timestampFromMs(now());
    const id = before.get(name)?.id ?? roles.nextPermissionId();
    roles.permissions.set(
      name,
      create(PermissionSchema, { id, name, description, createTime: time, updateTime: time }),
    );
  }
  for (const [name, permission] of before) if (permission.isScalekitPermission) roles.permissions.set(name, permission);
}

function loadRole(
  { models: { roles } }: { readonly models: Pick<Target['models'], 'roles'> },
  { id, name, display_name: displayName = name, description = '', extends: base, permissions = [] }: RoleData,
  organizationId: string | undefined,
): void {
  roles.add({ id, name, displayName, description, base, permissions: [...new Set(permissions)], organizationId });
}

function loadOrganization(target: Target, data: OrganizationData): string {
  const { models, now } = target;
  const { organizations, roles } = models;
  const created =
    data.create_time === undefined ? timestampFromMs(now()) : timestampFromDate(new Date(data.create_time));
  const { id } = organizations.save(
    undefined,
    (made) =>
      create(OrganizationSchema, {
        id: made,
        createTime: created,
        updateTime: created,
        displayName: data.display_name,
        regionCode: RegionCode[data.region_code ?? 'US'],
        metadata: { ...data.metadata },
        ...optional('externalId', data.external_id),
        ...optional('slug', data.slug),
        ...optional('logoUrl', data.logo_url),
      }),
    data.id,
  );
  for (const [name, enabled] of Object.entries(data.features ?? {}))
    organizations.changeFeature(id, name, enabled === true);
  for (const domain of data.domains ?? []) loadDomain(target, id, domain);
  for (const connection of data.connections ?? []) loadConnection(target, id, connection);
  for (const directory of data.directories ?? []) loadDirectory(target, id, directory);
  for (const role of data.roles ?? []) loadRole(target, role, id);
  if (data.default_member_role !== undefined) roles.setDefaultMemberOf(id, data.default_member_role);
  return id;
}

function loadDomain({ models, now }: Target, organizationId: string, data: DomainData): void {
  const time = timestampFromMs(now());
  const status = data.verification_status ?? 'VERIFIED';
  models.domains.add(
    (id) =>
      create(DomainSchema, {
        id,
        domain: data.domain,
        environmentId: models.organizations.world.environmentId,
        organizationId,
        txtRecordKey: `_scalekit-challenge-${id.slice(-6)}`,
        txtRecordSecret: `scalekit-verification=${randomSecret().slice(0, 24)}`,
        verificationStatus: VerificationStatus[status],
        createTime: time,
        updateTime: time,
        domainType: DomainType[data.domain_type ?? 'ORGANIZATION_DOMAIN'],
        verificationMethod: status === 'AUTO_VERIFIED' ? VerificationMethod.ADMIN : VerificationMethod.DNS,
      }),
    data.id,
  );
}

function commonConnection(id: string, data: ConnectionData | EnvironmentConnectionData, now: () => number) {
  const time = timestampFromMs(now());
  const { status = 'COMPLETED', enabled = status === 'COMPLETED' } = data;
  return {
    id,
    type: ConnectionType[data.type ?? 'SAML'],
    provider: ConnectionProvider[(data.provider ?? 'CUSTOM') as keyof typeof ConnectionProvider],
    status: ConnectionStatus[status],
    enabled,
    uiButtonTitle: data.ui_button_title ?? '',
    createTime: time,
    updateTime: time,
    ...optional('keyId', data.key_id),
  };
}

function loadConnection({ models, now }: Target, organizationId: string, data: ConnectionData): void {
  const { connections, domains, organizations } = models;
  const { world } = organizations;
  const own = domains.all.of(organizationId);
  const slug = own[0]?.domain.split('.')[0] ?? 'idp';
  const { id } = connections.ofOrganizations.add((made) => {
    const common = commonConnection(made, data, now);
    return create(ConnectionSchema, {
      ...common,
      organizationId,
      testConnectionUri: `${world.url()}/sso/v1/test/${made}`,
      attributeMapping: { email: 'email', given_name: 'firstName', family_name: 'lastName' },
      settings: common.status === ConnectionStatus.DRAFT ? { case: undefined } : sampleSettings(world, common, slug),
    }) as Connection & { organizationId: string };
  }, data.id);
  if (data.domains !== undefined)
    connections.assignDomains(
      id,
      own.filter(({ domain }) => data.domains?.includes(domain)).map((domain) => domain.id),
    );
}

function loadEnvironmentConnection({ models, now }: Target, data: EnvironmentConnectionData): void {
  models.connections.ofEnvironment.add(
    (id) =>
      create(ConnectionSchema, {
        ...commonConnection(id, data, now),
        providerKey: data.provider_key ?? '',
        settings:
          data.type === 'OAUTH'
            ? { case: 'oauthConfig', value: { scopes: ['email', 'profile'], usePlatformCreds: true } }
            : data.type === 'PASSWORDLESS'
              ? { case: 'passwordlessConfig', value: { type: 3 } }
              : { case: undefined },
      }),
    data.id,
  );
}

function loadDirectory({ models, now }: Target, organizationId: string, data: DirectoryData): void {
  const { directories, organizations } = models;
  const { groups = [], users = [] } = data;
  const received = groups.length + users.length > 0;
  const { id } = directories.all.add(
    (made) =>
      create(DirectorySchema, {
        id: made,
        name: data.name ?? 'Directory',
        directoryType: DirectoryType[data.type ?? 'SCIM'],
        directoryProvider:
          DirectoryProvider[(data.provider ?? 'DIRECTORY_PROVIDER_UNSPECIFIED') as keyof typeof DirectoryProvider],
        organizationId,
        enabled: data.enabled ?? true,
        directoryEndpoint: `${organizations.world.url()}/directory/${made}/scim/v2`,
        status: DirectoryStatus[DirectoryStatus[data.status ?? 'COMPLETED']] as string,
        ...(received ? { lastSyncedAt: timestampFromMs(now()) } : {}),
      }),
    data.id,
  );
  const restored = groups.map(
    (group, position): ProvidedGroup => ({
      id: group.id ?? `dirgroup_${randomDigits(17)}`,
      position,
      displayName: group.display_name,
      updatedAt: now(),
    }),
  );
  directories.contents.restore(
    id,
    users.map((user, index) => ({
      id: user.id ?? `diruser_${randomDigits(17)}`,
      position: restored.length + index,
      email: user.email,
      preferredUsername: user.preferred_username ?? user.email,
      givenName: user.given_name ?? '',
      familyName: user.family_name ?? '',
      active: user.active ?? true,
      groupIds: restored.filter(({ displayName }) => user.groups?.includes(displayName)).map((group) => group.id),
      attributes: { ...user.attributes },
      updatedAt: now(),
    })),
    restored,
  );
}

function loadUser({ models, now }: Target, data: UserData, organizationIds: ReadonlyMap<string, string>): void {
  const { users, organizations } = models;
  const created =
    data.create_time === undefined ? timestampFromMs(now()) : timestampFromDate(new Date(data.create_time));
  const { given_name: givenName = '', family_name: familyName = '' } = data;
  const user = users.add(
    (id) =>
      create(UserSchema, {
        id,
        environmentId: organizations.world.environmentId,
        createTime: created,
        updateTime: created,
        email: data.email,
        metadata: { ...data.metadata },
        ...optional('externalId', data.external_id),
        ...optional(
          'lastLoginTime',
          data.last_login_time === undefined ? undefined : timestampFromDate(new Date(data.last_login_time)),
        ),
        userProfile: create(UserProfileSchema, {
          id: `usp_${id.slice(4)}`,
          givenName,
          familyName,
          name: data.name ?? fullName({ givenName, familyName }),
          locale: data.locale ?? '',
          phoneNumber: data.phone_number ?? '',
          preferredUsername: data.preferred_username ?? '',
          picture: data.picture ?? '',
          emailVerified: data.email_verified ?? true,
          customAttributes: { ...data.custom_attributes },
        }),
      }),
    data.id,
  );
  let member = user;
  for (const membership of data.memberships ?? []) {
    const organizationId = organizationIds.get(membership.organization);
    if (organizationId === undefined) continue;
    member = users.addMembership(member, loadedMembership(models, now(), organizationId, membership));
  }
}

function loadedMembership(
  { roles }: Target['models'],
  now: number,
  organizationId: string,
  { roles: names = [], status = 'ACTIVE', metadata }: MembershipData,
) {
  const time = timestampFromMs(now);
  const invited = status === 'PENDING_INVITE' || status === 'INVITE_EXPIRED';
  const wanted = names.length > 0 ? names : [roles.defaultMemberOf(organizationId)];
  return create(OrganizationMembershipSchema, {
    organizationId,
    membershipStatus: MembershipStatus[status],
    roles: wanted.map((name) => create(RoleSchema, { name })),
    metadata: { ...metadata },
    createdAt: time,
    provisioningMethod: 'api',
    ...(invited
      ? { expiresAt: timestampFromMs(now + (status === 'PENDING_INVITE' ? 7 : -1) * DAY_MS) }
      : { joinTime: time, acceptedAt: time }),
  });
}
