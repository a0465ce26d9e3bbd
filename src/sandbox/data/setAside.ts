import { rename } from 'node:fs/promises';
import { exists } from './exists';

/**
 * Renames a file, so that nothing is written over it: `data.json` becomes `data.json.previous`, or `data.json.previous-2` if that's
 * there already.
 *
 * @returns the new path; undefined if it can't be renamed
 */
export async function setAside(file: string, word: 'previous' | 'unreadable'): Promise<string | undefined> {
  let path = `${file}.${word}`;
  for (let number = 2; await exists(path); number++) path = `${file}.${word}-${number}`;
  return rename(file, path).then(
    () => path,
    () => undefined,
  );
}
