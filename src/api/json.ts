/** Readers for external JSON. They return what is usable and never throw. */

/** A JSON object whose fields haven't been checked. */
export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readRecord(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

export function readString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * The text, or undefined if there is none or it's empty: Scalekit prints unset strings as `""` (docs/scalekit-api.md,
 * 2.1).
 */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * A whole number that isn't negative, or its text: Scalekit prints 64-bit numbers as strings (docs/scalekit-api.md,
 * 2.1).
 */
export function readCount(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export function readArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * A date and time with its offset (RFC 3339), as Scalekit prints every time. `Date` also accepts `1.5` and much else.
 */
const TIMESTAMP = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/**
 * A point in time. Undefined for `0001-01-01T00:00:00Z`, which Scalekit prints for "never" (docs/scalekit-api.md, 2.1).
 */
export function readTime(value: unknown): Date | undefined {
  const day = typeof value === 'string' ? TIMESTAMP.exec(value)?.[1] : undefined;
  if (typeof value !== 'string' || day === undefined) return undefined;
  const time = new Date(value.toUpperCase());
  // JavaScript turns a day that the month doesn't have into one of the next month.
  const isDay = new Date(`${value.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(day);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() <= 1 || !isDay ? undefined : time;
}

/** A map of texts, for example `metadata`. Values of other types are left out. */
export function readTextMap(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  const texts: [string, string][] = [];
  for (const key of Object.keys(value)) {
    const text = value[key];
    if (typeof text === 'string') texts.push([key, text]);
  }
  return Object.fromEntries(texts);
}
