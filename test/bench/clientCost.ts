import type { SandboxProcess } from '../host/sandboxProcess';
import { contenderNames, type ContenderName } from './contender';
import { figuresOf } from './figures';
import type { Measured } from './measured';
import { startReplay } from './replay';
import { measureSeparately, type ContenderFiles } from './separately';

/** What a process takes that loads a contender and lists all organizations with it. The server is another process. */
export type ClientCost = Pick<Measured, 'milliseconds' | 'cpuMs' | 'loadCpuMs' | 'peakBytes' | 'heapBytes'>;

/** One cost per run. */
export interface ClientCosts {
  readonly contenders: Readonly<Record<ContenderName, readonly ClientCost[]>>;
  /** A process that loads no contender and asks for nothing. */
  readonly empty: readonly ClientCost[];
}

/**
 * Measures what each contender takes for all organizations of a sandbox, each time in a new process. The responses are
 * recorded first, and the sandbox is ended: a server that only returns recorded bytes takes its place.
 */
export async function measureClientCosts(
  files: ContenderFiles,
  sandbox: SandboxProcess,
  organizations: number,
  runs: number,
): Promise<ClientCosts> {
  const replay = await startReplay(sandbox);
  try {
    const list = async (name: ContenderName): Promise<ClientCost> => {
      const { responses, ...cost } = await measureSeparately('all', files[name], replay);
      if (responses !== organizations)
        throw new Error(`${name} listed ${responses} of ${organizations} organizations.`);
      return cost;
    };
    for (const name of contenderNames) await list(name);
    await sandbox.end();
    // Now nothing is recorded any more: what isn't there fails.
    const contenders: Record<ContenderName, ClientCost[]> = { workbench: [], sdk: [], nodeFetch: [], plainFetch: [] };
    const empty: ClientCost[] = [];
    for (let run = 0; run < runs; run++) {
      empty.push(await measureSeparately('empty', '', replay));
      const start = run % contenderNames.length;
      for (const name of [...contenderNames.slice(start), ...contenderNames.slice(0, start)])
        contenders[name].push(await list(name));
    }
    return { contenders, empty };
  } finally {
    await replay.end();
  }
}

/** The costs of each contender beyond the median of an empty process, run by run. */
export function beyondEmpty(
  { contenders, empty }: ClientCosts,
  costOf: (cost: ClientCost) => number,
): Readonly<Record<ContenderName, readonly number[]>> {
  const nothing = figuresOf(empty.map(costOf)).median;
  const beyond = (name: ContenderName): number[] => contenders[name].map((cost) => costOf(cost) - nothing);
  return {
    workbench: beyond('workbench'),
    sdk: beyond('sdk'),
    nodeFetch: beyond('nodeFetch'),
    plainFetch: beyond('plainFetch'),
  };
}
