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

/** How deep one variable may refer to another, and how long what comes of it may be: references that multiply must not fill the memory. */
const DEEPEST_REFERENCE = 5;
const LONGEST_RESOLVED = 64 * 1024;

/**
 * Finds credentials in `.env` lines or in a JSON object, also one level inside it. `.env` text is read as Node reads it: `export`,
 * quotes, comments, CRLF, the last of equal names wins; `${NAME}` is taken from the same text.
 */
export function findCredentials(text: string): FoundCredentials {
  const withoutMark = text.replace(/^\ufeff/, '');
  const json = parseJson(withoutMark);
  if (isRecord(json)) {
    const inside = Object.values(json).filter(isRecord).map((record) => pick(record)).find(hasAny);
    return hasAny(pick(json)) ? pick(json) : (inside ?? {});
  }
  const variables = new Map(Object.entries(parseEnv(withoutMark)));
  return pick(Object.fromEntries(variables), (value) => resolve(value, variables));
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
 * holds both kinds of quotes, or one of them beside `$`, for which no quoting means the same to both, or a reference to another one.
 */
export function writeDotenv(credentials: Required<FoundCredentials>): string | undefined {
  const lines = [
    ['SCALEKIT_ENVIRONMENT_URL', quote(credentials.environmentUrl)],
    ['SCALEKIT_CLIENT_ID', quote(credentials.clientId)],
    ['SCALEKIT_CLIENT_SECRET', quote(credentials.clientSecret)],
  ] as const;
  return lines.every(([, value]) => value !== undefined) ? lines.map(([name, value]) => `${name}=${value}\n`).join('') : undefined;
}

function pick(source: JsonRecord, resolved = (value: string): string => value): FoundCredentials {
  const first = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = readText(source[name]);
      const text = value === undefined ? '' : resolved(value).trim();
      if (text !== '') return text;
    }
    return undefined;
  };
  return { environmentUrl: first(NAMES.environmentUrl), clientId: first(NAMES.clientId), clientSecret: first(NAMES.clientSecret) };
}

/** A reference to a name that the text does not define stays as it is: a secret may hold such characters. */
function resolve(value: string, variables: ReadonlyMap<string, string | undefined>): string {
  let resolved = value;
  for (let depth = 0; depth < DEEPEST_REFERENCE; depth++) {
    let length = resolved.length;
    const next = resolved.replace(/\$\{(\w+)\}/g, (reference, name: string) => {
      const other = variables.get(name);
      if (other === undefined) return reference;
      length += other.length;
      return length > LONGEST_RESOLVED ? '' : other;
    });
    if (length > LONGEST_RESOLVED) return value;
    if (next === resolved) break;
    resolved = next;
  }
  return resolved;
}

function quote(value: string): string | undefined {
  if (/\$\{SCALEKIT_(?:ENVIRONMENT_URL|CLIENT_ID|CLIENT_SECRET)\}/.test(value)) return undefined;
  if (/^[\w.:/@%+,-]+$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  return /["$`\\]/.test(value) ? undefined : `"${value}"`;
}
