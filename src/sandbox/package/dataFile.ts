import { randomBytes } from 'node:crypto';
import { access, constants, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { SandboxData } from './api';
import { checkData } from './checkData';
import { DataError } from './dataProblem';

/** More than a hundred thousand users. */
export const MOST_BYTES = 64_000_000;

/** The data in a file. Undefined if there is no such file, or it's empty. @throws DataError */
async function readIfThere(file: string): Promise<SandboxData | undefined> {
  let bytes: Buffer;
  try {
    // Opening a pipe would wait for its writer.
    const stats = await stat(file);
    if (stats.isDirectory()) throw new DataError(`${file} is a folder.`);
    if (!stats.isFile()) throw new DataError(`${file} isn't a file.`);
    if (stats.size > MOST_BYTES) throw tooLarge(file, stats.size);
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new DataError(`${file} can't be read (${code ?? 'unknown reason'}).`, { cause: error });
  }
  if (bytes.length === 0) return undefined;
  return parse(file, bytes);
}

function parse(file: string, bytes: Buffer): SandboxData {
  if (['fffe', 'feff'].includes(bytes.toString('hex', 0, 2)))
    throw new DataError(`${file} is in UTF-16. Save it as UTF-8.`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) throw new DataError(`${file} isn't in UTF-8.`, { cause: error });
    throw new DataError(`${file} isn't JSON${placeOf(error as Error, bytes)}.`, { cause: error });
  }
  try {
    return checkData(json);
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Where JSON ends to be JSON. Node's message may quote the file, so only the position is taken from it. */
function placeOf({ message }: Error, bytes: Buffer): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return '';
  const before = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .slice(0, Number(position))
    .split('\n');
  return `, see line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

function tooLarge(file: string, bytes: number): DataError {
  return new DataError(`${file} has ${bytes} bytes. A data file can have at most ${MOST_BYTES}.`);
}

/** The data in a file. @throws DataError */
export async function readDataFile(file: string): Promise<SandboxData> {
  const data = await readIfThere(file);
  if (data === undefined) throw new DataError((await exists(file)) ? `${file} is empty.` : `${file} doesn't exist.`);
  return data;
}

/**
 * Where to write data, and the data that is there already.
 * @throws DataError if it can't be written there, or if there's something else in the file
 */
export async function exportTarget(
  file: string,
): Promise<{ readonly path: string; readonly data: SandboxData | undefined }> {
  let path = resolve(file);
  if (await exists(path)) path = await realpath(path);
  try {
    await access(dirname(path), constants.W_OK);
    if (!(await stat(dirname(path))).isDirectory()) throw new DataError(`${dirname(file)} isn't a folder.`);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new DataError(
      code === 'ENOENT'
        ? `The folder of ${file} doesn't exist.`
        : `${file} can't be written (${code ?? 'unknown reason'}).`,
      { cause: error },
    );
  }
  try {
    return { path, data: await readIfThere(path) };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${error.message} --export replaces only a file with data of a sandbox.`, { cause: error });
  }
}

/** Writes data. Whoever reads the file sees the old or the new data, and nobody but its owner can. @throws DataError */
export async function writeDataFile(path: string, data: SandboxData): Promise<void> {
  const text = `${JSON.stringify(data, undefined, 2)}\n`;
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw tooLarge('What is in the sandbox', bytes);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new DataError(`${path} can't be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`, {
      cause: error,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
