import { isRecord } from '../../api/json';

/** In characters. Servers accept headers of 8 to 64 kB, so no token in use is longer. */
export const MAX_JWT_LENGTH = 256 * 1024;

/** Deeper JSON isn't a claims set, and wouldn't be readable. */
const MAX_DEPTH = 32;

/** One part of a JWT, decoded. */
export interface JwtPart {
  /** Whether it's base64url, padded or not. */
  readonly isEncoded: boolean;
  /** Whether it's in braces, so that reading it as JSON was worth a try. */
  readonly isBraced?: boolean;
  /** The text if it's a JSON object. `json` is its value. */
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

/** Whether it can be an object at all. A failed attempt is slow, and a text may have very many beginnings. */
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

/** Checks level by level, because recursion into hostile JSON would overflow the stack. */
function isDeeperThan(json: unknown, depth: number): boolean {
  let level: unknown[] = [json];
  for (let reached = 0; level.length > 0; reached++) {
    if (reached > depth) return true;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return false;
}
