import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { measureActivation, type Activation } from '../bench/activation';
import { readmeSentence, report, speedTable } from '../bench/benchReport';
import { goalsOf, type BenchResults, type RequestCounts } from '../bench/benchResults';
import { startBenchSandbox, type BenchSandbox } from '../bench/benchSandbox';
import { measureBundles } from '../bench/bundleParts';
import { measureClientCosts, type ClientCosts } from '../bench/clientCost';
import { contenderNames, type Connection, type ContenderModule, type ContenderName } from '../bench/contender';
import { measureFirstRows, type FirstRows } from '../bench/firstRows';
import { measureTreeLoad, type TreeLoad } from '../bench/treeLoad';
import { bundleContenders, measureSeparately, type ContenderFiles } from '../bench/separately';
import { compareCalls, compareListings, type Medians } from '../bench/sideBySide';
import { parseFlags } from './commandLines.mjs';
import { installAll } from './install';
import { between } from './manifestTables';
import { packageExtension, vsixFile } from './package';
import { step } from './progress';
import { projectRoot } from './project';
import { endOnSignals } from './temporary';
import { versions } from './vscodeHost';

const ORGANIZATIONS = 10_000;
const FIRST_ROWS_OF = [250, 100_000];
const CONCURRENT = 100;

/** `npm run bench`: measures, writes out/bench.json and out/bench.md, and ends with 1 if a goal is missed. */
export async function main(flags: readonly string[]): Promise<number> {
  const { values } = parseFlags('bench', flags);
  const runs = Number(values.runs);
  endOnSignals();
  const results = await measure(runs, !values['no-activation']);
  const text = report(results);
  const folder = join(projectRoot(), 'out');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'bench.json'),
    `${JSON.stringify({ ...results, goals: goalsOf(results) }, undefined, 2)}\n`,
  );
  writeFileSync(join(folder, 'bench.md'), text);
  console.log(text);
  if (values.readme) {
    rewrite('README.md', 'speed-summary', readmeSentence(results));
    rewrite('docs/speed.md', 'speed', speedTable(results));
  }
  const missed = goalsOf(results).filter(({ met }) => !met);
  for (const { name, figure, bound } of missed) console.log(`Missed: ${name} is ${figure}, should be ${bound}`);
  if (missed.length === 0) console.log('Every goal is met.');
  return missed.length === 0 ? 0 : 1;
}

/** Writes the text between the markers of this name in one of the project's files. */
function rewrite(path: string, marker: string, text: string): void {
  const file = join(projectRoot(), path);
  writeFileSync(file, between(readFileSync(file, 'utf8'), marker, text));
}

async function measure(runs: number, withActivation: boolean): Promise<BenchResults> {
  const [processor] = cpus();
  const machine = {
    node: process.versions.node,
    processor: processor?.model ?? '',
    cores: cpus().length,
    loadBefore: loadavg()[0] ?? NaN,
  };
  const bundles = await step('Bundles', measureBundles);
  await step('Packaging the extension', () => packageExtension());
  const files = await bundleContenders();
  const sandbox = await startBenchSandbox(ORGANIZATIONS);
  try {
    const load = new SeriesOf<number>();
    const firstCall = new SeriesOf<number>();
    const concurrent = new SeriesOf<number>();
    const concurrentRequests = new SeriesOf<RequestCounts>();
    const listing = new SeriesOf<number>();
    const singleCall = new SeriesOf<number>();
    const connections = connectAll(files, sandbox);
    const ids = await someIds(connections);
    for (let run = 0; run < runs; run++) {
      await step(`Run ${run + 1} of ${runs}: in separate processes`, async () => {
        for (const name of inTurn(run)) {
          const task = (what: string, withIds: readonly string[] = []): ReturnType<typeof measureSeparately> =>
            measureSeparately(what, files[name], sandbox, withIds);
          load.add(name, (await task('load')).milliseconds);
          firstCall.add(name, (await task('first')).milliseconds);
          await sandbox.forgetRequests();
          const { milliseconds, responses } = await task('concurrent', ids);
          if (responses !== CONCURRENT) throw new Error(`${name} got ${responses} of ${CONCURRENT} responses.`);
          concurrent.add(name, milliseconds);
          concurrentRequests.add(name, await sandbox.countRequests());
        }
      });
      await step(`Run ${run + 1} of ${runs}: side by side`, async () => {
        listing.addAll(await compareListings(connections, ORGANIZATIONS, run));
        singleCall.addAll(await compareCalls(connections, ids, run));
      });
    }
    return {
      machine,
      runs,
      organizations: ORGANIZATIONS,
      load: load.values,
      firstCall: firstCall.values,
      concurrent: concurrent.values,
      concurrentRequests: concurrentRequests.values,
      listing: listing.values,
      singleCall: singleCall.values,
      clientCosts: await clientCosts(files, runs),
      firstRows: await firstRows(runs),
      activation: withActivation ? await activations(runs) : {},
      treeLoad: withActivation ? await treeLoads(runs) : {},
      bundles,
      vsixBytes: statSync(vsixFile()).size,
    };
  } finally {
    await sandbox.end();
  }
}

/** One value per run, by contender. */
class SeriesOf<T> {
  readonly values: Readonly<Record<ContenderName, T[]>> = { workbench: [], sdk: [], nodeFetch: [], plainFetch: [] };

  add(name: ContenderName, value: T): void {
    this.values[name].push(value);
  }

  addAll(this: SeriesOf<number>, medians: Medians): void {
    for (const name of contenderNames) this.add(name, medians[name]);
  }
}

/** Each contender goes first in turn. */
function inTurn(run: number): ContenderName[] {
  const start = run % contenderNames.length;
  return [...contenderNames.slice(start), ...contenderNames.slice(0, start)];
}

/** All contenders, in this process. */
function connectAll(files: ContenderFiles, sandbox: BenchSandbox): ReadonlyMap<ContenderName, Connection> {
  const load = createRequire(__filename);
  return new Map(contenderNames.map((name) => [name, (load(files[name]) as ContenderModule).connect(sandbox)]));
}

async function someIds(connections: ReadonlyMap<ContenderName, Connection>): Promise<readonly string[]> {
  const { ids } = (await connections.get('plainFetch')?.list()) ?? { ids: [] };
  if (ids.length !== CONCURRENT) throw new Error(`The first page has ${ids.length} organizations.`);
  return ids;
}

async function clientCosts(files: ContenderFiles, runs: number): Promise<ClientCosts> {
  return step(`Processor time and memory for ${ORGANIZATIONS} organizations`, async () => {
    const sandbox = await startBenchSandbox(ORGANIZATIONS);
    try {
      return await measureClientCosts(files, sandbox, ORGANIZATIONS, runs);
    } finally {
      await sandbox.end();
    }
  });
}

async function firstRows(runs: number): Promise<Record<string, FirstRows[]>> {
  const measured: Record<string, FirstRows[]> = {};
  for (const organizations of FIRST_ROWS_OF) {
    await step(`First rows of ${organizations}`, async () => {
      const sandbox = await startBenchSandbox(organizations);
      try {
        const all: FirstRows[] = [];
        for (let run = 0; run < runs; run++) all.push(await measureFirstRows(sandbox));
        measured[organizations] = all;
      } finally {
        await sandbox.end();
      }
    });
  }
  return measured;
}

async function activations(runs: number): Promise<Record<string, Activation[]>> {
  await installAll();
  const measured: Record<string, Activation[]> = {};
  for (const { vscode } of versions) {
    await step(`Activation in VS Code ${vscode}`, async () => {
      const starts: Activation[] = [];
      for (let run = 0; run < runs; run++) starts.push(await measureActivation(vscode));
      measured[vscode] = starts;
    });
  }
  return measured;
}

async function treeLoads(runs: number): Promise<Record<string, TreeLoad[]>> {
  const measured: Record<string, TreeLoad[]> = {};
  for (const { vscode } of versions) {
    await step(`1,000 rows in the tree of VS Code ${vscode}`, async () => {
      const loads: TreeLoad[] = [];
      for (let run = 0; run < runs; run++) loads.push(...(await measureTreeLoad(vscode)));
      measured[vscode] = loads;
    });
  }
  return measured;
}
