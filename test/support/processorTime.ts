import assert from 'node:assert/strict';

/** How many milliseconds this process itself worked, whatever else the machine did. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** With four times the input, linear work takes four times as long. Quadratic work takes sixteen times as long, or more. */
const TIMES = 4;
const MOST_GROWTH = 9;

/** Below this many milliseconds, growth looks like chance. */
const NOTICEABLE = 4;

/** On a busy machine a single measurement can be twice too long, so the least of several counts. */
const MOST_ROUNDS = 12;

/**
 * Whether four times the size takes much more than four times the work. Measures again, and keeps the least of each size,
 * until the growth is clearly linear or clearly more.
 */
export function growsFasterThanSize(work: (size: number) => void, size: number): boolean {
  if (processorTime(() => work(size)) < NOTICEABLE) return false;
  let short = Infinity;
  let long = Infinity;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    short = Math.min(
      short,
      processorTime(() => work(size)),
    );
    long = Math.min(
      long,
      processorTime(() => work(size * TIMES)),
    );
    if (short < NOTICEABLE) return false;
    const growth = long / short;
    if (round >= 3 && (growth < MOST_GROWTH / 1.5 || growth > MOST_GROWTH * 1.5)) break;
  }
  return long > short * MOST_GROWTH;
}

/** Asserts that work grows no faster than the size of its input. */
export function assertGrowsWithSize(work: (size: number) => void, size: number): void {
  assert.ok(
    !growsFasterThanSize(work, size),
    `${TIMES} times as much as ${size} takes more than ${MOST_GROWTH} times as long`,
  );
}
