import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, freemem } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beginningOf } from '../../src/api/beginningOf';
import { parseFlags } from './commandLines.mjs';
import { desktopExecutable } from './desktop';
import { installBrowserAndShells, installEditors } from './install';
import { packageExtension } from './package';
import { setPatience } from './patience';
import { step } from './progress';
import { projectRoot } from './project';
import { runUnit, type Reporter, type UnitResult } from './runUnit';
import { endOnSignals, removeAbandonedFolders, removeTemporaryFolder, temporaryFolder } from './temporary';
import type { TestEvent } from './testEvents';
import { groups, testUnits, type Group, type Need, type TestUnit } from './testUnits';

/** The recorded seconds of each unit. The longest ones start first. */
const SECONDS_FILE = 'test/host/recordedSeconds.json';

/** `npm test`: runs the requested tests, shows each result as it arrives, and ends with the line `N passed, N failed`. */
export async function main(flags: readonly string[]): Promise<number> {
  const { values, positionals } = parseFlags('test', flags);
  const named = [...positionals, ...values.only] as Group[];
  const chosen = groups.filter((group) => (named.length === 0 ? group !== 'soak' : named.includes(group)));
  if (values.runs !== undefined) process.env['FUZZ_RUNS'] = values.runs;
  if (values.seed !== undefined) process.env['FUZZ_SEED'] = values.seed;
  endOnSignals();
  await removeAbandonedFolders();
  const patience = setPatience(values.patience === undefined ? undefined : Number(values.patience));
  const recorded = JSON.parse(await readFile(join(projectRoot(), SECONDS_FILE), 'utf8')) as Record<string, number>;
  // A group requested by name runs with all its files, in the newest VS Code unless --all is given.
  const units = testUnits(chosen, {
    all: values.all,
    named: named.length > 0,
    desktop: values.desktop,
    manyRuns: values.runs !== undefined,
  });
  const workers = workersFor(units, values.workers);
  console.log(
    `${units.length} units, ${workers} at a time; a wait may take ${patience.toFixed(1)} times as long as planned.`,
  );

  const folder = await temporaryFolder();
  const failuresFolder = join(projectRoot(), 'out/failures');
  await rm(failuresFolder, { recursive: true, force: true });
  const resultsFile = join(projectRoot(), 'out/test-results.jsonl');
  await mkdir(dirname(resultsFile), { recursive: true });
  await writeFile(resultsFile, '');
  const results: UnitResult[] = [];
  const begin = Date.now();
  try {
    const reporter = createReporter((line) => void appendFile(resultsFile, line));
    const options = { grep: values.grep, dryRun: values['dry-run'], folder, failuresFolder, reporter };
    const needs = prepare(new Set(units.flatMap((unit) => unit.needs)), values.desktop);
    await inTurn(units, workers, recorded, needs, async (unit) => {
      const result = await needsOf(unit, needs).then(
        () => runUnit(unit, options),
        (error: unknown) => notRun(unit, error, reporter),
      );
      results.push(result);
      console.log(summaryOf(result, recorded));
    });
  } finally {
    await removeTemporaryFolder(folder);
  }
  if (values.record) await record(results, recorded);
  return report(results, units, values.grep !== undefined, recorded, (Date.now() - begin) / 1000);
}

/** One for each processor, as far as the memory allows. Each is several busy processes, and one more makes all of them slower. */
function workersFor(units: readonly TestUnit[], given: string | undefined): number {
  if (given !== undefined) return Number(given);
  const memory = Math.floor(freemem() / 1.5e9);
  return Math.max(1, Math.min(units.length, cpus().length, memory));
}

/** Starts to prepare everything that the units need, all at once. */
function prepare(needed: ReadonlySet<Need>, desktop: boolean): ReadonlyMap<Need, Promise<unknown>> {
  const ways: Readonly<Record<Need, () => Promise<unknown>>> = {
    editors: installEditors,
    browser: installBrowserAndShells,
    vsix: async () => {
      await step('Packaging the extension', () => packageExtension());
      if (desktop) process.env['VSCODE_EXECUTABLE'] = await step('Downloading desktop VS Code', desktopExecutable);
    },
  };
  const begun = [...needed].map((need): [Need, Promise<unknown>] => [need, ways[need]()]);
  for (const [, promise] of begun) promise.catch(() => {}); // The units that need it report the error.
  return new Map(begun);
}

async function needsOf(unit: TestUnit, needs: ReadonlyMap<Need, Promise<unknown>>): Promise<void> {
  await Promise.all(unit.needs.map(async (need) => needs.get(need)));
}

function notRun(unit: TestUnit, error: unknown, reporter: Reporter): UnitResult {
  const failure = {
    title: `All of ${unit.name}`,
    error: `Not run: ${error instanceof Error ? error.message : String(error)}`,
  };
  reporter.onEvent(unit, { event: 'fail', ...failure });
  return { name: unit.name, seconds: 0, passed: [], failures: [failure], notBegun: [] };
}

/** Runs the units, `workers` at a time. The longest unit whose needs are met goes first. */
async function inTurn(
  units: readonly TestUnit[],
  workers: number,
  recorded: Readonly<Record<string, number>>,
  needs: ReadonlyMap<Need, Promise<unknown>>,
  work: (unit: TestUnit) => Promise<void>,
): Promise<void> {
  // A unit without recorded seconds counts as long.
  const waiting = [...units].sort((a, b) => (recorded[b.name] ?? Infinity) - (recorded[a.name] ?? Infinity) || 0);
  const ready = new Set<TestUnit>();
  const settled = new Map(
    waiting.map((unit) => [
      unit,
      needsOf(unit, needs)
        .then(
          () => {},
          () => {},
        )
        .then(() => void ready.add(unit)),
    ]),
  );
  const worker = async (): Promise<void> => {
    while (waiting.length > 0) {
      await Promise.race(waiting.map(async (unit) => settled.get(unit)));
      const index = waiting.findIndex((unit) => ready.has(unit));
      const [unit] = index < 0 ? [] : waiting.splice(index, 1);
      if (unit !== undefined) await work(unit);
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

/** Shows and records each result as it arrives. Shows a failure completely, and its picture as soon as there is one. */
function createReporter(write: (line: string) => void): Reporter {
  const told = (unit: TestUnit, title: string, outcome: 'passed' | 'failed', milliseconds?: number): void =>
    write(
      `${JSON.stringify({ unit: unit.name, title, outcome, ...(milliseconds === undefined ? {} : { milliseconds }) })}\n`,
    );
  return {
    onEvent(unit: TestUnit, event: TestEvent) {
      if (event.event === 'pass') {
        told(unit, event.title, 'passed', event.milliseconds);
        console.log(
          `✓ ${unit.name}: ${event.title}${event.milliseconds > 1_000 ? ` (${(event.milliseconds / 1000).toFixed(1)} s)` : ''}`,
        );
      } else if (event.event === 'fail') {
        told(unit, event.title, 'failed');
        console.log(`\n✗ ${unit.name}: ${event.title}\n${indented(event.error)}\n`);
      } else if (event.event === 'picture') {
        console.log(`  Picture of “${event.title}”: ${relative(projectRoot(), event.file)}`);
      }
    },
    onProblem: (unit, problem) => console.log(`\n! ${unit.name}: ${problem}\n`),
    onLine: (unit, line) => console.log(`  ${unit.name} | ${line}`),
  };
}

/** What the summary repeats of an error. The whole of it is where the test failed. */
function beginning(error: string): string {
  const lines = error.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(0, 8)
    .map((line) => beginningOf(line, 200))
    .join('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function summaryOf(result: UnitResult, recorded: Readonly<Record<string, number>>): string {
  const { name, passed, failures, notBegun, seconds } = result;
  const notDone = failures.filter(({ error }) => error.startsWith('Not done')).map(({ title }) => title);
  const parts = [
    `${passed.length} passed`,
    ...(failures.length > notDone.length ? [`${failures.length - notDone.length} failed`] : []),
    ...notDone.map((title) => `1 not done: ${title}`),
    ...(notBegun.length > 0 ? [`${notBegun.length} not begun`] : []),
  ];
  const before = recorded[name];
  return `= ${name}: ${parts.join(', ')} in ${seconds.toFixed(1)} s${before === undefined ? ' (not recorded before)' : ` (recorded: ${before} s)`}`;
}

async function record(results: readonly UnitResult[], recorded: Readonly<Record<string, number>>): Promise<void> {
  const measured = Object.fromEntries(results.map(({ name, seconds }) => [name, Math.round(seconds)]));
  const sorted = Object.entries({ ...recorded, ...measured }).sort(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(join(projectRoot(), SECONDS_FILE), `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

function report(
  results: readonly UnitResult[],
  units: readonly TestUnit[],
  filtered: boolean,
  recorded: Readonly<Record<string, number>>,
  seconds: number,
): number {
  const ranNothing = ({ passed, failures }: UnitResult): boolean => passed.length + failures.length === 0;
  // With a pattern, a unit may have no tests, but not all of them. Without a pattern, a unit that runs no test fails.
  const silent = results.filter((result) => ranNothing(result) && (!filtered || results.every(ranNothing)));
  console.log('');
  const order = units.map(({ name }) => name);
  for (const result of [...results].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))) {
    if (!ranNothing(result) || silent.includes(result)) console.log(summaryOf(result, recorded));
  }
  const failures = [
    ...results.flatMap(({ name, failures: failed }) =>
      failed.map(({ title, error }) => `${name}: ${title}\n${indented(beginning(error))}`),
    ),
    ...silent.map(({ name }) => `${name}: no test was run`),
  ];
  const passed = results.reduce((sum, result) => sum + result.passed.length, 0);
  const notBegun = results.reduce((sum, result) => sum + result.notBegun.length, 0);
  console.log(
    `\n${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s. Every result is in out/test-results.jsonl.`,
  );
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}\n`);
  console.log(`${passed} passed, ${failures.length} failed${notBegun > 0 ? `, ${notBegun} skipped` : ''}`);
  return failures.length === 0 && notBegun === 0 && passed > 0 ? 0 : 1;
}
