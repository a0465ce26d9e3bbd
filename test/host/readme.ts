import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withManifestTables } from './manifestTables';
import { projectRoot } from './project';

/** `npm run readme`: updates the tables of commands and settings in docs/commands.md from package.json. */
export async function main(): Promise<number> {
  const file = join(projectRoot(), 'docs/commands.md');
  writeFileSync(file, withManifestTables(readFileSync(file, 'utf8')));
  return 0;
}
