const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The seconds in a text like `900`, `15m`, `2 h` or `1d`. Undefined for any other text, and for none. */
export function readLifetime(text: string): number | undefined {
  const [, digits, unit = 's'] = /^\s*(\d{1,9})\s*([smhd])?\s*$/i.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS[unit.toLowerCase()] ?? NaN);
  return seconds > 0 ? seconds : undefined;
}
