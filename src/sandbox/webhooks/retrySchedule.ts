const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long each of the eight tries waits after the one before it, in milliseconds (docs/scalekit-api.md, 5.4). */
export const RETRY_DELAYS_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  10 * HOUR,
];

export const MOST_TIMES_FASTER = 1_000_000;

/** How many times faster than Scalekit the sandbox tries again. */
export class RetryPace {
  #factor = 1;
  readonly #listeners = new Set<() => void>();

  get factor(): number {
    return this.#factor;
  }

  /** @param factor from 1 to 1,000,000. It also counts for what waits already. @throws RangeError */
  set(factor: number): void {
    if (!(factor >= 1 && factor <= MOST_TIMES_FASTER))
      throw new RangeError(`The factor must be a number from 1 to ${MOST_TIMES_FASTER}.`);
    this.#factor = factor;
    for (const listener of this.#listeners) listener();
  }

  /** @returns ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Milliseconds to wait after `tries` tries. Undefined if that was the last one. */
  delayAfter(tries: number): number | undefined {
    const delay = RETRY_DELAYS_MS[tries];
    return delay === undefined ? undefined : delay / this.#factor;
  }
}
