const UNITS = [
  { unit: 'year', length: 31_557_600_000 },
  { unit: 'month', length: 2_629_800_000 },
  { unit: 'day', length: 86_400_000 },
  { unit: 'hour', length: 3_600_000 },
  { unit: 'minute', length: 60_000 },
  { unit: 'second', length: 1_000 },
] as const;

/** The largest unit that fits at least once, and how many times. Never 0 seconds. */
function largestUnit(milliseconds: number): { readonly unit: (typeof UNITS)[number]['unit']; readonly count: number } {
  // Just below a full minute counts as that minute.
  const rounded = milliseconds < 60_000 ? Math.max(1_000, Math.round(milliseconds / 1_000) * 1_000) : milliseconds;
  const { unit, length } = UNITS.find((each) => rounded >= each.length) ?? UNITS[UNITS.length - 1]!;
  return { unit, count: Math.floor(rounded / length) };
}

/** A duration in words, to the second: `1 hour 30 minutes`. The largest unit is days. `milliseconds` isn't negative. */
export function durationInWords(milliseconds: number, language: string): string {
  let rest = Math.max(1_000, Math.round(milliseconds / 1_000) * 1_000);
  const words = UNITS.slice(2).map(({ unit, length }) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    return count === 0 ? undefined : countInWords(count, unit, language);
  });
  return words.filter((word) => word !== undefined).join(' ');
}

/** An approximate duration in its largest unit, rounded down: `3 minutes`, `6 years`. */
export function roughDuration(milliseconds: number, language: string): string {
  const { unit, count } = largestUnit(milliseconds);
  return countInWords(count, unit, language);
}

/** How far a moment is from now, in its largest unit: `in 3 minutes`, `6 years ago`. Both in milliseconds. */
export function timeFromNow(moment: number, now: number, language: string): string {
  const { unit, count } = largestUnit(Math.abs(moment - now));
  return new Intl.RelativeTimeFormat(language).format(moment > now ? count : -count, unit);
}

function countInWords(count: number, unit: string, language: string): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}
