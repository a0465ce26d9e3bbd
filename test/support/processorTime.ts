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
const NOTICEABLE = 2;

/** Whether four times the size takes much more than four times the work. Uses the least of three tries. */
export function growsFasterThanSize(work: (size: number) => void, size: number): boolean {
  if (processorTime(() => work(size)) < NOTICEABLE) return false;
  const least = (of: number): number => Math.min(...[1, 2, 3].map(() => processorTime(() => work(of))));
  const short = least(size);
  return short >= NOTICEABLE && least(size * TIMES) > short * MOST_GROWTH;
}

/** Asserts that work grows no faster than the size of its input. */
export function assertGrowsWithSize(work: (size: number) => void, size: number): void {
  assert.ok(
    !growsFasterThanSize(work, size),
    `${TIMES} times as much as ${size} takes more than ${MOST_GROWTH} times as long`,
  );
}
