import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

// One set for the process: each test file is a bundle with a copy of this module of its own.
const shared = globalThis as { [key: symbol]: Set<string> | undefined };
const existing = (shared[Symbol.for('scalekit-workbench.temporaryFolders')] ??= new Set<string>());

/** Makes a temporary folder. Give it to `removeTemporaryFolder` at the end; `endOnSignals` does it when the end comes by a signal. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'scalekit-workbench-'));
  existing.add(folder);
  return folder;
}

/** Removes it with all in it. Patient, because a browser or editor that was just ended may still be writing. */
export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  existing.delete(folder);
}

/** For a program's main function: a Ctrl-C or SIGTERM ends it at once, and its temporary folders go too. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Added only now, so that it runs after the handlers that end browsers and servers, which write into these folders.
      process.once('exit', () => {
        for (const folder of existing) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      });
      process.exit(128 + constants.signals[signal]);
    });
  }
}
