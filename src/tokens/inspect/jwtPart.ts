import { isRecord } from '../../api/json';

/** Servers take headers of 8 to 64 kB, so no token in use is longer than this. Characters. */
export const MAX_JWT_LENGTH = 256 * 1024;

/** Deeper JSON than this is no claims set, and would not be readable. */
const MAX_DEPTH = 32;

/** One part of a JWT, decoded. */
export interface JwtPart {
  /** Whether it is base64url at all, perhaps padded. */
  readonly isEncoded: boolean;
  /** Whether it stands in braces, so that it was tried to be read as JSON. */
  readonly isBraced?: boolean;
  /** The text, when it is a JSON object; `json` is its value. */
  readonly text?: string;
  readonly json?: unknown;
  readonly isTooDeep?: boolean;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

export function readPart(part: string): JwtPart {
  const bare = part.replace(/={1,2}$/, '');
  if (bare === '' || !isBase64Url(bare)) return { isEncoded: false };
  const bytes = Buffer.from(bare, 'base64url');
  if (!isBraced(bytes)) return { isEncoded: true };
  try {
    const text = UTF8.decode(bytes);
    const json: unknown = JSON.parse(text);
    return { isEncoded: true, isBraced: true, text, json, isTooDeep: isRecord(json) && isDeeperThan(json, MAX_DEPTH) };
  } catch {
    return { isEncoded: true, isBraced: true };
  }
}

/** Whether it can be an object at all. To try and fail is slow, and a text may hold very many beginnings. */
function isBraced(bytes: Buffer): boolean {
  const isSpace = (byte: number | undefined): boolean =>
    byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
  let first = 0;
  let last = bytes.length - 1;
  while (isSpace(bytes[first])) first++;
  while (last > first && isSpace(bytes[last])) last--;
  return bytes[first] === 0x7b && bytes[last] === 0x7d;
}

export function isBase64Url(text: string): boolean {
  return /^[\w-]*$/.test(text) && text.length % 4 !== 1;
}

/** Level by level, since recursion into hostile JSON would exhaust the stack. */
function isDeeperThan(json: unknown, depth: number): boolean {
  let level: unknown[] = [json];
  for (let reached = 0; level.length > 0; reached++) {
    if (reached > depth) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}
