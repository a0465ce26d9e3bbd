/**
 * A time in a claim. RFC 7519 wants seconds since the epoch as a number. Other forms are kept apart, because strict
 * readers refuse them. Times are in milliseconds.
 */
export type NumericDate =
  | { readonly kind: 'number'; readonly time: number }
  /** The number is a text. */
  | { readonly kind: 'text'; readonly time: number }
  /** The number is so large that it must be milliseconds. */
  | { readonly kind: 'milliseconds'; readonly time: number }
  | { readonly kind: 'invalid' };

/** The year 10000 in seconds, or 1978 in milliseconds. */
const FIRST_MILLISECONDS = 253_402_300_800;

/** The last moment that a `Date` can represent. */
const LAST_TIME = 8.64e15;

/** Reads a time claim; undefined if it's absent. */
export function readNumericDate(value: unknown): NumericDate | undefined {
  if (value === undefined) return undefined;
  const fromText = typeof value === 'string' && /^\s*\d{1,16}(?:\.\d+)?\s*$/.test(value);
  const number = fromText ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0) return { kind: 'invalid' };
  if (number >= FIRST_MILLISECONDS)
    return number > LAST_TIME ? { kind: 'invalid' } : { kind: 'milliseconds', time: number };
  return { kind: fromText ? 'text' : 'number', time: number * 1000 };
}

/** What a token's `exp` and `nbf` mean at a moment. */
export type Validity =
  | { readonly kind: 'current'; readonly until: number }
  | { readonly kind: 'expired'; readonly since: number }
  | { readonly kind: 'notYet'; readonly from: number }
  | { readonly kind: 'unlimited' }
  /** `exp` or `nbf` isn't a number of seconds, so nobody can tell. */
  | { readonly kind: 'unreadable'; readonly claim: 'exp' | 'nbf'; readonly isTooLarge?: true };

/**
 * How far clocks may differ without a note, in milliseconds: rounding to seconds, and a response's travel time. Without
 * it, a new token would be "not yet valid".
 */
export const CLOCK_TOLERANCE_MS = 30_000;

/** Checks `exp`, and `nbf` with {@link CLOCK_TOLERANCE_MS}, like a server. `now` is in milliseconds. */
export function validityAt(claims: Readonly<Record<string, unknown>>, now: number): Validity {
  const end = readNumericDate(claims['exp']);
  const start = readNumericDate(claims['nbf']);
  if (end !== undefined && end.kind !== 'number') return unreadable('exp', end);
  if (end !== undefined && end.time <= now) return { kind: 'expired', since: end.time };
  if (start !== undefined && start.kind !== 'number') return unreadable('nbf', start);
  if (start !== undefined && start.time > now + CLOCK_TOLERANCE_MS) return { kind: 'notYet', from: start.time };
  return end === undefined ? { kind: 'unlimited' } : { kind: 'current', until: end.time };
}

function unreadable(claim: 'exp' | 'nbf', { kind }: NumericDate): Validity {
  return { kind: 'unreadable', claim, ...(kind === 'milliseconds' && { isTooLarge: true }) };
}
