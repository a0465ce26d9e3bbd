/** How far a clock can be ahead: ten years. */
const FURTHEST_MS = 315_360_000_000;

/** The sandbox's clock: this machine's, and ahead of it by what somebody has moved it on. */
export class Clock {
  #aheadMs = 0;

  constructor(private readonly base: () => number) {}

  /** Milliseconds since the epoch. */
  readonly now = (): number => this.base() + this.#aheadMs;

  /** The time of this machine. */
  readonly realNow = (): number => this.base();

  /** How far it's ahead of this machine, in milliseconds. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** @throws Error with a sentence if that's too far, or back */
  moveOn(milliseconds: number): void {
    if (!(milliseconds >= 0) || this.#aheadMs + milliseconds > FURTHEST_MS)
      throw new Error('The clock can be moved on by at most ten years.');
    this.#aheadMs += milliseconds;
  }

  /** Sets it to the time of this machine again. */
  reset(): void {
    this.#aheadMs = 0;
  }
}
