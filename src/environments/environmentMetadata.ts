import { isRecord, readCount, readText } from '../api/json.js';
import { parseJson } from '../api/errorAnswer.js';

/** What a file of the index says of one environment. No secret, and no URL that a request would be sent to. */
export interface EnvironmentMetadata {
  readonly name: string;
  readonly host: string;
  readonly production: boolean;
  readonly tokensOnly: boolean;
  readonly lastUsedAt: number;
  readonly credentialsRevision: string;
}

export function writeMetadata(metadata: EnvironmentMetadata): string {
  return `${JSON.stringify(metadata, undefined, 2)}\n`;
}

/** Reads a file of the index tolerantly; undefined when it is not one. */
export function readMetadata(text: string): EnvironmentMetadata | undefined {
  const json = parseJson(text);
  if (!isRecord(json)) return undefined;
  const host = readText(json['host']);
  if (host === undefined) return undefined;
  return {
    name: readText(json['name']) ?? host,
    host,
    production: json['production'] === true,
    tokensOnly: json['tokensOnly'] === true,
    lastUsedAt: readCount(json['lastUsedAt']) ?? 0,
    credentialsRevision: readText(json['credentialsRevision']) ?? '',
  };
}
