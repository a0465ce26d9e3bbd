import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies the terminal's programs into a folder that stays the same when the extension is updated, so that a terminal
 * that outlives its window still finds them, and they can say so. Makes them executable, because a package built on
 * Windows loses those bits.
 *
 * Another window may do the same at the same time, so each file is moved into place as a whole.
 */
export async function installPrograms(shipped: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // An older version may have created the folder with another mode, and only its owner may write to a folder on a PATH.
  await chmod(folder, 0o700);
  for (const name of await readdir(shipped)) {
    const target = join(folder, name);
    const wanted = await readFile(join(shipped, name));
    const there = await readFile(target).catch(() => undefined);
    if (there?.equals(wanted)) {
      await chmod(target, 0o700);
      continue;
    }
    const temporary = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
    try {
      await writeFile(temporary, wanted, { mode: 0o700 });
      await chmod(temporary, 0o700);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}
