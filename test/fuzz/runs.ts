import fc from 'fast-check';

/**
 * How often each property is tried, from FUZZ_RUNS (`npm run fuzz` sets 100,000), and from which seed, from FUZZ_SEED. Call it once in each
 * file. A property that fails prints its seed, its path and the smallest example.
 */
export function configureRuns(): void {
  const seed = process.env['FUZZ_SEED'];
  fc.configureGlobal({ numRuns: numberOfRuns(), ...(seed === undefined ? {} : { seed: Number(seed) }) });
}

export function numberOfRuns(): number {
  return Number(process.env['FUZZ_RUNS'] ?? 300);
}
