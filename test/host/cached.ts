import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from './processes';
import { step } from './progress';
import { cacheFolder } from './project';

/** Increase it when a recipe changes, so that old installations aren't used. */
const recipe = 1;

/** A part of an installation. After an interruption, it continues where it stopped. */
export interface InstallStep {
  readonly name: string;
  run(folder: string): Promise<void>;
}

/**
 * The cache folder of this name. If it doesn't exist, the steps fill it. If a step fails, the results of earlier ones stay, so
 * the next run continues from there. If two processes do it at once, one waits for the other. A folder without its marker is incomplete.
 */
export async function cached(name: string, title: string, steps: readonly InstallStep[]): Promise<string> {
  const home = join(cacheFolder(), `${name}-${process.platform}-${process.arch}-${recipe}`);
  const isComplete = (): boolean => existsSync(join(home, 'complete'));
  if (isComplete()) return home;
  await makeFolder(home);
  await step(title, () =>
    whileLocked(`${home}.lock`, async () => {
      if (isComplete()) return;
      await writeFile(join(home, 'package.json'), '{"private":true}\n');
      for (const [index, { name: part, run }] of steps.entries()) {
        const done = join(home, `done-${index}`);
        if (existsSync(done)) continue;
        await run(home).catch((error: unknown) => {
          throw new Error(
            `${title}: ${part} failed. Run the command again to continue from here.\n${messageOf(error)}`,
          );
        });
        await writeFile(done, `${part}\n`);
      }
      await writeFile(join(home, 'complete'), `${new Date().toISOString()}\n`);
    }),
  );
  return home;
}

/** @throws with what to do if the cache can't be written. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new Error(
      `VS Code is installed in ${cacheFolder()}, which can't be written: ${messageOf(error)}. Set XDG_CACHE_HOME to a writable folder.`,
    );
  });
}

/** Does the work while no other process does it. Ignores a lock whose process is gone. */
async function whileLocked(lock: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isRunning(Number(await readFile(lock, 'utf8').catch(() => '')))) await pause(500);
    else await rm(lock, { force: true });
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
