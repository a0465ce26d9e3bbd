import { mock } from 'node:test';

/** How far the clock moves in one step, in milliseconds. */
const STEP_MS = 250;

/** After how long real work counts as hung, in milliseconds of the real clock. */
const HUNG_MS = 10_000;

/** After so many idle turns of the event loop, only a timer is left to wait for. */
const QUIET_TURNS = 4;

/** A clock that moves only while nothing else happens, so that a minute of waiting takes milliseconds. Timers follow it. */
export class MovableClock {
  private elapsed = 0;
  private readonly begin = Date.now();

  /** Milliseconds since the epoch by this clock. */
  readonly now = (): number => this.begin + this.elapsed;

  /** From now on `setTimeout` waits for this clock. */
  start(): void {
    mock.timers.enable({ apis: ['setTimeout'] });
  }

  stop(): void {
    mock.timers.reset();
  }

  /**
   * Waits for `work`, and moves the clock forward whenever `isQuiet` says that only time can continue it. Resolves with the
   * milliseconds that the work took by this clock.
   *
   * @throws if real work hangs
   */
  async settle(work: Promise<unknown>, isQuiet: () => boolean): Promise<number> {
    const startedAt = this.elapsed;
    const hungAt = performance.now() + HUNG_MS;
    let settled = false;
    work.then(
      () => (settled = true),
      () => (settled = true),
    );
    for (let quietTurns = 0; ; ) {
      await turn();
      if (settled) return this.elapsed - startedAt;
      quietTurns = isQuiet() ? quietTurns + 1 : 0;
      if (quietTurns >= QUIET_TURNS) {
        this.elapsed += STEP_MS;
        mock.timers.tick(STEP_MS);
        quietTurns = 0;
      }
      if (performance.now() > hungAt)
        throw new Error(
          `Not done after ${this.elapsed - startedAt} ms of the movable clock and ${HUNG_MS} ms of the real one.`,
        );
    }
  }
}

/** Runs everything that doesn't wait for a timer. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
