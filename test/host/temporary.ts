import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './processes';

/** Followed by the id of the process that created it. */
const PREFIX = 'scalekit-workbench-';

const existing = new Set<string>();

/**
 * Creates a temporary folder. Call `removeTemporaryFolder` with it at the end. If a signal ends the process, `endOnSignals` does it, and
 * if it ends in another way, `removeAbandonedFolders` of a later run.
 */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  existing.add(folder);
  return folder;
}

/** Removes the temporary folders of processes that were killed. */
export async function removeAbandonedFolders(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? /^\d+(?=-)/.exec(name.slice(PREFIX.length))?.[0] : undefined;
    if (pid !== undefined && !isRunning(Number(pid)))
      await rm(join(tmpdir(), name), { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}

/** Removes a folder with its contents. It's patient, because a browser or editor that was just ended may still be writing. */
export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  existing.delete(folder);
}

/** For a program's main function: Ctrl-C or SIGTERM ends it at once and removes its temporary folders. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Added only now, so that it runs after the handlers that end browsers and servers, which write to these folders.
      process.once('exit', () => {
        for (const folder of existing)
          rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      });
      process.exit(128 + constants.signals[signal]);
    });
  }
}
