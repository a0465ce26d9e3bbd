import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { envelope, tryEnvelope } from './envelope';
import { isRecord, readArray, readCount, readText, readTime } from './json';
import { PAGE_SIZE, readPage, type Page } from './page';

/**
 * An organization's own API client, for its machines (docs/scalekit-api.md, 2.9). Only the last characters of its
 * secrets are known.
 */
export interface OrganizationClient {
  /** The client ID, `m2morg_…`. */
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

export interface NewOrganizationClient {
  readonly name: string;
  readonly description?: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  /** Lifetime of its tokens in seconds. Default: Scalekit's own, an hour (docs/scalekit-api.md, 1.1). */
  readonly tokenLifetimeSeconds?: number;
}

/** Maximum lengths of its texts, in characters (docs/scalekit-api.md, 2.9). */
export const CLIENT_LIMITS = { name: 128, description: 512 } as const;

export interface ClientReference {
  readonly organizationId: string;
  readonly clientId: string;
}

/** Something new, with the secret that Scalekit shows only this once. It's absent only if Scalekit sent none. */
export interface WithSecret<T> {
  readonly created: T;
  readonly plainSecret?: string;
}

/** One page of an organization's API clients, at most 100. @throws ScalekitError */
export async function listOrganizationClients(
  client: ScalekitClient,
  organizationId: string,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<OrganizationClient>> {
  return client.read(
    organizationClientsPath(organizationId),
    { page_size: PAGE_SIZE, page_token: page.pageToken },
    (json) => readPage(json, 'clients', readOrganizationClient),
    options,
  );
}

/** One API client in its current state. @throws ScalekitError */
export async function getOrganizationClient(
  client: ScalekitClient,
  which: ClientReference,
  options?: ReadOptions,
): Promise<OrganizationClient> {
  return client.read(clientPath(which), {}, readEnvelope, options);
}

/** Creates an API client with its first secret. @throws ScalekitError */
export async function createOrganizationClient(
  client: ScalekitClient,
  organizationId: string,
  wanted: NewOrganizationClient,
): Promise<WithSecret<OrganizationClient>> {
  const { name, description, scopes, audience, tokenLifetimeSeconds } = wanted;
  const body = {
    name,
    ...(description === undefined ? {} : { description }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(audience.length === 0 ? {} : { audience }),
    // Scalekit's 64-bit numbers are strings in JSON (docs/scalekit-api.md, 2.1).
    ...(tokenLifetimeSeconds === undefined ? {} : { expiry: String(tokenLifetimeSeconds) }),
  };
  const json = await client.writeJson({ method: 'POST', path: organizationClientsPath(organizationId), body });
  return { created: readEnvelope(json), plainSecret: readPlainSecret(json) };
}

/** Adds a secret to an API client. @throws ScalekitError */
export async function createClientSecret(
  client: ScalekitClient,
  which: ClientReference,
): Promise<WithSecret<ClientSecret>> {
  const json = await client.writeJson({ method: 'POST', path: `${clientPath(which)}/secrets` });
  return { created: envelope(json, 'secret', readClientSecret), plainSecret: readPlainSecret(json) };
}

/** Revokes one secret of an API client permanently. @throws ScalekitError */
export async function deleteClientSecret(
  client: ScalekitClient,
  which: ClientReference,
  secretId: string,
): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: `${clientPath(which)}/secrets/${pathSegment(secretId)}` });
}

/** Deletes an API client with all its secrets. @throws ScalekitError */
export async function deleteOrganizationClient(client: ScalekitClient, which: ClientReference): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: clientPath(which) });
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

function readClientSecret(value: unknown): ClientSecret | undefined {
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

function readEnvelope(json: unknown): OrganizationClient {
  return envelope(json, 'client', readOrganizationClient);
}

function readPlainSecret(json: unknown): string | undefined {
  return tryEnvelope(json, 'plain_secret', readText);
}

function organizationClientsPath(organizationId: string): string {
  return `/api/v1/organizations/${pathSegment(organizationId)}/clients`;
}

function clientPath({ organizationId, clientId }: ClientReference): string {
  return `${organizationClientsPath(organizationId)}/${pathSegment(clientId)}`;
}
