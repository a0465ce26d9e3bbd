import { createHash } from 'node:crypto';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord, readCount, readText, type JsonRecord } from '../api/json';
import { parseJson } from '../api/client/errorResponse';
import type { Environment } from '../core/environment';

/** What an index file says about one environment. It has no secret, and no URL that a request could be sent to. */
export interface EnvironmentMetadata
  extends Pick<Environment, 'name' | 'host' | 'production' | 'tokensOnly' | 'lastUsedAt' | 'credentialsRevision'> {
  /** Identifies the client without its name: see {@link clientMark}. Files of older versions have none. */
  readonly client?: string;
}

export function writeMetadata(metadata: EnvironmentMetadata): string {
  return `${JSON.stringify(metadata, undefined, 2)}\n`;
}

/**
 * What a change appends to a file. It repeats nothing, so that two windows can change different things at once. It
 * starts on a new line, because a full disk may have cut off the previous one.
 */
export function writeChange(change: Partial<EnvironmentMetadata>): string {
  return `\n${JSON.stringify(change)}\n`;
}

/** Equal only for the same environment URL and client ID. */
export function clientMark({
  environmentUrl,
  clientId,
}: Pick<ClientCredentials, 'environmentUrl' | 'clientId'>): string {
  return createHash('sha256').update(`${environmentUrl}\n${clientId}`).digest('hex').slice(0, 32);
}

/**
 * Whether a client id is of a production environment. Those begin with `prd_` (docs/scalekit-api.md, 1.5). The user can
 * correct this guess.
 */
export function looksLikeProduction(clientId: string): boolean {
  return clientId.startsWith('prd_');
}

/** Reads an index file tolerantly, with all appended changes; undefined if it's not one. */
export function readMetadata(text: string): EnvironmentMetadata | undefined {
  const [first, ...changes] = text.split(/\n(?=\{)/).map(parseJson);
  if (!isRecord(first)) return undefined;
  const json = changes.filter(isRecord).reduce<JsonRecord>((all, change) => ({ ...all, ...change }), first);
  const host = readText(json['host']);
  if (host === undefined) return undefined;
  const client = readText(json['client']);
  return {
    name: readText(json['name']) ?? host,
    host,
    production: json['production'] === true,
    tokensOnly: json['tokensOnly'] === true,
    lastUsedAt: readCount(json['lastUsedAt']) ?? 0,
    credentialsRevision: readText(json['credentialsRevision']) ?? '',
    ...(client === undefined ? {} : { client }),
  };
}
