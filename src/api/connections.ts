import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { envelope } from './envelope';
import { isRecord, readArray, readText, readTime } from './json';
import { readPage, type Page } from './page';
import { readToggle } from './toggle';

/** A way to sign in: one organization's SSO connection, or one of the environment's own (docs/scalekit-api.md, 2.3). */
export interface Connection {
  readonly id: string;
  /** `OKTA`, `GOOGLE`, … as Scalekit names them. */
  readonly provider?: string;
  /** `SAML`, `OIDC`, … */
  readonly type?: string;
  /** `DRAFT`, `IN_PROGRESS` or `COMPLETED`. */
  readonly status?: string;
  readonly enabled: boolean;
  readonly organizationId?: string;
  readonly keyId?: string;
  readonly domains: readonly string[];
  readonly createTime?: Date;
  /** Where a test sign-in begins. Absent in lists. */
  readonly testUri?: string;
}

/** An organization's connections, including unfinished ones. Scalekit doesn't page this list. @throws ScalekitError */
export async function listOrganizationConnections(
  client: ScalekitClient,
  organizationId: string,
  options?: ReadOptions,
): Promise<Page<Connection>> {
  return client.read(
    '/api/v1/connections',
    { organization_id: organizationId, include: 'all' },
    readConnections,
    options,
  );
}

/**
 * The environment's own connections, for example social logins, which belong to no organization.
 *
 * @throws ScalekitError
 */
export async function listEnvironmentConnections(
  client: ScalekitClient,
  options?: ReadOptions,
): Promise<Page<Connection>> {
  const page = await client.read('/api/v1/connections', { include: 'all' }, readConnections, options);
  return { items: page.items.filter((item) => !('record' in item) || item.record.organizationId === undefined) };
}

/** One connection in its current state. @throws ScalekitError */
export async function getConnection(
  client: ScalekitClient,
  which: ConnectionReference,
  options?: ReadOptions,
): Promise<Connection> {
  return client.read(connectionPath(which), {}, (json) => envelope(json, 'connection', readConnection), options);
}

/** Enables or disables a connection. @throws ScalekitError, also `invalid` if the response says why Scalekit didn't */
export async function setConnectionEnabled(
  client: ScalekitClient,
  which: ConnectionReference,
  enabled: boolean,
): Promise<void> {
  const path = `${connectionPath(which)}:${enabled ? 'enable' : 'disable'}`;
  readToggle(await client.writeJson({ method: 'PATCH', path }), enabled);
}

/** Identifies a connection: an organization's, or one of the environment's own. */
export type ConnectionReference = Pick<Connection, 'id' | 'organizationId'>;

/** The address of the environment's own connections is a preview (docs/scalekit-api.md, 2.3). */
function connectionPath({ id, organizationId }: ConnectionReference): string {
  const connection = `connections/${pathSegment(id)}`;
  return organizationId === undefined
    ? `/api/v1/${connection}`
    : `/api/v1/organizations/${pathSegment(organizationId)}/${connection}`;
}

function readConnections(json: unknown): Page<Connection> {
  return readPage(json, 'connections', readConnection);
}

export function readConnection(value: unknown): Connection | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  return {
    id,
    provider: readText(value['provider']),
    type: readText(value['type']),
    status: readText(value['status']),
    enabled: value['enabled'] === true,
    organizationId: readText(value['organization_id']),
    keyId: readText(value['key_id']),
    // Texts in a list, objects in a single connection (docs/scalekit-api.md, 2.3).
    domains: readArray(value['domains'])
      .map((domain) => readText(isRecord(domain) ? domain['domain'] : domain))
      .filter((domain) => domain !== undefined),
    createTime: readTime(value['created_at'] ?? value['create_time']),
    testUri: readText(value['test_connection_uri']),
  };
}
