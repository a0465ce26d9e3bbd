import { isRecord, readArray, readCount, readText, readTime } from './json';
import { LARGEST_PAGE, readPage, type Page } from './page';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';

/** An organization's own API client, for its machines (docs/scalekit-api.md, 2.9). Its secrets are known by their last characters only. */
export interface OrganizationClient {
  /** The client id, `m2morg_…`. */
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly secrets: readonly ClientSecret[];
  /** Lifetime of its tokens in seconds. */
  readonly tokenLifetimeSeconds?: number;
  readonly createTime?: Date;
}

export interface ClientSecret {
  readonly id: string;
  readonly suffix?: string;
  /** `ACTIVE` or `INACTIVE`. */
  readonly status?: string;
  readonly createTime?: Date;
  readonly lastUsedTime?: Date;
}

/** One page of an organization's API clients, 100 at most. @throws ScalekitError */
export async function listOrganizationClients(
  client: ScalekitClient,
  organizationId: string,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<OrganizationClient>> {
  return client.read(
    organizationClientsPath(organizationId),
    { page_size: LARGEST_PAGE, page_token: page.pageToken },
    (json) => readPage(json, 'clients', readOrganizationClient),
    options,
  );
}

export function organizationClientsPath(organizationId: string): string {
  return `/api/v1/organizations/${pathSegment(organizationId)}/clients`;
}

export function readOrganizationClient(value: unknown): OrganizationClient | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['client_id']);
  if (id === undefined) return undefined;
  const texts = (list: unknown): string[] => readArray(list).filter((text): text is string => typeof text === 'string');
  return {
    id,
    name: readText(value['name']),
    description: readText(value['description']),
    scopes: texts(value['scopes']),
    audience: texts(value['audience']),
    secrets: readArray(value['secrets'])
      .map(readClientSecret)
      .filter((secret) => secret !== undefined),
    tokenLifetimeSeconds: readCount(value['expiry']),
    createTime: readTime(value['create_time']),
  };
}

export function readClientSecret(value: unknown): ClientSecret | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  return {
    id,
    suffix: readText(value['secret_suffix']),
    status: readText(value['status']),
    createTime: readTime(value['create_time']),
    lastUsedTime: readTime(value['last_used_time']),
  };
}
