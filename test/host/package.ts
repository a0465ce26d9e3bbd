import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeL10nBundle } from './l10nBundle';
import { runOrThrow } from './processes';
import { projectRoot } from './project';

/** Where the packaged extension lies. */
export function vsixFile(): string {
  return join(projectRoot(), 'scalekit-workbench.vsix');
}

/**
 * Packages the extension from `dist`, which must be built, with the texts of its source for translators. The same commit gives the same bytes: the times inside are the commit's.
 * Resolves with what the packager says.
 */
export async function packageExtension(vsix = vsixFile()): Promise<string> {
  await writeL10nBundle();
  return packageFolder(projectRoot(), vsix);
}

/** Packages the extension of `npm start` that opens the Scalekit view. Resolves with the VSIX. */
export async function packageViewOpener(): Promise<string> {
  const compiled = join(projectRoot(), 'out/test/host/viewOpener');
  await copyFile(join(projectRoot(), 'test/host/viewOpener/package.json'), join(compiled, 'package.json'));
  const vsix = join(projectRoot(), 'out/viewOpener.vsix');
  await packageFolder(compiled, vsix, ['--skip-license']);
  return vsix;
}

async function packageFolder(folder: string, vsix: string, flags: readonly string[] = []): Promise<string> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { repository?: unknown };
  const vsce = join(projectRoot(), 'node_modules/@vscode/vsce/vsce');
  // Relative links of the README become links into the repository, once package.json names one; until then they stay.
  const noRepository = manifest.repository === undefined ? ['--allow-missing-repository', '--no-rewrite-relative-links'] : [];
  const args = [vsce, 'package', '--no-dependencies', ...noRepository, ...flags, '--out', vsix];
  const env = { ...process.env, SOURCE_DATE_EPOCH: commitTime() };
  return runOrThrow(process.execPath, args, { cwd: folder, env, deadline: 120_000 });
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
  console.log((await packageExtension()).trim());
  console.log(`${vsixFile()}: ${statSync(vsixFile()).size} bytes`);
  return 0;
}
