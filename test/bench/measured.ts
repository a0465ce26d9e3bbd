import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { listAll, type Connection, type ContenderModule, type Credentials } from './contender';

// A process that measures one contender from cold, with nothing loaded before:
//   node --expose-gc measured.js empty|load|first|concurrent|all MODULE [IDS]
// It takes credentials from the three SCALEKIT_ variables, and comma-separated ids for `concurrent`. It prints one line of JSON.
// `empty` loads no contender: it measures what every process here takes.

/** What one process measured. */
export interface Measured {
  readonly milliseconds: number;
  /** The processor time of the whole process, in milliseconds, user and system, on all its threads. */
  readonly cpuMs: number;
  /** How much of it was spent before the first call: the start of the process, and loading the contender. */
  readonly loadCpuMs: number;
  /** The peak memory of the process, in bytes. */
  readonly peakBytes: number;
  /** The heap that is still in use after a garbage collection at the end, in bytes. */
  readonly heapBytes: number;
  /** How many responses it received. */
  readonly responses: number;
}

async function measure(task: string, file: string, ids: readonly string[]): Promise<Measured> {
  const start = performance.now();
  const connection = task === 'empty' ? undefined : loadContender(file).connect(credentials());
  const loaded = performance.now();
  const loadCpuMs = cpuMs();
  const responses = connection === undefined || task === 'load' ? 0 : await work(task, connection, ids);
  const end = performance.now();
  return {
    milliseconds: end - (task === 'load' || task === 'first' ? start : loaded),
    cpuMs: cpuMs(),
    loadCpuMs,
    peakBytes: peakBytes(),
    heapBytes: heapBytes(),
    responses,
  };
}

function loadContender(file: string): ContenderModule {
  // oxlint-disable-next-line typescript/no-require-imports -- its loading time is what is measured
  return require(file) as ContenderModule;
}

async function work(task: string, connection: Connection, ids: readonly string[]): Promise<number> {
  switch (task) {
    case 'first':
      return (await connection.list()).ids.length;
    case 'concurrent':
      return (await Promise.all(ids.map((id) => connection.get(id)))).filter((name) => name !== undefined).length;
    case 'all':
      return listAll(connection);
    default:
      throw new Error(`There is no task ${task}.`);
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Linux's own figure for this program. `maxRSS` isn't: it begins with the memory of the process that started this one. */
function peakBytes(): number {
  const kilobytes =
    process.platform === 'linux'
      ? /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
      : undefined;
  return Number(kilobytes ?? process.resourceUsage().maxRSS) * 1024;
}

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('Start it with --expose-gc.');
  globalThis.gc();
  return getHeapStatistics().used_heap_size;
}

function credentials(): Credentials {
  const [url, clientId, clientSecret] = ['ENVIRONMENT_URL', 'CLIENT_ID', 'CLIENT_SECRET'].map(
    (name) => process.env[`SCALEKIT_${name}`] ?? '',
  );
  return { url: url ?? '', clientId: clientId ?? '', clientSecret: clientSecret ?? '' };
}

const [task = '', file = '', ids = ''] = process.argv.slice(2);
void measure(task, file, ids.split(',')).then(
  (result) => {
    console.log(JSON.stringify(result));
    process.exit(0);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
