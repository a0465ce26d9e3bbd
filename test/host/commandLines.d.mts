/** The flags of the commands of package.json, as commandLines.mjs checks them before anything is installed. */
interface Flags {
  start: { editor: string; organizations: string; desktop: boolean; check: boolean; screenshot?: string };
  test: {
    all: boolean;
    only: string[];
    grep?: string;
    runs?: string;
    seed?: string;
    desktop: boolean;
    workers?: string;
    patience?: string;
    record: boolean;
    'dry-run': boolean;
  };
  steady: { times: string; busy: boolean; all: boolean; grep?: string };
  titles: Record<string, never>;
  bench: { runs: string; 'no-activation': boolean; readme: boolean };
}

/** @throws when the flags can't be understood */
export function parseFlags<C extends keyof Flags>(
  command: C,
  flags: readonly string[],
): { values: Flags[C]; positionals: string[] };
