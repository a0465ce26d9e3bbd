import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SandboxData } from '../package/api';
import { DataError } from './dataProblem';
import { checkSize } from './textFile';

/** Writes data. Whoever reads the file sees the old or the new data, and nobody but its owner can. @throws DataError */
export function writeDataFile(path: string, data: SandboxData): Promise<void> {
  return writeDataText(path, dataText(data));
}

/** What is in a data file. */
export function dataText(data: SandboxData): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

/** Writes the text of a data file in the same way. @throws DataError */
export async function writeDataText(path: string, text: string): Promise<void> {
  checkSize('What is in the sandbox', Buffer.byteLength(text));
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new DataError(`${path} can't be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`, {
      cause: error,
    });
  }
}
