import { statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { desktopExecutable } from './desktop';
import { installAll } from './install';
import { testFiles, type TestCounts } from './mochaRun';
import { packageExtension } from './package';
import { run, startGroup } from './processes';
import { step } from './progress';
import { projectRoot } from './project';
import { endOnSignals, removeTemporaryFolder, temporaryFolder } from './temporary';
import { newest, versions } from './vscodeHost';

const groups = ['types', 'lint', 'unit', 'fuzz', 'contract', 'faults', 'package', 'integration', 'ui', 'soak'] as const;
type Group = (typeof groups)[number];

const usage = `npm test [-- flags] [parts]
  parts            any of ${groups.join(', ')} (default: all but soak)
  --only PART      the same, one part
  --runs N         fuzz: how often each property is tried (default: 300); --seed N: from which seed
  --grep PATTERN   only tests whose full title matches this regular expression
  --desktop        download desktop VS Code: integration runs in it instead of code-server, ui adds the tests that need it`;

interface RunOptions {
  readonly grep: string | undefined;
  readonly desktop: boolean;
  /** How often the fuzz tests try each property; the default when left out. */
  readonly runs: string | undefined;
  /** A temporary folder for the results of the parts. */
  readonly folder: string;
}

interface Part {
  readonly group: Group;
  readonly title: string;
  /** Installs what the part needs. Called once for all parts of a group, which need the same. */
  prepare?(options: RunOptions): Promise<void>;
  run(options: RunOptions): Promise<TestCounts>;
}

interface Outcome extends TestCounts {
  readonly title: string;
  readonly seconds: number;
}

/** `npm test`: runs the parts one after the other, those of one group together, and ends with the line `N passed, N failed`. */
export async function main(flags: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...flags],
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      desktop: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = [...positionals, ...values.only];
  if (values.help || chosen.some((name) => !(groups as readonly string[]).includes(name))) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  if (values.runs !== undefined) process.env['FUZZ_RUNS'] = values.runs;
  if (values.seed !== undefined) process.env['FUZZ_SEED'] = values.seed;
  const parts = allParts().filter(({ group }) => (chosen.length === 0 ? group !== 'soak' : chosen.includes(group)));
  endOnSignals();
  const folder = await temporaryFolder();
  await rm(failuresFolder(), { recursive: true, force: true });
  const outcomes: Outcome[] = [];
  try {
    const options: RunOptions = { grep: values.grep, desktop: values.desktop, runs: values.runs, folder };
    for (const group of new Set(parts.map((part) => part.group))) {
      // The integration tests in both versions at the same time: they wait more than they work.
      const together = parts.filter((part) => part.group === group);
      const prepared = together[0]?.prepare?.(options) ?? Promise.resolve();
      outcomes.push(...(await Promise.all(together.map((part) => runPart(part, prepared, options)))));
    }
  } finally {
    await removeTemporaryFolder(folder);
  }
  return report(outcomes, values.grep);
}

async function runPart(part: Part, prepared: Promise<void>, options: RunOptions): Promise<Outcome> {
  console.log(`\n=== ${part.title}`);
  const start = Date.now();
  let counts: TestCounts;
  try {
    await prepared;
    counts = await part.run(options);
  } catch (error) {
    console.log(error instanceof Error ? error.message : error);
    counts = { passed: 0, failed: 1, failures: [`${part.title} could not be run`] };
  }
  return { ...counts, title: part.title, seconds: (Date.now() - start) / 1000 };
}

function report(outcomes: readonly Outcome[], grep: string | undefined): number {
  // A pattern may leave a part without tests, but not all of them. Without one, a part that ran nothing has failed.
  const ranNothing = ({ passed, failed }: TestCounts): boolean => passed + failed === 0;
  const silent = outcomes.filter((outcome) => ranNothing(outcome) && (grep === undefined || outcomes.every(ranNothing)));
  const failures = [
    ...outcomes.flatMap((outcome) => outcome.failures.map((failure) => `${outcome.title}: ${failure}`)),
    ...silent.map(({ title }) => `${title}: no test was run`),
  ];
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0) + silent.length;
  console.log('');
  for (const { title, passed: good, failed: bad, seconds } of outcomes) {
    console.log(`${title.padEnd(24)} ${String(good).padStart(5)} passed ${String(bad).padStart(3)} failed ${seconds.toFixed(1).padStart(7)} s`);
  }
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function allParts(): Part[] {
  return [
    { group: 'types', title: 'types', run: () => tool('tsc', ['node_modules/typescript/bin/tsc', '--noEmit']) },
    { group: 'lint', title: 'lint', run: () => tool('eslint', ['node_modules/eslint/bin/eslint.js', '.']) },
    { group: 'unit', title: 'unit', run: (options) => mocha('unit', 2_000, 120_000, options) },
    { group: 'fuzz', title: 'fuzz', run: (options) => mocha('fuzz', options.runs === undefined ? 20_000 : 7_200_000, options.runs === undefined ? 120_000 : 7_200_000, options) },
    { group: 'contract', title: 'contract', run: (options) => mocha('contract', 20_000, 180_000, options) },
    { group: 'faults', title: 'faults', run: (options) => mocha('faults', 10_000, 90_000, options) },
    {
      group: 'package',
      title: 'package',
      async run(options) {
        await step('Packaging the extension', () => packageExtension());
        return mocha('package', 60_000, 180_000, options);
      },
    },
    ...versions.map(
      ({ vscode }): Part => ({
        group: 'integration',
        title: `integration ${vscode}`,
        prepare: installEditors,
        run: (options) => integration('integration', vscode, 600_000, options),
      }),
    ),
    { group: 'soak', title: 'soak', prepare: installEditors, run: (options) => integration('soak', newest.vscode, 1_800_000, options) },
    {
      group: 'ui',
      title: 'ui',
      prepare: () => installAll(),
      async run(options) {
        await step('Packaging the extension', () => packageExtension());
        if (options.desktop) process.env['VSCODE_EXECUTABLE'] = await step('Downloading desktop VS Code', desktopExecutable);
        return mochaFiles('ui', 120_000, 1_000_000, options);
      },
    },
  ];
}

/** VS Code for the tests inside its extension host, unless a desktop one is used. */
async function installEditors({ desktop }: RunOptions): Promise<void> {
  if (!desktop && !process.env['VSCODE_EXECUTABLE']) await installAll();
}

/** A tool that says by its exit code whether all is well: one check. */
async function tool(name: string, args: readonly string[]): Promise<TestCounts> {
  const code = await show(args, 240_000);
  return code === 0 ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [`${name} ended with ${code}`] };
}

/** Runs out/test/FOLDER in a Node process. `timeout` is for one test, `deadline` for all; milliseconds. */
async function mocha(folder: string, timeout: number, deadline: number, { grep, folder: results }: RunOptions): Promise<TestCounts> {
  const result = join(results, `${folder}.json`);
  const args = ['--enable-source-maps', 'out/test/host/runMocha.js', '--folder', join(projectRoot(), 'out/test', folder)];
  const code = await show([...args, '--timeout', String(timeout), '--result', result, ...(grep === undefined ? [] : ['--grep', grep])], deadline);
  return counted(folder, code, result);
}

/** The same with a process for each file, two at a time: windows wait more than they work. What a file prints comes when it is done. */
async function mochaFiles(folder: string, timeout: number, deadline: number, { grep, folder: results }: RunOptions): Promise<TestCounts> {
  const until = Date.now() + deadline;
  const compiled = join(projectRoot(), 'out/test', folder);
  const size = (file: string): number => statSync(join(compiled, file)).size;
  // The longest ones first, as far as one can tell, so that the last one does not begin when all else is done.
  const waiting = (await testFiles(compiled)).sort((a, b) => size(b) - size(a));
  const counts: TestCounts[] = [];
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = join(results, `${folder}-${file}.json`);
      const args = ['--enable-source-maps', 'out/test/host/runMocha.js', '--folder', compiled, '--file', file];
      const more = ['--timeout', String(timeout), '--result', result, ...(grep === undefined ? [] : ['--grep', grep])];
      const { code, output } = await run(process.execPath, [...args, ...more], { cwd: projectRoot(), deadline: Math.max(1_000, until - Date.now()) });
      process.stdout.write(`\n--- ${file}\n${output}`);
      const count = await counted(file, code, result);
      const ranNothing = grep === undefined && count.passed + count.failed === 0;
      counts.push(ranNothing ? { passed: 0, failed: 1, failures: [`${file}: no test was run`] } : count);
    }
  };
  await Promise.all([work(), work()]);
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    failures: counts.flatMap(({ failures }) => failures),
  };
}

/** Runs out/test/PART in the extension host of a VS Code. `deadline` in milliseconds. */
async function integration(part: 'integration' | 'soak', version: string, deadline: number, { grep, desktop, folder }: RunOptions): Promise<TestCounts> {
  const result = join(folder, `${part}-${version}.json`);
  const log = join(failuresFolder(), `${part}-${version}.log`);
  const args = ['out/test/host/integration.js', '--folder', part, '--editor', version, '--result', result, '--log', log, '--deadline', String(deadline)];
  const more = [...(desktop ? ['--desktop'] : []), ...(grep === undefined ? [] : ['--grep', grep])];
  const { code, output } = await run(process.execPath, [...args, ...more], { cwd: projectRoot(), deadline: deadline + 30_000 });
  process.stdout.write(`\n--- ${part} ${version}\n${output}`);
  const counts = await counted(`${part} ${version}`, code, result);
  if (counts.failed === 0) await rm(log, { force: true });
  return counts;
}

/** The counts a run left behind. A run that ended badly without a failed test, or left nothing, is one failure itself. */
async function counted(name: string, code: number, file: string): Promise<TestCounts> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, failures: [`${name} ended with ${code} before its tests were done`] };
  const counts = JSON.parse(text) as TestCounts;
  if (code === 0 || counts.failed > 0 || counts.passed === 0) return counts;
  return { ...counts, failed: 1, failures: [`${name} ended with ${code}, though its tests passed`] };
}

/** Runs a Node program, shows what it prints, and ends it at the deadline. Resolves with its exit code. */
async function show(args: readonly string[], deadline: number): Promise<number> {
  const group = startGroup(process.execPath, args, { cwd: projectRoot() });
  group.onOutput((text) => process.stdout.write(text));
  const timer = setTimeout(() => {
    console.log(`\nNot done after ${deadline / 1000} s: ended.`);
    void group.end();
  }, deadline);
  const code = await group.exited;
  clearTimeout(timer);
  return code;
}

function failuresFolder(): string {
  return join(projectRoot(), 'out/failures');
}
