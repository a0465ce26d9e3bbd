import assert from 'node:assert/strict';

/** Milliseconds that this process itself worked, whatever else the machine did at the time. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** For four times as much, work that looks at everything once takes four times as long; work that looks again and again, sixteen times or more. */
const TIMES = 4;
const MOST_GROWTH = 9;

/** Below this, in milliseconds, growth can't be told from chance. */
const NOTICEABLE = 2;

/** Whether four times the size takes much more than four times the work. The least of three tries counts. */
export function growsFasterThanSize(work: (size: number) => void, size: number): boolean {
  if (processorTime(() => work(size)) < NOTICEABLE) return false;
  const least = (of: number): number => Math.min(...[1, 2, 3].map(() => processorTime(() => work(of))));
  const short = least(size);
  return short >= NOTICEABLE && least(size * TIMES) > short * MOST_GROWTH;
}

/** Asserts that work grows with the size of what it is given, not faster. */
export function assertGrowsWithSize(work: (size: number) => void, size: number): void {
  assert.ok(
    !growsFasterThanSize(work, size),
    `${TIMES} times as much as ${size} takes more than ${MOST_GROWTH} times as long`,
  );
}
