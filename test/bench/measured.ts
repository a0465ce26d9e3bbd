import { performance } from 'node:perf_hooks';
import { listAll, type ContenderModule, type Credentials } from './contender';

// A process that measures one contender from cold, with nothing loaded before:
//   node measured.js load|first|concurrent|all MODULE [IDS]
// It takes credentials from the three SCALEKIT_ variables, and comma-separated ids for `concurrent`. It prints one line of JSON.

/** What one process measured. */
export interface Measured {
  readonly milliseconds: number;
  /** The peak memory of the process, in bytes. */
  readonly peakBytes: number;
  /** How many responses it received. */
  readonly responses: number;
}

async function measure(task: string, file: string, ids: readonly string[]): Promise<Measured> {
  const start = performance.now();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- its loading time is what is measured
  const { connect } = require(file) as ContenderModule;
  const loaded = performance.now();
  const since = (begin: number, responses: number): Measured => ({
    milliseconds: performance.now() - begin,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    responses,
  });
  if (task === 'load') return since(start, 0);
  const connection = connect(credentials());
  switch (task) {
    case 'first':
      return since(start, (await connection.list()).ids.length);
    case 'concurrent':
      return since(
        loaded,
        (await Promise.all(ids.map((id) => connection.get(id)))).filter((name) => name !== undefined).length,
      );
    case 'all':
      return since(loaded, await listAll(connection));
    default:
      throw new Error(`There is no task ${task}.`);
  }
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
