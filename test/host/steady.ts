import { copyFile, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseFlags } from './commandLines.mjs';
import { startGroup, type ProcessGroup } from './processes';
import { projectRoot } from './project';
import { endOnSignals } from './temporary';
import { readResults } from './titles';

/** `npm run test:steady`: runs `npm test` several times and lists the tests that ever failed. */
export async function main(flags: readonly string[]): Promise<number> {
  const { values, positionals } = parseFlags('steady', flags);
  endOnSignals();
  const times = Number(values.times);
  const failed = new Map<string, number>();
  let badRuns = 0;
  const busy = values.busy ? keepBusy() : [];
  try {
    for (let time = 1; time <= times; time++) {
      const begin = Date.now();
      const args = [
        ...(values.all ? ['--all'] : []),
        ...(values.grep === undefined ? [] : ['--grep', values.grep]),
        ...positionals,
      ];
      const run = startGroup(process.execPath, ['test/host/run.mjs', 'test', '--no-build', ...args], {
        cwd: projectRoot(),
      });
      let last = '';
      run.onOutput((text) => {
        process.stdout.write(text);
        last = (last + text).slice(-2_000);
      });
      const code = await run.exited;
      if (code !== 0) badRuns++;
      const results = join(projectRoot(), 'out/test-results.jsonl');
      await copyFile(results, join(projectRoot(), `out/steady-${time}.jsonl`));
      for (const { unit, title, outcome } of readResults(await readFile(results, 'utf8'))) {
        if (outcome === 'failed') failed.set(`${unit}: ${title}`, (failed.get(`${unit}: ${title}`) ?? 0) + 1);
      }
      console.log(
        `\n### Run ${time} of ${times}${values.busy ? ', every processor busy' : ''}: ended with ${code} after ${Math.round((Date.now() - begin) / 1000)} s: ${last.trim().split('\n').at(-1)}\n`,
      );
    }
  } finally {
    await Promise.all(busy.map((group) => group.end()));
  }
  console.log(
    failed.size === 0
      ? `No test failed in ${times} ${times === 1 ? 'run' : 'runs'}.`
      : `Failed at least once in ${times} runs:`,
  );
  for (const [title, count] of failed) console.log(`  ${count} of ${times}: ${title}`);
  return badRuns === 0 ? 0 : 1;
}

/** Starts one process for each processor that never waits. They end with this process, in whatever way it ends. */
function keepBusy(): ProcessGroup[] {
  return cpus().map(() => startGroup(process.execPath, ['--eval', 'for (;;);'], { killAtExit: true }));
}
