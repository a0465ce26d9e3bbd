import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { projectRoot } from './project';

/** Where the packaged extension lies. */
export function vsixFile(): string {
  return join(projectRoot(), 'scalekit-workbench.vsix');
}

/**
 * Packages the extension from `dist`, which must be built. The same commit gives the same bytes: the times inside are the commit's.
 * Resolves with the size in bytes.
 */
export async function packageExtension(): Promise<number> {
  process.env['SOURCE_DATE_EPOCH'] = commitTime();
  await createVSIX({ cwd: projectRoot(), packagePath: vsixFile(), dependencies: false, allowMissingRepository: true });
  return statSync(vsixFile()).size;
}

/** Seconds since 1970. A source archive without git gets a fixed time, for the same reason. */
function commitTime(): string {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: projectRoot(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '1000000000';
  }
}

/** `npm run package`. */
export async function main(): Promise<number> {
  const bytes = await packageExtension();
  console.log(`${vsixFile()}: ${bytes} bytes`);
  return 0;
}
