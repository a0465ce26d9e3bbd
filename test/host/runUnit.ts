import { appendFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { patient } from './patience';
import { startGroup } from './processes';
import { projectRoot } from './project';
import { eventsEnvironment, type TestEvent } from './testEvents';
import { TestRun } from './testRun';
import type { TestUnit } from './testUnits';

/** How long a unit may be silent, in milliseconds on an idle machine. Longer than any test may take, so that only a hanging unit is ended. */
const SILENCE = 150_000;
const LOOK_EVERY = 200;

/** The result of one unit. */
export interface UnitResult {
  readonly name: string;
  readonly seconds: number;
  readonly passed: readonly { readonly title: string; readonly milliseconds: number }[];
  /** Tests that failed, and the one that was running when the process ended. */
  readonly failures: readonly { readonly title: string; readonly error: string }[];
  /** Tests that didn't start, because the process ended before them. */
  readonly notBegun: readonly string[];
}

/** What is shown while units run. */
export interface Reporter {
  /** A test ended, or a failed one has a picture. */
  onEvent(unit: TestUnit, event: TestEvent): void;
  /** An observation about the unit as a whole. */
  onProblem(unit: TestUnit, problem: string): void;
  /** A line that the tests print. */
  onLine(unit: TestUnit, line: string): void;
}

export interface RunUnitOptions {
  readonly grep: string | undefined;
  readonly dryRun: boolean;
  /** For the files of events. */
  readonly folder: string;
  /** The folder for the output of units that fail. */
  readonly failuresFolder: string;
  readonly reporter: Reporter;
}

/** Runs a unit to its end. Only the unit itself ends it, or a silence longer than any test may take. */
export async function runUnit(unit: TestUnit, options: RunUnitOptions): Promise<UnitResult> {
  const start = Date.now();
  await mkdir(options.failuresFolder, { recursive: true });
  const events = join(options.folder, `${unit.name.replaceAll(/[^\w.-]+/g, '-')}.jsonl`);
  const run = new TestRun(events);
  const { reporter } = options;
  const flags =
    unit.check === undefined
      ? [...(options.grep === undefined ? [] : ['--grep', options.grep]), ...(options.dryRun ? ['--dry-run'] : [])]
      : [];
  const log = join(options.failuresFolder, `${unit.name.replaceAll(/[^\w.-]+/g, '-')}.log`);
  const group = startGroup(
    process.execPath,
    [...unit.program, ...flags, ...(unit.group === 'integration' ? ['--log', log] : [])],
    {
      cwd: projectRoot(),
      env: { ...process.env, ...unit.environment, ...eventsEnvironment(events) },
    },
  );
  const output = collectLines(group, (line) => reporter.onLine(unit, line));
  let lastSign = Date.now();
  let hung: string | undefined;
  const look = (): void => {
    const news = run.read();
    if (news.length > 0) lastSign = Date.now();
    for (const event of news) reporter.onEvent(unit, event);
    const silence = Date.now() - lastSign;
    if (hung !== undefined || unit.check !== undefined || silence < patient(SILENCE)) return;
    hung = `nothing happened for ${Math.round(silence / 1000)} s`;
    reporter.onProblem(unit, `${run.running ?? 'No test'} hangs: ${hung}. It is ended.`);
    void group.end();
  };
  const timer = setInterval(look, LOOK_EVERY);
  const code = await group.exited;
  clearInterval(timer);
  look();
  const result = resultOf(unit, run, code, hung, (Date.now() - start) / 1000);
  for (const failure of result.failures.slice(run.failures.length))
    reporter.onEvent(unit, { event: 'fail', ...failure });
  if (result.failures.length > 0) await appendFile(log, output());
  else await rm(log, { force: true });
  return result;
}

function resultOf(unit: TestUnit, run: TestRun, code: number, hung: string | undefined, seconds: number): UnitResult {
  const { name, check } = unit;
  if (check !== undefined) {
    const passed = code === 0 ? [{ title: check, milliseconds: seconds * 1000 }] : [];
    return {
      name,
      seconds,
      passed,
      failures: code === 0 ? [] : [{ title: check, error: `${name} ended with ${code}. Its output is above.` }],
      notBegun: [],
    };
  }
  const { passed, notBegun } = run;
  const failures = [...run.failures];
  const why = hung ?? `the process ended with ${code}`;
  if (run.running !== undefined) failures.push({ title: run.running, error: `Not done: ${why} while it ran.` });
  else if (!run.isComplete)
    failures.push({
      title: `All of ${name}`,
      error: `Not done: ${why} ${notBegun === undefined ? 'before any test began' : 'between two tests'}.`,
    });
  else if (code !== 0 && failures.length === 0)
    failures.push({ title: `The end of ${name}`, error: `Its tests passed, but ${why}.` });
  return { name, seconds, passed, failures, notBegun: run.isComplete ? [] : (notBegun ?? []) };
}

/** Forwards a process's output line by line. The returned function returns all of it. */
function collectLines(group: ReturnType<typeof startGroup>, onLine: (line: string) => void): () => string {
  let all = '';
  const rest = { stdout: '', stderr: '' };
  group.onOutput((text, stream) => {
    all += text;
    const lines = (rest[stream] + text).split('\n');
    rest[stream] = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  void group.exited.then(() =>
    Object.values(rest)
      .filter((line) => line !== '')
      .forEach(onLine),
  );
  return () => all;
}
