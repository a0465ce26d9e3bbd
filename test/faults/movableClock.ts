import { mock } from 'node:test';

/** How far the clock goes at once, in milliseconds. */
const STEP_MS = 250;

/** How long real work may take before it counts as hung, in milliseconds of the real clock. */
const HUNG_MS = 10_000;

/** Turns of the event loop without anything under way, after which nothing is left to wait for but a timer. */
const QUIET_TURNS = 4;

/** A clock that goes on only when nothing else is under way, so that a minute of waiting takes milliseconds. Timers follow it. */
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
   * Waits for `work`, and moves the clock on whenever `isQuiet` says that nothing but time can bring it further. Resolves with the
   * milliseconds that it took by this clock.
   *
   * @throws when real work hangs
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
          `Not done after ${this.elapsed - startedAt} ms of the moved clock and ${HUNG_MS} ms of the real one.`,
        );
    }
  }
}

/** Lets everything run that waits for no timer. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
