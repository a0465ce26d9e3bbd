import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withManifestTables } from './manifestTables';
import { projectRoot } from './project';

/** `npm run readme`: updates the README's tables of commands and settings from package.json. */
export async function main(): Promise<number> {
  const file = join(projectRoot(), 'README.md');
  writeFileSync(file, withManifestTables(readFileSync(file, 'utf8')));
  return 0;
}
