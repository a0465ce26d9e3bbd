import { createHash } from 'node:crypto';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord, readCount, readText, type JsonRecord } from '../api/json';
import { parseJson } from '../api/client/errorResponse';
import type { Environment } from '../core/environment';

/** What a file of the index says of one environment. No secret, and no URL that a request would be sent to. */
export interface EnvironmentMetadata
  extends Pick<Environment, 'name' | 'host' | 'production' | 'tokensOnly' | 'lastUsedAt' | 'credentialsRevision'> {
  /** Tells clients apart without naming them: see {@link clientMark}. Files of before have none. */
  readonly client?: string;
}

export function writeMetadata(metadata: EnvironmentMetadata): string {
  return `${JSON.stringify(metadata, undefined, 2)}\n`;
}

/**
 * What a change adds to the end of a file. Nothing that is in the file is written again, so that two windows that change something
 * at once both have their way. It begins a new line of its own: the one before may have been cut off by a full disk.
 */
export function writeChange(change: Partial<EnvironmentMetadata>): string {
  return `\n${JSON.stringify(change)}\n`;
}

/** The same for the same environment URL and client ID, and for no other two. */
export function clientMark({
  environmentUrl,
  clientId,
}: Pick<ClientCredentials, 'environmentUrl' | 'clientId'>): string {
  return createHash('sha256').update(`${environmentUrl}\n${clientId}`).digest('hex').slice(0, 32);
}

/**
 * Whether a client id is a production environment's: those begin with `prd_` (docs/scalekit-api.md, 1.5). A guess that the person can
 * change.
 */
export function looksLikeProduction(clientId: string): boolean {
  return clientId.startsWith('prd_');
}

/** Reads a file of the index tolerantly, with all changes at its end; undefined when it is not one. */
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
