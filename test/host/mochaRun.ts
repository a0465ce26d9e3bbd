import Mocha from 'mocha';
import { patient } from './patience';
import { tell } from './testEvents';

/** Loads a test file, which calls `describe`. By name, for example `documents`. */
export type TestFiles = Readonly<Record<string, () => Promise<unknown>>>;

/** What the bundle of a test group exports: see buildTests.mjs. */
export interface TestBundle {
  readonly testFiles: TestFiles;
}

export interface MochaRunOptions {
  readonly testFiles: TestFiles;
  /** Only these files. */
  readonly files?: readonly string[] | undefined;
  /** Only tests with a matching full title. */
  readonly grep?: string | undefined;
  /** For one test or hook, in milliseconds on an idle machine. */
  readonly timeout: number;
  /** Report the titles of the tests without running them. */
  readonly dryRun?: boolean | undefined;
}

/** How a run ended. The results of its tests are reported one by one: see testEvents.ts. */
export interface MochaRunResult {
  readonly passed: number;
  readonly failed: number;
}

/** Runs the tests in this process. A skipped test and a forgotten `only` count as failures. */
export async function runMocha(options: MochaRunOptions): Promise<MochaRunResult> {
  const names = Object.keys(options.testFiles).filter((name) => options.files?.includes(name) ?? true);
  const unknown = options.files?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no test file named ${unknown.join(', ')}.`);
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: function () {} as unknown as Mocha.ReporterConstructor, // the events are the report
    timeout: patient(options.timeout),
    forbidPending: true,
    forbidOnly: true,
    dryRun: options.dryRun ?? false,
    ...(options.grep === undefined ? {} : { grep: new RegExp(options.grep) }),
  });
  for (const name of names) {
    mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, name, mocha);
    await options.testFiles[name]?.();
  }
  return new Promise((resolve) => {
    let passed = 0;
    let failed = 0;
    const runner = mocha.run(() => {
      tell({ event: 'end' });
      resolve({ passed, failed });
    });
    tell({ event: 'plan', titles: titlesOf(mocha.suite, options.grep) });
    const begin = (runnable: Mocha.Runnable): void => tell({ event: 'begin', title: runnable.fullTitle() });
    runner.on('test', begin);
    runner.on('hook', begin);
    runner.on('pass', (test) => {
      passed++;
      tell({ event: 'pass', title: test.fullTitle(), milliseconds: test.duration ?? 0 });
    });
    runner.on('fail', (test, error: unknown) => {
      failed++;
      tell({ event: 'fail', title: test.fullTitle(), error: describeError(error) });
    });
  });
}

/** The tests of a suite that match a pattern, in the order in which they run. */
function titlesOf(suite: Mocha.Suite, grep: string | undefined): string[] {
  const pattern = grep === undefined ? undefined : new RegExp(grep);
  const own = suite.tests.map((test) => test.fullTitle()).filter((title) => pattern?.test(title) ?? true);
  return [...own, ...suite.suites.flatMap((child) => titlesOf(child, grep))];
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\nCaused by: ${describeError(error.cause)}`;
  const stack = error.stack ?? error.message;
  // The stack doesn't have the message if it was changed after the error was created.
  return `${stack.includes(error.message) ? stack : `${error.message}\n${stack}`}${cause}`;
}
