import { Bench } from 'tinybench';
import { listAll, type Connection, type ContenderName } from './contender';

/** Medians in milliseconds, by contender. */
export type Medians = Readonly<Record<ContenderName, number>>;

/** How often each contender reads all organizations in one run. */
const LISTINGS = 3;

/** How many single calls each contender makes in one run. */
const CALLS = 200;

/** Lists all organizations, page by page. The contenders take turns, and each one goes first in turn. */
export async function compareListings(
  connections: ReadonlyMap<ContenderName, Connection>,
  organizations: number,
  run: number,
): Promise<Medians> {
  return compare(connections, run, { iterations: LISTINGS, warmupIterations: 1 }, async (connection) => {
    const count = await listAll(connection);
    if (count !== organizations) throw new Error(`${count} of ${organizations} organizations were listed.`);
  });
}

/** Gets one organization after the other, with a cached token. */
export async function compareCalls(
  connections: ReadonlyMap<ContenderName, Connection>,
  ids: readonly string[],
  run: number,
): Promise<Medians> {
  let next = 0;
  return compare(connections, run, { iterations: CALLS, warmupIterations: 20 }, async (connection) => {
    if ((await connection.get(ids[next++ % ids.length] ?? '')) === undefined)
      throw new Error('An organization has no name.');
  });
}

async function compare(
  connections: ReadonlyMap<ContenderName, Connection>,
  run: number,
  { iterations, warmupIterations }: { readonly iterations: number; readonly warmupIterations: number },
  work: (connection: Connection) => Promise<void>,
): Promise<Medians> {
  // Exactly this many iterations, however long they take.
  const bench = new Bench({ iterations, time: 0, warmupIterations, warmupTime: 0, throws: true });
  const all = [...connections];
  const start = run % all.length;
  for (const [name, connection] of [...all.slice(start), ...all.slice(0, start)])
    bench.add(name, () => work(connection), { async: true });
  await bench.run();
  return Object.fromEntries(
    bench.tasks.map(({ name, result }) => {
      if (result.state !== 'completed') throw new Error(`${name} wasn't measured: ${result.state}`);
      return [name, result.latency.p50];
    }),
  ) as unknown as Medians;
}
