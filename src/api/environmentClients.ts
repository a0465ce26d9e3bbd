import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { envelope } from './envelope';
import { isRecord, readArray, readText } from './json';

/** A client of the environment: an application that people sign in to (docs/scalekit-api.md, 2.9). A preview. */
export interface EnvironmentClient {
  readonly id: string;
  readonly name?: string;
  /** The allowed callbacks. */
  readonly postLoginUris: readonly string[];
  /** Where people may be sent after signing out. */
  readonly postLogoutRedirectUris: readonly string[];
  /** Where a sign-in that an identity provider starts arrives. */
  readonly initiateLoginUri?: string;
}

/** One client of the environment. @throws ScalekitError */
export async function getEnvironmentClient(
  client: ScalekitClient,
  clientId: string,
  options?: ReadOptions,
): Promise<EnvironmentClient> {
  return client.read(clientPath(clientId), {}, readEnvelope, options);
}

/**
 * Replaces the allowed callbacks of a client, and leaves its other fields alone. To add one, read the list just before.
 *
 * @throws ScalekitError
 */
export async function setPostLoginUris(
  client: ScalekitClient,
  clientId: string,
  postLoginUris: readonly string[],
): Promise<void> {
  await client.writeJson({ method: 'PATCH', path: clientPath(clientId), body: { post_login_uris: postLoginUris } });
}

function clientPath(clientId: string): string {
  return `/api/v1/clients/${pathSegment(clientId)}`;
}

function readEnvelope(json: unknown): EnvironmentClient {
  return envelope(json, 'client', readEnvironmentClient);
}

function readEnvironmentClient(value: unknown): EnvironmentClient | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']) ?? readText(value['keyId']);
  // Without this list, nothing could be added to it: the others would be lost.
  if (id === undefined || (value['post_login_uris'] !== undefined && !Array.isArray(value['post_login_uris'])))
    return undefined;
  const texts = (list: unknown): string[] => readArray(list).filter((text): text is string => typeof text === 'string');
  return {
    id,
    name: readText(value['name']),
    postLoginUris: texts(value['post_login_uris']),
    postLogoutRedirectUris: texts(value['post_logout_redirect_uris']),
    initiateLoginUri: readText(value['initiate_login_uri']),
  };
}
