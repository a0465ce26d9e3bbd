import { isRecord, readText, type JsonRecord } from './json';
import {
  organizationClientsPath,
  readClientSecret,
  readOrganizationClient,
  type ClientSecret,
  type OrganizationClient,
} from './organizationClients';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { ScalekitError } from './client/scalekitError';

/** What a new API client begins with. */
export interface NewOrganizationClient {
  readonly name: string;
  readonly description?: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  /** Lifetime of its tokens in seconds; Scalekit's own, an hour, when it is left out (docs/scalekit-api.md, 1.1). */
  readonly tokenLifetimeSeconds?: number;
}

/** How long its texts may be, in characters (docs/scalekit-api.md, 2.9). */
export const CLIENT_LIMITS = { name: 128, description: 512 } as const;

/** What an API client is addressed by. */
export interface ClientReference {
  readonly organizationId: string;
  readonly clientId: string;
}

/** Something new, with the secret that Scalekit shows this once. It may be absent only when Scalekit sent none. */
export interface WithSecret<T> {
  readonly made: T;
  readonly plainSecret?: string;
}

/** One API client as it is now. @throws ScalekitError */
export async function getOrganizationClient(
  client: ScalekitClient,
  which: ClientReference,
  options?: ReadOptions,
): Promise<OrganizationClient> {
  return client.read(clientPath(which), {}, (json) => readClient(inResponse(json)), options);
}

/** Makes an API client with its first secret. @throws ScalekitError */
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
    // Scalekit's 64-bit numbers are texts in JSON (docs/scalekit-api.md, 2.1).
    ...(tokenLifetimeSeconds === undefined ? {} : { expiry: String(tokenLifetimeSeconds) }),
  };
  const path = organizationClientsPath(organizationId);
  const json = inResponse(
    await client.writeJson({ method: 'POST', path, body, changes: (target) => target.startsWith(path) }),
  );
  return { made: readClient(json), plainSecret: readText(json['plain_secret']) };
}

/** Gives an API client one more secret. @throws ScalekitError */
export async function createClientSecret(
  client: ScalekitClient,
  which: ClientReference,
): Promise<WithSecret<ClientSecret>> {
  const json = inResponse(
    await client.writeJson({ method: 'POST', path: `${clientPath(which)}/secrets`, changes: showsClient(which) }),
  );
  const made = readClientSecret(json['secret']);
  if (made === undefined)
    throw new ScalekitError('protocol', { server: 'api', reason: 'noSecret', maybeReceived: true });
  return { made, plainSecret: readText(json['plain_secret']) };
}

/** Revokes one secret of an API client for good. @throws ScalekitError */
export async function deleteClientSecret(
  client: ScalekitClient,
  which: ClientReference,
  secretId: string,
): Promise<void> {
  await client.writeJson({
    method: 'DELETE',
    path: `${clientPath(which)}/secrets/${pathSegment(secretId)}`,
    changes: showsClient(which),
  });
}

/** Deletes an API client with all its secrets. @throws ScalekitError */
export async function deleteOrganizationClient(client: ScalekitClient, which: ClientReference): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: clientPath(which), changes: showsClient(which) });
}

function inResponse(json: unknown): JsonRecord {
  return isRecord(json) ? json : {};
}

function readClient(json: JsonRecord): OrganizationClient {
  const client = readOrganizationClient(json['client']);
  if (client === undefined)
    throw new ScalekitError('protocol', { server: 'api', reason: 'noClient', maybeReceived: true });
  return client;
}

function showsClient({ organizationId }: ClientReference): (target: string) => boolean {
  return (target) => target.startsWith(organizationClientsPath(organizationId));
}

function clientPath({ organizationId, clientId }: ClientReference): string {
  return `${organizationClientsPath(organizationId)}/${pathSegment(clientId)}`;
}
