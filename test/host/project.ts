import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The checkout's top folder: the nearest one above this file with the project's package.json. Bundling moves files, so the depth varies. */
export function projectRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (
      existsSync(manifest) &&
      (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'scalekit-workbench'
    )
      return folder;
    if (folder === dirname(folder)) throw new Error(`No package.json of scalekit-workbench above ${__dirname}.`);
  }
}

/** The folder for downloads. It's outside the checkout, so that a second clone is quick. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'scalekit-workbench');
}
