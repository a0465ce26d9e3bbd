/** Readers for JSON that came from elsewhere: they take what is usable and never throw. */

/** A JSON object as TypeScript sees it before its fields were looked at. */
export type JsonRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or undefined when it is none. */
export function readRecord(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** The text, or undefined when there is none. */
export function readString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The text, or undefined when there is none or it is empty: Scalekit prints unset strings as `""` (docs/scalekit-api.md, 2.1). */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number that is not negative, also from its text: Scalekit prints 64-bit numbers as strings (docs/scalekit-api.md, 2.1). */
export function readCount(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

export function readArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A date and a time of day with its offset (RFC 3339), as Scalekit prints every time. `Date` takes `1.5` for one, and much else. */
const TIMESTAMP = /^\d{4}-\d\d-(\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;

/** A point in time. Scalekit prints "never" as `0001-01-01T00:00:00Z` (docs/scalekit-api.md, 2.1), which reads as undefined. */
export function readTime(value: unknown): Date | undefined {
  const day = typeof value === 'string' ? TIMESTAMP.exec(value)?.[1] : undefined;
  if (typeof value !== 'string' || day === undefined) return undefined;
  const time = new Date(value.toUpperCase());
  // A day that its month does not have would become one of the next.
  const isDay = new Date(`${value.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(day);
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() <= 1 || !isDay ? undefined : time;
}

/** A map of texts, such as `metadata`; values of other types are left out. */
export function readTextMap(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  const texts: [string, string][] = [];
  for (const key of Object.keys(value)) {
    const text = value[key];
    if (typeof text === 'string') texts.push([key, text]);
  }
  return Object.fromEntries(texts);
}
