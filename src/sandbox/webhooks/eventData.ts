import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { RegionCode } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
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
import {
  DomainType,
  VerificationMethod,
  VerificationStatus,
  type Domain,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import type {
  Organization,
  OrganizationSettings,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import type { Permission } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import type { SessionDetails } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/sessions/sessions_pb';
import type { User } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import type { Provided, ProvidedGroup, ProvidedUser } from '../resources/directoryContents';

type Data = Readonly<Record<string, unknown>>;

/*
 * What events say about each kind of object (docs/scalekit-api.md, 5.3).
 */

export function organizationData(organization: Organization, settings: OrganizationSettings): Data {
  return {
    id: organization.id,
    create_time: time(organization.createTime),
    update_time: time(organization.updateTime),
    display_name: organization.displayName,
    external_id: organization.externalId ?? null,
    metadata: Object.keys(organization.metadata).length === 0 ? null : organization.metadata,
    region_code: RegionCode[organization.regionCode],
    settings: { features: settings.features.map(({ name, enabled }) => ({ name, enabled })) },
  };
}

/** @param status the outcome of a verification, if that is what happened */
export function domainData(domain: Domain, status = domain.verificationStatus): Data {
  return {
    id: domain.id,
    domain: domain.domain,
    domain_type: DomainType[domain.domainType],
    organization_id: domain.organizationId,
    environment_id: domain.environmentId,
    txt_record_key: domain.txtRecordKey,
    txt_record_secret: domain.txtRecordSecret,
    verification_status: VerificationStatus[status],
    verification_method: VerificationMethod[domain.verificationMethod],
    updated_at: time(domain.updateTime),
  };
}

export function userData(user: User): Data {
  const profile = user.userProfile;
  return {
    id: user.id,
    email: user.email,
    external_id: user.externalId ?? '',
    create_time: time(user.createTime),
    update_time: time(user.updateTime),
    ...(user.lastLoginTime === undefined ? {} : { last_login_time: time(user.lastLoginTime) }),
    metadata: user.metadata,
    user_profile: {
      id: profile?.id ?? '',
      name: profile?.name ?? '',
      given_name: profile?.givenName ?? '',
      family_name: profile?.familyName ?? '',
      email_verified: profile?.emailVerified ?? false,
      phone_number: profile?.phoneNumber ?? '',
      phone_number_verified: false,
      picture: profile?.picture ?? '',
      gender: profile?.gender ?? '',
      locale: profile?.locale ?? '',
      preferred_username: profile?.preferredUsername ?? '',
      groups: profile === undefined || profile.groups.length === 0 ? null : profile.groups,
      custom_attributes: orNull(profile?.customAttributes),
      metadata: profile?.metadata ?? {},
      external_identities: null,
    },
  };
}

export function sessionData(session: SessionDetails): Data {
  const { device } = session;
  return {
    session_id: session.sessionId,
    user_id: session.userId,
    organization_id: session.organizationId,
    status: session.status.toUpperCase(),
    authenticated_organizations: session.authenticatedOrganizations,
    created_at: time(session.createdAt),
    updated_at: time(session.updatedAt),
    last_active_at: time(session.lastActiveAt),
    idle_expires_at: time(session.idleExpiresAt),
    absolute_expires_at: time(session.absoluteExpiresAt),
    expired_at: time(session.expiredAt),
    logout_at: time(session.logoutAt),
    device: {
      browser: device?.browser ?? '',
      browser_version: device?.browserVersion ?? '',
      os: device?.os ?? '',
      os_version: device?.osVersion ?? '',
      device_type: device?.deviceType ?? '',
      user_agent: device?.userAgent ?? '',
      ip: device?.ip ?? '',
      location: {
        city: device?.location?.city ?? '',
        region: device?.location?.region ?? '',
        region_subdivision: device?.location?.regionSubdivision ?? '',
        latitude: device?.location?.latitude ?? '',
        longitude: device?.location?.longitude ?? '',
      },
    },
  };
}

export function directoryData(directory: Directory, now: number): Data {
  return {
    id: directory.id,
    organization_id: directory.organizationId,
    directory_type: DirectoryType[directory.directoryType],
    provider: DirectoryProvider[directory.directoryProvider],
    enabled: directory.enabled,
    updated_at: new Date(now).toISOString(),
    ...(directory.lastSyncedAt === undefined ? {} : { last_sync_at: time(directory.lastSyncedAt) }),
    status: directory.status,
  };
}

export function directoryUserData(directory: Directory, user: ProvidedUser, { groups }: Provided): Data {
  const said = (name: string) => user.attributes[name] ?? '';
  return {
    ...deletedDirectoryUserData(directory, user),
    active: user.active,
    name: [user.givenName, user.familyName].filter(Boolean).join(' '),
    given_name: user.givenName,
    family_name: user.familyName,
    preferred_username: user.preferredUsername,
    ...Object.fromEntries(ATTRIBUTES.map((name) => [name, said(name)])),
    groups: user.groupIds.map((id) => ({ id, name: groups.get(id)?.displayName ?? '' })),
    roles: [],
    custom_attributes: Object.fromEntries(
      Object.entries(user.attributes).filter(([name]) => !(ATTRIBUTES as readonly string[]).includes(name)),
    ),
    raw_attributes: { ...user.attributes, userName: user.preferredUsername, active: user.active },
  };
}

export function deletedDirectoryUserData(directory: Directory, { id, email }: ProvidedUser): Data {
  return { id, organization_id: directory.organizationId, dp_id: providerId(id), email };
}

export function directoryGroupData(directory: Directory, { id, displayName }: ProvidedGroup): Data {
  return {
    id,
    organization_id: directory.organizationId,
    directory_id: directory.id,
    display_name: displayName,
    external_id: providerId(id),
    raw_attributes: { displayName },
  };
}

/** @param withState for the events about whether it's enabled */
export function connectionData(connection: Connection, withState: boolean): Data {
  return {
    id: connection.id,
    organization_id: connection.organizationId,
    connection_type: ConnectionType[connection.type],
    provider: ConnectionProvider[connection.provider],
    ...(withState ? { enabled: connection.enabled, status: ConnectionStatus[connection.status] } : {}),
  };
}

export function roleData(role: {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly base: string | undefined;
}): Data {
  const { id, name, displayName, description, base } = role;
  return { id, name, display_name: displayName, description, extends: base ?? '' };
}

export function permissionData({ id, name, description }: Permission): Data {
  return { id, name, description };
}

/** Attributes that have a field of their own. */
const ATTRIBUTES = [
  'nickname',
  'title',
  'department',
  'division',
  'cost_center',
  'employee_id',
  'user_type',
  'organization',
  'phone_number',
  'locale',
  'language',
  'zoneinfo',
  'profile',
] as const;

/** The identity provider's own id of a user or group. */
function providerId(id: string): string {
  return `idp-${id.replace(/^[a-z]+_/, '')}`;
}

function time(timestamp: Timestamp | undefined): string | null {
  return timestamp === undefined ? null : timestampDate(timestamp).toISOString();
}

function orNull(values: Readonly<Record<string, unknown>> | undefined): Data | null {
  return values === undefined || Object.keys(values).length === 0 ? null : values;
}
