import type { SeededRandom } from '../random';

/** What all resources of one sandbox share. */
export interface World {
  readonly seed: SeededRandom;
  /** Number of sample organizations. */
  readonly organizations: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The sandbox's own address, without a trailing slash. */
  readonly url: () => string;
}
