import { performance } from 'node:perf_hooks';
import { listAll, type ContenderModule, type Credentials } from './contender';

// A process that measures one contender, so that nothing is loaded or warm before:
//   node measured.js load|first|concurrent|all MODULE [IDS]
// Credentials come in the three SCALEKIT_ variables, the ids for `concurrent` with commas between them. It prints one line of JSON.

/** What one process measured. */
export interface Measured {
  readonly milliseconds: number;
  /** The most memory that the process had, in bytes. */
  readonly peakBytes: number;
  /** How many answers came. */
  readonly answers: number;
}

async function measure(task: string, file: string, ids: readonly string[]): Promise<Measured> {
  const start = performance.now();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the time that this takes is what is measured
  const { connect } = require(file) as ContenderModule;
  const loaded = performance.now();
  const since = (begin: number, answers: number): Measured => ({
    milliseconds: performance.now() - begin,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    answers,
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
