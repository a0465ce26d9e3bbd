import type { WebhookEventType } from './eventTypes';
import { webhookPayload, type WebhookPayload } from './webhookPayload';

/** Records that a sample payload can be about. Those left out are made up. */
export interface SampleIds {
  readonly environmentId?: string;
  readonly organizationId?: string;
  readonly organizationName?: string;
  readonly userId?: string;
  readonly email?: string;
}

type Json = Readonly<Record<string, unknown>>;

/** What every sample needs to know. */
interface Facts {
  readonly type: string;
  readonly environmentId: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly userId: string;
  readonly email: string;
  /** RFC 3339, as are the others. */
  readonly now: string;
  readonly hourAgo: string;
  readonly inWeek: string;
  readonly inMonth: string;
}

const HOUR_MS = 3_600_000;
const NO_ORGANIZATION = new Set(['Role', 'Permission', 'ConnectedAccount']);

/** A payload of a type, with made-up values in every documented field (docs/scalekit-api.md, 5.3). */
export function samplePayload(type: WebhookEventType, ids: SampleIds, now: Date): WebhookPayload {
  const later = (hours: number) => new Date(now.getTime() + hours * HOUR_MS).toISOString();
  const facts: Facts = {
    type: type.type,
    environmentId: ids.environmentId ?? 'env_1000000000001',
    organizationId: ids.organizationId ?? 'org_1000000000001',
    organizationName: ids.organizationName ?? 'Example Organization',
    userId: ids.userId ?? 'usr_1000000000001',
    email: ids.email ?? 'new.hire@example.com',
    now: now.toISOString(),
    hourAgo: later(-1),
    inWeek: later(7 * 24),
    inMonth: later(30 * 24),
  };
  return webhookPayload(
    type,
    {
      environmentId: facts.environmentId,
      ...(NO_ORGANIZATION.has(type.object) ? {} : { organizationId: facts.organizationId }),
      data: sampleData(type.object, facts),
    },
    now,
  );
}

function sampleData(object: string, facts: Facts): Json {
  switch (object) {
    case 'Organization':
      return facts.type.startsWith('organization.domain_') ? domain(facts) : organization(facts);
    case 'OrgMembership':
      return { organization: organization(facts), user: user(facts) };
    case 'User':
      return { user: { ...user(facts), last_login_time: facts.now }, user_session: session(facts) };
    case 'Directory':
      return directory(facts);
    case 'DirectoryUser':
      return directoryUser(facts);
    case 'DirectoryGroup':
      return {
        id: 'dirgroup_1000000000001',
        organization_id: facts.organizationId,
        directory_id: 'dir_1000000000001',
        display_name: facts.type.endsWith('updated') ? 'Product Engineering' : 'Engineering',
        external_id: 'idp-group-1',
        raw_attributes: {},
      };
    case 'Connection':
      return connection(facts);
    case 'Role':
      return {
        id: 'role_1000000000001',
        name: 'reviewer',
        display_name: 'Reviewer',
        description: facts.type.endsWith('created') ? 'Reads and comments' : 'Reads, comments and approves',
        extends: 'member',
      };
    case 'Permission':
      return {
        id: 'perm_1000000000001',
        name: 'reports:read',
        description: facts.type.endsWith('created') ? 'Reads reports' : 'Reads all reports',
      };
    default:
      return connectedAccount(facts);
  }
}

function organization({ type, organizationId, organizationName, hourAgo, now }: Facts): Json {
  return {
    id: organizationId,
    create_time: type.endsWith('created') ? now : hourAgo,
    update_time: now,
    display_name: organizationName,
    external_id: 'customer-1001',
    metadata: { plan: 'team' },
    region_code: 'US',
    settings: {
      features: [
        { name: 'sso', enabled: true },
        { name: 'dir_sync', enabled: false },
      ],
    },
    ...(type === 'organization.deleted' ? { deleted_at: now } : {}),
  };
}

function domain({ type, environmentId, organizationId, now }: Facts): Json {
  const status = type.endsWith('success') ? 'VERIFIED' : type.endsWith('failed') ? 'FAILED' : 'PENDING';
  return {
    id: 'dom_1000000000001',
    domain: 'example.com',
    domain_type: 'ORGANIZATION_DOMAIN',
    organization_id: organizationId,
    environment_id: environmentId,
    txt_record_key: '_scalekit-challenge.example.com',
    txt_record_secret: 'made-up-for-a-sample',
    verification_status: status,
    verification_method: 'DNS',
    updated_at: now,
  };
}

function user({ userId, email, hourAgo, now }: Facts): Json {
  return {
    id: userId,
    email,
    external_id: 'employee-1001',
    create_time: hourAgo,
    update_time: now,
    metadata: {},
    user_profile: {
      id: 'usp_1000000000001',
      name: 'New Hire',
      given_name: 'New',
      family_name: 'Hire',
      email_verified: true,
      phone_number: '',
      phone_number_verified: false,
      picture: '',
      gender: '',
      locale: 'en-US',
      preferred_username: 'new.hire',
      groups: null,
      custom_attributes: null,
      metadata: {},
      external_identities: [
        {
          connection_id: 'conn_1000000000001',
          connection_provider: 'GOOGLE',
          connection_type: 'OAUTH',
          connection_user_id: '1000000000001',
          is_social: true,
          created_time: hourAgo,
          last_login_time: now,
          last_synced_time: now,
        },
      ],
    },
  };
}

function session({ type, userId, organizationId, hourAgo, now, inWeek, inMonth }: Facts): Json {
  const ended = type === 'user.logout';
  return {
    session_id: 'ses_1000000000001',
    user_id: userId,
    organization_id: organizationId,
    status: ended ? 'LOGOUT' : 'ACTIVE',
    authenticated_organizations: [organizationId],
    created_at: ended ? hourAgo : now,
    updated_at: now,
    last_active_at: now,
    idle_expires_at: inWeek,
    absolute_expires_at: inMonth,
    expired_at: null,
    logout_at: ended ? now : null,
    device: {
      browser: 'Chrome',
      browser_version: '140.0.0.0',
      os: 'Linux',
      os_version: '',
      device_type: 'Desktop',
      user_agent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      ip: '192.0.2.10',
      location: {
        city: 'Example City',
        region: 'US',
        region_subdivision: 'USCA',
        latitude: '37.77',
        longitude: '-122.42',
      },
    },
  };
}

function directory({ type, organizationId, now }: Facts): Json {
  return {
    id: 'dir_1000000000001',
    organization_id: organizationId,
    directory_type: 'SCIM',
    provider: 'OKTA',
    enabled: type.endsWith('enabled'),
    updated_at: now,
  };
}

function directoryUser({ type, organizationId, email }: Facts): Json {
  const identity = { id: 'diruser_1000000000001', organization_id: organizationId, dp_id: 'idp-user-1', email };
  if (type.endsWith('deleted')) return identity;
  return {
    ...identity,
    active: true,
    name: 'New Hire',
    given_name: 'New',
    family_name: 'Hire',
    preferred_username: 'new.hire',
    nickname: 'New',
    title: type.endsWith('updated') ? 'Senior Engineer' : 'Engineer',
    department: 'Engineering',
    division: 'Product',
    cost_center: '1001',
    employee_id: '1001',
    user_type: 'Employee',
    organization: 'Example Organization',
    phone_number: '+1-555-0100',
    locale: 'en-US',
    language: 'en',
    zoneinfo: 'America/Los_Angeles',
    profile: '',
    groups: [{ id: 'dirgroup_1000000000001', name: 'Engineering' }],
    roles: [{ role_name: 'member' }],
    custom_attributes: {},
    raw_attributes: {},
  };
}

function connection({ type, organizationId }: Facts): Json {
  const enabled = type.endsWith('enabled');
  return {
    id: 'conn_1000000000001',
    organization_id: organizationId,
    connection_type: 'OIDC',
    provider: 'OKTA',
    ...(enabled || type.endsWith('disabled') ? { enabled, status: 'COMPLETED' } : {}),
  };
}

function connectedAccount({ type, email, hourAgo, now, inWeek }: Facts): Json {
  const unauthorized = /\.(created|magic_link_generated)$/.test(type);
  const expired = /\.(status_updated|token_refresh_failed)$/.test(type);
  return {
    id: 'ca_1000000000001',
    connection_id: 'conn_1000000000001',
    identifier: email,
    provider: 'GMAIL',
    authorization_type: 'OAUTH',
    status: unauthorized ? 'PENDING_AUTH' : expired ? 'EXPIRED' : 'ACTIVE',
    ...(unauthorized ? {} : { token_expires_at: expired ? now : inWeek, last_used_at: hourAgo }),
    ...(type.endsWith('status_updated') ? { connection_name: 'gmail', old_status: 'ACTIVE' } : {}),
  };
}
