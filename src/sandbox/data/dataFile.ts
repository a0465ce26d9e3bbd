import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SandboxData } from '../package/api';
import { checkData } from './checkData';
import { DataError } from './dataProblem';
import { exists } from './exists';
import { parseJson, readTextFile } from './textFile';

/** The data in a file. Undefined if there is no such file, or it's empty. @throws DataError */
async function readIfThere(file: string): Promise<SandboxData | undefined> {
  const text = await readTextFile(file);
  if (text === undefined || text === '') return undefined;
  const json = parseJson(file, text);
  try {
    return checkData(json);
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
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
