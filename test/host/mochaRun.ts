import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Mocha from 'mocha';

/** What a run of tests came to. Written as JSON to a file, because the run is in another process. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Full titles of what failed. */
  readonly failures: readonly string[];
}

export interface MochaRunOptions {
  /** Every `*.test.js` below it is run. */
  readonly folder: string;
  /** Just this one of them. */
  readonly file?: string | undefined;
  /** Only tests whose full title matches. */
  readonly grep?: string | undefined;
  /** For one test, in milliseconds. */
  readonly timeout: number;
  /** Where the counts go. */
  readonly resultFile?: string | undefined;
}

/** Runs the tests in this process. A skipped test counts as failed, and so does an `only` that was left behind. */
export async function runMocha(options: MochaRunOptions): Promise<TestCounts> {
  const files = options.file === undefined ? await testFiles(options.folder) : [options.file];
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    color: Boolean(process.stdout.isTTY),
    timeout: options.timeout,
    forbidPending: true,
    forbidOnly: true,
    ...(options.grep === undefined ? {} : { grep: new RegExp(options.grep) }),
  });
  for (const file of files) mocha.addFile(join(options.folder, file));

  const failures: string[] = [];
  const counts = await new Promise<TestCounts>((resolve) => {
    const runner = mocha.run(() => {
      const passed = runner.stats?.passes ?? 0;
      resolve({ passed, failed: failures.length, failures });
    });
    runner.on('fail', (test) => failures.push(test.fullTitle()));
  });
  if (options.resultFile !== undefined) await writeFile(options.resultFile, JSON.stringify(counts));
  return counts;
}

/** The test files below a folder, as paths from there. */
export async function testFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.test.js')).sort();
}
