import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeL10nBundle } from './l10nBundle';
import { runOrThrow } from './processes';
import { projectRoot } from './project';
import { shippedReadme } from './shippedReadme';

/** The path of the packaged extension. */
export function vsixFile(): string {
  return join(projectRoot(), 'scalekit-workbench.vsix');
}

/**
 * Packages the extension from `dist`, which must be built, with the texts of its source for translators. The same commit gives the same bytes, because the times inside are the commit's.
 * Resolves with the packager's output.
 */
export async function packageExtension(vsix = vsixFile()): Promise<string> {
  await writeL10nBundle();
  return packageFolder(await packagedFolder(), vsix);
}

/** The folder to package: this project, or, while package.json names no repository for the README's links, a copy with another README. */
async function packagedFolder(): Promise<string> {
  const root = projectRoot();
  if (readManifest(root).repository !== undefined) return root;
  const folder = join(root, 'out/shipped');
  await rm(folder, { recursive: true, force: true });
  const files = (
    await runOrThrow(process.execPath, [vsce(), 'ls', '--no-dependencies'], { cwd: root, deadline: 60_000 })
  )
    .trim()
    .split('\n');
  for (const file of [...files, '.vscodeignore']) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(root, file), join(folder, file));
  }
  await writeFile(join(folder, 'README.md'), shippedReadme(readFileSync(join(root, 'README.md'), 'utf8')));
  return folder;
}

function readManifest(folder: string): { readonly repository?: unknown } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { repository?: unknown };
}

function vsce(): string {
  return join(projectRoot(), 'node_modules/@vscode/vsce/vsce');
}

/** Packages the extension with which `npm start` opens the Scalekit view. Resolves with the VSIX. */
export async function packageViewOpener(): Promise<string> {
  const compiled = join(projectRoot(), 'out/test/host/viewOpener');
  await copyFile(join(projectRoot(), 'test/host/viewOpener/package.json'), join(compiled, 'package.json'));
  const vsix = join(projectRoot(), 'out/viewOpener.vsix');
  await packageFolder(compiled, vsix, ['--skip-license']);
  return vsix;
}

async function packageFolder(folder: string, vsix: string, flags: readonly string[] = []): Promise<string> {
  // Relative links of the README become links into the repository, once package.json names one.
  const noRepository =
    readManifest(folder).repository === undefined ? ['--allow-missing-repository', '--no-rewrite-relative-links'] : [];
  const args = [vsce(), 'package', '--no-dependencies', ...noRepository, ...flags, '--out', vsix];
  const env = { ...process.env, SOURCE_DATE_EPOCH: commitTime() };
  return runOrThrow(process.execPath, args, { cwd: folder, env, deadline: 120_000 });
}

/** Seconds since 1970. A source archive without git gets a fixed time, for the same reason. */
function commitTime(): string {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], {
      cwd: projectRoot(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
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
