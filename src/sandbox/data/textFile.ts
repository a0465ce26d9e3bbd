import { readFile, stat } from 'node:fs/promises';
import { DataError } from './dataProblem';

/** More than a hundred thousand users. */
const MOST_BYTES = 64_000_000;

/** The text in a file. Undefined if there is no such file. @throws DataError */
export async function readTextFile(file: string): Promise<string | undefined> {
  let bytes: Buffer;
  try {
    // Opening a pipe would wait for its writer.
    const stats = await stat(file);
    if (stats.isDirectory()) throw new DataError(`${file} is a folder.`);
    if (!stats.isFile()) throw new DataError(`${file} isn't a file.`);
    checkSize(file, stats.size);
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new DataError(`${file} can't be read (${code ?? 'unknown reason'}).`, { cause: error });
  }
  if (['fffe', 'feff'].includes(bytes.toString('hex', 0, 2)))
    throw new DataError(`${file} is in UTF-16. Save it as UTF-8.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DataError(`${file} isn't in UTF-8.`, { cause: error });
  }
}

/** The JSON in the text of a file. @throws DataError */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(`${file} isn't JSON${placeOf(error as Error, text)}.`, { cause: error });
  }
}

/** @throws DataError if that's more than a data file can have */
export function checkSize(what: string, bytes: number): void {
  if (bytes > MOST_BYTES)
    throw new DataError(`${what} has ${bytes} bytes. A data file can have at most ${MOST_BYTES}.`);
}

/** Where JSON ends to be JSON. Node's message may quote the file, so only the position is taken from it. */
function placeOf({ message }: Error, text: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return `, see line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}
