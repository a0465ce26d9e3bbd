const UNITS = [
  { unit: 'day', length: 86_400_000 },
  { unit: 'hour', length: 3_600_000 },
  { unit: 'minute', length: 60_000 },
  { unit: 'second', length: 1_000 },
] as const;

/** A length of time in words, its two largest units: `23 hours 41 minutes`. `milliseconds` is not negative. */
export function durationInWords(milliseconds: number, language: string): string {
  const rounded = milliseconds < 60_000 ? Math.round(milliseconds / 1000) * 1000 : milliseconds;
  const first = UNITS.findIndex(({ length }) => rounded >= length);
  const used = first < 0 ? UNITS.slice(-1) : UNITS.slice(first, first + 2);
  let rest = rounded;
  const words = used.map(({ unit, length }, index) => {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count === 0 && index > 0) return undefined;
    return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  });
  return words.filter((word) => word !== undefined).join(' ');
}
