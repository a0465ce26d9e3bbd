import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord, readString } from '../api/json';
import { parseEnvironmentUrl } from '../api/client/environmentUrl';
import { parseJson } from '../api/client/errorResponse';

export function secretKey(environmentId: string): string {
  return `scalekit.environment.${environmentId}`;
}

/**
 * An environment's record in SecretStorage. It includes the URL, so that no file or setting can make the secret go to
 * another host.
 */
export function writeSecretRecord(credentials: ClientCredentials): string {
  return JSON.stringify({
    url: credentials.environmentUrl,
    clientId: credentials.clientId,
    clientSecret: credentials.clientSecret,
  });
}

/** Reads a record; undefined if it's damaged. */
export function readSecretRecord(text: string): ClientCredentials | undefined {
  const record = parseJson(text);
  if (!isRecord(record)) return undefined;
  const url = readString(record['url']);
  const clientId = readString(record['clientId']);
  const clientSecret = readString(record['clientSecret']);
  if (!url || !clientId || !clientSecret) return undefined;
  try {
    return { environmentUrl: parseEnvironmentUrl(url), clientId, clientSecret };
  } catch {
    return undefined;
  }
}
