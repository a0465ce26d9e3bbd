/** What long work needs to know about its surroundings. */
export interface SliceHost {
  /** Milliseconds, from any point in time. */
  readonly now: () => number;
  /** Lets everything else that waits run. */
  readonly pause: () => Promise<void>;
  /** Whether the work's result isn't needed any more. */
  readonly isOutdated: () => boolean;
}

/** A slice may last 16 ms. The longest single step, in which the parser builds its tree, must fit into the rest. */
const SLICE_MS = 4;

/** Runs a generator's steps in short slices. Undefined if it became outdated; the rest is then dropped. */
export async function inSlices<T>(work: Generator<void, T>, host: SliceHost): Promise<T | undefined> {
  for (;;) {
    if (host.isOutdated()) return undefined;
    const end = host.now() + SLICE_MS;
    do {
      const step = work.next();
      if (step.done === true) return host.isOutdated() ? undefined : step.value;
    } while (host.now() < end);
    await host.pause();
  }
}
