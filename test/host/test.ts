import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installAll } from './install';
import type { TestCounts } from './mochaRun';
import { packageExtension } from './package';
import { startGroup } from './processes';
import { step } from './progress';
import { projectRoot } from './project';
import { endOnSignals, removeTemporaryFolder, temporaryFolder } from './temporary';
import { versions } from './vscodeHost';

const groups = ['types', 'lint', 'unit', 'contract', 'package', 'integration', 'ui'] as const;
type Group = (typeof groups)[number];

const usage = `npm test [-- flags] [parts]
  parts            any of ${groups.join(', ')} (default: all)
  --only PART      the same, one part
  --grep PATTERN   only tests whose full title matches this regular expression
  --desktop        integration: download desktop VS Code instead of running code-server`;

interface RunOptions {
  readonly grep: string | undefined;
  readonly desktop: boolean;
  /** A temporary folder for the results of the parts. */
  readonly folder: string;
}

interface Part {
  readonly group: Group;
  readonly title: string;
  run(options: RunOptions): Promise<TestCounts>;
}

interface Outcome extends TestCounts {
  readonly title: string;
  readonly seconds: number;
}

/** `npm test`: runs the parts one after the other, and ends with the line `N passed, N failed`. */
export async function main(flags: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...flags],
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      grep: { type: 'string' },
      desktop: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = [...positionals, ...values.only];
  if (values.help || chosen.some((name) => !(groups as readonly string[]).includes(name))) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const parts = allParts().filter(({ group }) => chosen.length === 0 || chosen.includes(group));
  endOnSignals();
  const folder = await temporaryFolder();
  await rm(failuresFolder(), { recursive: true, force: true });
  const outcomes: Outcome[] = [];
  try {
    for (const part of parts) outcomes.push(await runPart(part, { grep: values.grep, desktop: values.desktop, folder }));
  } finally {
    await removeTemporaryFolder(folder);
  }
  return report(outcomes, values.grep);
}

async function runPart(part: Part, options: RunOptions): Promise<Outcome> {
  console.log(`\n=== ${part.title}`);
  const start = Date.now();
  let counts: TestCounts;
  try {
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
    { group: 'contract', title: 'contract', run: (options) => mocha('contract', 20_000, 180_000, options) },
    {
      group: 'package',
      title: 'package',
      async run(options) {
        await step('Packaging the extension', packageExtension);
        return mocha('package', 60_000, 180_000, options);
      },
    },
    ...versions.map(
      ({ vscode }): Part => ({
        group: 'integration',
        title: `integration ${vscode}`,
        run: (options) => integration(vscode, options),
      }),
    ),
    {
      group: 'ui',
      title: 'ui',
      async run(options) {
        await installAll();
        await step('Packaging the extension', packageExtension);
        return mocha('ui', 120_000, 480_000, options);
      },
    },
  ];
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

async function integration(version: string, { grep, desktop, folder }: RunOptions): Promise<TestCounts> {
  if (!desktop && !process.env['VSCODE_EXECUTABLE']) await installAll();
  const result = join(folder, `integration-${version}.json`);
  const log = join(failuresFolder(), `integration-${version}.log`);
  const args = ['out/test/host/integration.js', '--editor', version, '--result', result, '--log', log, '--deadline', '240000'];
  const code = await show([...args, ...(desktop ? ['--desktop'] : []), ...(grep === undefined ? [] : ['--grep', grep])], 270_000);
  const counts = await counted(`integration ${version}`, code, result);
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
