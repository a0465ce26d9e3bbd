import type { Activation } from './activation';
import { partsAtActivation, type BundlePart } from './bundleParts';
import { beyondEmpty, type ClientCosts } from './clientCost';
import type { ContenderName } from './contender';
import { figuresOf, ratiosOf, type Figures } from './figures';
import type { FirstRows } from './firstRows';
import type { TreeLoad } from './treeLoad';

/** One value for each run, by contender. */
export type Series = Readonly<Record<ContenderName, readonly number[]>>;

/** Requests for 100 concurrent calls from cold, in each run. */
export interface RequestCounts {
  readonly token: number;
  readonly api: number;
}

/** Everything that was measured. Times are in milliseconds. */
export interface BenchResults {
  readonly machine: {
    readonly node: string;
    readonly processor: string;
    readonly cores: number;
    readonly loadBefore: number;
  };
  readonly runs: number;
  readonly organizations: number;
  readonly load: Series;
  readonly firstCall: Series;
  readonly concurrent: Series;
  readonly concurrentRequests: Readonly<Record<ContenderName, readonly RequestCounts[]>>;
  readonly listing: Series;
  readonly singleCall: Series;
  /** What listing all organizations takes of the client's own, against recorded responses. */
  readonly clientCosts: ClientCosts;
  /** By number of organizations. */
  readonly firstRows: Readonly<Record<string, readonly FirstRows[]>>;
  /** By version of VS Code. Empty if skipped. */
  readonly activation: Readonly<Record<string, readonly Activation[]>>;
  /** By version of VS Code. Empty if skipped. */
  readonly treeLoad: Readonly<Record<string, readonly TreeLoad[]>>;
  readonly bundles: readonly BundlePart[];
  readonly vsixBytes: number;
}

/** A promise about the figures, and its result. */
export interface Goal {
  readonly name: string;
  readonly figure: number;
  readonly bound: string;
  readonly met: boolean;
}

const FEWEST_RUNS = 5;

/** Every goal. Figures are medians, unless the name says otherwise. */
export function goalsOf(results: BenchResults): Goal[] {
  const { load, listing, clientCosts, concurrentRequests, firstRows, activation, treeLoad, bundles, vsixBytes, runs } =
    results;
  const cpu = beyondEmpty(clientCosts, ({ cpuMs }) => cpuMs);
  const peak = beyondEmpty(clientCosts, ({ peakBytes }) => peakBytes);
  const atLeast = (name: string, figure: number, bound: number): Goal => ({
    name,
    figure,
    bound: `≥ ${shown(bound)}`,
    met: figure >= bound,
  });
  const atMost = (name: string, figure: number, bound: number): Goal => ({
    name,
    figure,
    bound: `≤ ${shown(bound)}`,
    met: figure <= bound,
  });
  const requests = (name: ContenderName): Figures =>
    figuresOf(concurrentRequests[name].map(({ token, api }) => token + api));
  const rows = Object.values(firstRows).flat();
  return [
    atLeast('runs', runs, FEWEST_RUNS),
    atLeast('load of the client: times as fast as the SDK', ratiosOf(load.sdk, load.workbench).median, 10),
    atMost(
      '10,000 organizations: share of the SDK’s processor time, beyond an empty process',
      ratiosOf(cpu.workbench, cpu.sdk).median,
      1 / 3,
    ),
    atMost(
      '10,000 organizations: share of the SDK’s peak memory, beyond an empty process',
      ratiosOf(peak.workbench, peak.sdk).median,
      1 / 2,
    ),
    atMost(
      '10,000 organizations: times the time of bare node-fetch',
      ratiosOf(listing.workbench, listing.nodeFetch).median,
      1.1,
    ),
    atMost(
      '10,000 organizations: times the time of plain fetch',
      ratiosOf(listing.workbench, listing.plainFetch).median,
      1.6,
    ),
    atMost('100 concurrent calls from cold: requests, maximum', requests('workbench').maximum, 101),
    atMost('first rows: list requests, maximum', figuresOf(rows.map(({ listRequests }) => listRequests)).maximum, 1),
    atMost('cached token and rows: ms', figuresOf(rows.map(({ warmTokenMs }) => warmTokenMs)).median, 5),
    atMost(
      'cached token and rows: requests, maximum',
      figuresOf(rows.map(({ warmRequests }) => warmRequests)).maximum,
      0,
    ),
    ...Object.entries(firstRows).map(([count, measured]) =>
      atMost(
        `event loop blocked on the way to 1,000 of ${count} rows: ms`,
        figuresOf(measured.map(({ longestHoldMs }) => longestHoldMs)).median,
        50,
      ),
    ),
    ...Object.entries(activation).map(([version, starts]) =>
      atMost(`activate() in VS Code ${version}: ms`, figuresOf(starts.map(({ activateMs }) => activateMs)).median, 10),
    ),
    ...Object.entries(treeLoad).flatMap(([version, loads]) =>
      [...new Set(loads.map(({ rows }) => rows))].map((rows) => {
        const computing = loads
          .filter((load) => load.rows === rows)
          .map(({ longestComputingMs }) => longestComputingMs);
        return atMost(
          `event loop of VS Code ${version} blocked for 1,000 of ${rows}: ms`,
          figuresOf(computing).median,
          50,
        );
      }),
    ),
    atMost(
      'code that activation reads: bytes',
      partsAtActivation(bundles).reduce((sum, { bytes }) => sum + bytes, 0),
      150_000,
    ),
    atMost('VSIX: bytes', vsixBytes, 900_000),
  ];
}

function shown(bound: number): string {
  return String(Number.isInteger(bound) ? bound : Number(bound.toPrecision(3)));
}
