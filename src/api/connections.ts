import { isRecord, readArray, readText, readTime } from './json.js';
import { readPage, type Page } from './page.js';
import type { ReadOptions, ScalekitClient } from './scalekitClient.js';

/** A way to sign in: one organization's SSO connection, or one of the environment's own (api.md 2.3). */
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
}

/** An organization's connections, the unfinished ones too; Scalekit does not page this list. @throws ScalekitError */
export async function listOrganizationConnections(client: ScalekitClient, organizationId: string, options?: ReadOptions): Promise<Page<Connection>> {
  const json = await client.getJson('/api/v1/connections', { organization_id: organizationId, include: 'all' }, options);
  return readPage(json, 'connections', readConnection);
}

/** The environment's own connections, such as social logins: those that belong to no organization. @throws ScalekitError */
export async function listEnvironmentConnections(client: ScalekitClient, options?: ReadOptions): Promise<Page<Connection>> {
  const json = await client.getJson('/api/v1/connections', { include: 'all' }, options);
  const page = readPage(json, 'connections', readConnection);
  return { items: page.items.filter((item) => !('record' in item) || item.record.organizationId === undefined) };
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
    // Texts in a list's answer, objects in a single one's (api.md 2.3).
    domains: readArray(value['domains'])
      .map((domain) => readText(isRecord(domain) ? domain['domain'] : domain))
      .filter((domain) => domain !== undefined),
    createTime: readTime(value['created_at'] ?? value['create_time']),
  };
}
