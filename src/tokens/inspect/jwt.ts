import { isRecord, type JsonRecord } from '../../api/json.js';
import { trimEnd } from '../../api/trimEnd.js';

/** A JWT taken apart. `compact` is the token itself: for verifying alone, never to be shown, logged or kept. */
export interface Jwt {
  readonly compact: string;
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
  readonly signature: 'present' | 'missing' | 'malformed';
}

/** Why a text is no JWT that can be read. */
export type JwtFault =
  | 'empty'
  | 'tooLarge'
  | 'onePart'
  | 'twoParts'
  | 'encrypted'
  | 'manyParts'
  | 'headerEncoding'
  | 'headerJson'
  | 'claimsEncoding'
  | 'claimsJson'
  | 'tooDeep';

/** Thrown by {@link parseJwt}. Carries the fault only, never the text: it may be a token. */
export class JwtError extends Error {
  constructor(readonly fault: JwtFault) {
    super(`Not a JWT: ${fault}`);
    this.name = 'JwtError';
  }
}

/** Servers take headers of 8 to 64 kB, so no token in use is longer than this. Characters. */
export const MAX_JWT_LENGTH = 256 * 1024;

/** How far from its end a text is searched for a JWT. Characters. */
const MAX_SEARCHED_LENGTH = 1024 * 1024;

/** Deeper JSON than this is no claims set, and would not be readable. */
const MAX_DEPTH = 32;

/** How a JOSE header begins in base64url: `{"`, `{ ` or `{` and a line break. */
const HEADER_START = /^(?:eyJ|eyA|ewo|ew0)/;

/**
 * The JWT in a text that a person selected or copied: the text itself without quotes, `Authorization:`, `Bearer` and the line breaks of
 * a terminal that wrapped it, or the first JWT inside it, such as in a curl command or a JSON answer. What begins like a JWT counts
 * even when it is none, so that what is wrong with it can be said. Undefined when there is nothing of the kind.
 */
export function findJwt(text: string): string | undefined {
  const cleaned = cleanJwt(text);
  if (HEADER_START.test(cleaned) && !/\s/.test(cleaned) && cleaned.length > 10) return cleaned;
  return /(?<![\w-])eyJ[\w-]{5,}(?:\.[\w-]*){1,4}/.exec(text.slice(0, MAX_SEARCHED_LENGTH))?.[0];
}

/** Takes off what commonly stands around a token. */
function cleanJwt(text: string): string {
  const begun = text
    .trim()
    .replace(/^["'`<]+/, '')
    .replace(/^(?:proxy-)?authorization["']?\s*[:=]\s*["']?/i, '')
    .replace(/^(?:bearer|token)\s+/i, '');
  return unwrapped(trimEnd(begun, /^["'`>,;\s]$/).replace(/^["'`<\s]+/, ''));
}

/** Joins the lines of a terminal that broke one long word: all of the same length but the last, which is no longer than those. */
function unwrapped(text: string): string {
  if (text.length > MAX_SEARCHED_LENGTH || !text.includes('\n')) return text;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const width = lines[0]?.length ?? 0;
  const last = lines.at(-1) ?? '';
  const broken = width >= 20 && last.length <= width && lines.slice(0, -1).every((line) => line.length === width);
  return broken ? lines.join('') : text;
}

/**
 * Takes a JWT apart. Says nothing about whether it can be trusted: its signature is only looked at for being there.
 *
 * @throws JwtError
 */
export function parseJwt(text: string): Jwt {
  const compact = cleanJwt(text);
  if (compact === '') throw new JwtError('empty');
  if (compact.length > MAX_JWT_LENGTH) throw new JwtError('tooLarge');
  const parts = compact.split('.');
  const [header = '', claims = '', signature = ''] = parts;
  if (parts.length === 1) throw new JwtError('onePart');
  if (parts.length === 2) throw new JwtError('twoParts');
  if (parts.length === 5) throw new JwtError('encrypted');
  if (parts.length !== 3) throw new JwtError('manyParts');
  return {
    compact,
    header: parsePart(header, 'headerEncoding', 'headerJson'),
    claims: parsePart(claims, 'claimsEncoding', 'claimsJson'),
    signature: signature === '' ? 'missing' : isBase64Url(signature) ? 'present' : 'malformed',
  };
}

function parsePart(part: string, encodingFault: JwtFault, jsonFault: JwtFault): JsonRecord {
  if (part === '' || !isBase64Url(part)) throw new JwtError(encodingFault);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
  } catch {
    throw new JwtError(jsonFault);
  }
  if (!isRecord(json)) throw new JwtError(jsonFault);
  if (isDeeperThan(json, MAX_DEPTH)) throw new JwtError('tooDeep');
  return json;
}

function isBase64Url(text: string): boolean {
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
