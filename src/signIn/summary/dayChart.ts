import type { Day, OutcomeCounts } from './signInTally';

/** The most days that a chart and a table show. */
export const MOST_DAYS = 60;

const HEIGHT = 96;
const BAR = 14;
const GAP = 4;
const LEAST_BARS = 14;
const DAY_MS = 86_400_000;

/** Colours that stand out on white and on black: a picture can't know VS Code's theme. */
const SIGNED_IN = '#2f8f5b';
const FAILED = '#d8483e';
const UNFINISHED = '#808890';

/**
 * Days as a picture of stacked bars, oldest first: failed at the bottom, with stripes, then signed in, then what was
 * neither. Days without attempts have no bar. The picture has no text and nothing from the server but numbers.
 *
 * @param days newest first
 */
export function dayChart(days: readonly Day[]): string {
  const shown = withGaps(days.slice(0, MOST_DAYS)).slice(-MOST_DAYS);
  const highest = Math.max(1, ...shown.map(sum));
  const width = Math.max(LEAST_BARS, shown.length) * (BAR + GAP) + GAP;
  const bars = shown.flatMap((counts, index) => {
    let top = HEIGHT;
    return parts(counts)
      .filter(([count]) => count > 0)
      .map(([count, fill]) => {
        // A single failure among thousands must still be seen.
        const height = Math.max(2, round((count / highest) * (HEIGHT - 8)));
        top = round(top - height);
        return `<rect x="${GAP + index * (BAR + GAP)}" y="${top}" width="${BAR}" height="${height}" fill="${fill}"/>`;
      });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT + 2}" viewBox="0 0 ${width} ${HEIGHT + 2}">`,
    '<defs><pattern id="f" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">',
    `<rect width="5" height="5" fill="${FAILED}"/><rect width="1.5" height="5" fill="#fff"/></pattern></defs>`,
    ...bars,
    `<rect x="0" y="${HEIGHT}" width="${width}" height="1" fill="${UNFINISHED}"/>`,
    '</svg>',
  ].join('');
}

/** A picture as an address that needs no file and no network. */
export function dataAddress(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function parts(counts: OutcomeCounts): [count: number, fill: string][] {
  return [
    [counts.FAILED, 'url(#f)'],
    [counts.SUCCESS, SIGNED_IN],
    [counts.PENDING + counts.INITIATED + counts.OTHER, UNFINISHED],
  ];
}

function sum(counts: OutcomeCounts | undefined): number {
  return counts === undefined ? 0 : parts(counts).reduce((all, [count]) => all + count, 0);
}

/** The counts of each day from the oldest to the newest. A long pause is at most as long as the picture. */
function withGaps(days: readonly Day[]): OutcomeCounts[] {
  const oldestFirst = days.toReversed();
  return oldestFirst.flatMap(({ start, counts }, index) => {
    const before = oldestFirst[index - 1];
    // A day may have 23 or 25 hours.
    const days = before === undefined ? 0 : Math.round((start.getTime() - before.start.getTime()) / DAY_MS) - 1;
    return [...Array.from({ length: Math.min(Math.max(days, 0), MOST_DAYS) }, () => NOTHING), counts];
  });
}

const NOTHING: OutcomeCounts = { SUCCESS: 0, FAILED: 0, PENDING: 0, INITIATED: 0, OTHER: 0 };

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
