import { parseEnv } from 'node:util';
import { isRecord, readText, type JsonRecord } from '../api/json.js';
import { parseJson } from '../api/errorAnswer.js';

/** Credentials found in a text; any of the three may be missing. All are as they stand there, trimmed, and not yet checked. */
export interface FoundCredentials {
  readonly environmentUrl?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** Names under which each of the three is found: Scalekit's own first, then common variants (api.md 1.5), then JSON styles. */
const NAMES: Readonly<Record<keyof FoundCredentials, readonly string[]>> = {
  environmentUrl: ['SCALEKIT_ENVIRONMENT_URL', 'SCALEKIT_ENV_URL', 'SCALEKIT_URL', 'environment_url', 'environmentUrl', 'env_url', 'envUrl'],
  clientId: ['SCALEKIT_CLIENT_ID', 'client_id', 'clientId'],
  clientSecret: ['SCALEKIT_CLIENT_SECRET', 'client_secret', 'clientSecret'],
};

/** How deep one variable may refer to another. */
const DEEPEST_REFERENCE = 5;

/**
 * Finds credentials in `.env` lines or in a JSON object, also one level inside it. `.env` text is read as Node reads it: `export`,
 * quotes, comments, CRLF, the last of equal names wins; `${NAME}` is taken from the same text.
 */
export function findCredentials(text: string): FoundCredentials {
  const withoutMark = text.replace(/^\ufeff/, '');
  const json = parseJson(withoutMark);
  if (isRecord(json)) {
    const inside = Object.values(json).filter(isRecord).map(pick).find(hasAny);
    return hasAny(pick(json)) ? pick(json) : (inside ?? {});
  }
  const variables = parseEnv(withoutMark);
  const resolved = Object.entries(variables).map(([name, value]) => [name, resolve(value ?? '', variables, 0)]);
  return pick(Object.fromEntries(resolved) as JsonRecord);
}

/** Whether nothing of the three is missing. */
export function isComplete(found: FoundCredentials): found is Required<FoundCredentials> {
  return found.environmentUrl !== undefined && found.clientId !== undefined && found.clientSecret !== undefined;
}

/** Whether anything was found at all. */
export function hasAny(found: FoundCredentials): boolean {
  return Object.values(found).some((value) => value !== undefined);
}

/**
 * Credentials as `.env` lines, quoted so that Node's reader and a POSIX shell both give back the same text; undefined when a value
 * holds both kinds of quotes, or one of them beside `$`, for which no quoting means the same to both.
 */
export function writeDotenv(credentials: Required<FoundCredentials>): string | undefined {
  const lines = [
    ['SCALEKIT_ENVIRONMENT_URL', quote(credentials.environmentUrl)],
    ['SCALEKIT_CLIENT_ID', quote(credentials.clientId)],
    ['SCALEKIT_CLIENT_SECRET', quote(credentials.clientSecret)],
  ] as const;
  return lines.every(([, value]) => value !== undefined) ? lines.map(([name, value]) => `${name}=${value}\n`).join('') : undefined;
}

function pick(source: JsonRecord): FoundCredentials {
  const first = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = readText(source[name])?.trim();
      if (value) return value;
    }
    return undefined;
  };
  return { environmentUrl: first(NAMES.environmentUrl), clientId: first(NAMES.clientId), clientSecret: first(NAMES.clientSecret) };
}

/** A reference to a name that the text does not define stays as it is: a secret may hold such characters. */
function resolve(value: string, variables: NodeJS.Dict<string>, depth: number): string {
  if (depth > DEEPEST_REFERENCE) return value;
  return value.replace(/\$\{(\w+)\}/g, (reference, name: string) => {
    const other = variables[name];
    return other === undefined ? reference : resolve(other, variables, depth + 1);
  });
}

function quote(value: string): string | undefined {
  if (/^[\w.:/@%+,-]+$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return /["$`\\]/.test(value) ? undefined : `"${value}"`;
}
