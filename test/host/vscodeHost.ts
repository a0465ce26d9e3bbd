import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run, runOrThrow } from './processes';
import { cacheFolder } from './project';
import { step } from './progress';

/**
 * Installs VS Code as the npm package `code-server` has it: the workbench and extension host of the desktop product, with its
 * server, to be opened in a browser.
 */

/** A VS Code version that the extension is tested in. */
export interface EditorVersion {
  readonly vscode: string;
  /** Version of the npm package `code-server` that holds it. */
  readonly codeServer: string;
  /** Major version of Node that it runs on. */
  readonly node: number;
  /** A theme that this version comes with: a dark one in one version, a light one in the other, so that the pictures show both. */
  readonly theme: string;
}

/** The floor of `engines.vscode`. */
export const oldest: EditorVersion = { vscode: '1.100.3', codeServer: '4.100.3', node: 20, theme: 'Default Dark Modern' };
export const newest: EditorVersion = { vscode: '1.139.1', codeServer: '4.139.1', node: 24, theme: 'Light 2026' };
export const versions: readonly EditorVersion[] = [oldest, newest];

/** An installed VS Code; absolute paths. */
export interface EditorInstallation {
  readonly version: EditorVersion;
  /** The Node executable that runs it. */
  readonly node: string;
  /** VS Code's own server. It alone knows `--enable-smoke-test-driver`, and so test runs. */
  readonly serverMain: string;
  /** code-server's entry around it. It serves `/mint-key`, so that secrets survive a reload. */
  readonly entry: string;
}

/** Raised when the recipe below changes, so that old installs are not used. */
const recipe = 1;

/** Installs the version unless the cache has it. */
export async function installEditor(version: EditorVersion): Promise<EditorInstallation> {
  if (process.platform === 'win32') {
    throw new Error('VS Code is run as code-server here, which Windows does not have. Use WSL, or desktop VS Code with --desktop.');
  }
  const home = await cached(`vscode-${version.vscode}`, `Installing VS Code ${version.vscode} (about one minute, once)`, (folder) =>
    build(version, folder),
  );
  const codeServer = join(home, 'node_modules/code-server');
  return {
    version,
    node: nodeMajor() === version.node ? process.execPath : await installNode(version.node),
    serverMain: join(codeServer, 'lib/vscode/out/server-main.js'),
    entry: join(codeServer, 'out/node/entry.js'),
  };
}

/** Node's executable in the given major version, from npm. */
async function installNode(major: number): Promise<string> {
  const home = await cached(`node-${major}`, `Installing Node ${major} (once)`, (folder) =>
    npm(folder, ['install', '--ignore-scripts', `${nodePackage()}@${major}`]),
  );
  return join(home, 'node_modules', nodePackage(), 'bin/node');
}

/**
 * The cache's folder of this name, filled by `fill` when it is not there. Two processes may do it at once: each fills a folder
 * apart, and the first one done wins. A folder without its marker is not trusted.
 */
async function cached(name: string, title: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const home = join(cacheFolder(), `${name}-${process.platform}-${process.arch}-${recipe}`);
  if (existsSync(join(home, marker))) return home;
  await step(title, async () => {
    await mkdir(dirname(home), { recursive: true });
    await removeAbandoned(dirname(home));
    const folder = await mkdtemp(join(dirname(home), `${temporary}${basename(home)}-`));
    try {
      await writeFile(join(folder, 'package.json'), '{"private":true}\n');
      await fill(folder);
      await writeFile(join(folder, marker), `${new Date().toISOString()}\n`);
      await moveIntoPlace(folder, home);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  return home;
}

const marker = 'complete';
const temporary = 'installing-';

function nodeMajor(): number {
  return Number(process.versions.node.split('.')[0]);
}

/**
 * The package that holds Node's executable for this machine. The package `node` fetches it in an install script; taking it by its
 * own name needs no script.
 */
function nodePackage(): string {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

async function build(version: EditorVersion, folder: string): Promise<void> {
  await requireBuildTools();
  // Without scripts: code-server's own post-install compiles Kerberos, whose headers hardly anyone has.
  await npm(folder, ['install', '--ignore-scripts', `code-server@${version.codeServer}`]);

  const codeServer = join(folder, 'node_modules/code-server');
  const vscode = join(codeServer, 'lib/vscode');
  await npm(vscode, ['install', '--omit=dev', '--ignore-scripts']);

  await rebuild(vscode, '@vscode/spdlog', 'build/Release/spdlog.node');
  const watchdogs = ['@vscode/native-watchdog', 'native-watchdog'].filter((name) => existsSync(join(vscode, 'node_modules', name)));
  for (const name of watchdogs) await rebuild(vscode, name, 'build/Release/watchdog.node');
  if (version === oldest) {
    await rebuild(folder, 'argon2', 'lib/binding/napi-v3/argon2.node');
    await rebuild(vscode, 'node-pty', 'build/Release/pty.node');
    await addRipgrep(folder, vscode);
  }
}

/** Compiles one package's native part. Success is the file: some post-install steps fail after it is there. */
async function rebuild(folder: string, name: string, product: string): Promise<void> {
  const file = join(folder, 'node_modules', name, product);
  const attempts = [
    ['rebuild', name, '--ignore-scripts=false'],
    ['rebuild', name, '--ignore-scripts=false', '--dangerously-allow-all-scripts'], // an npm that asks for leave
  ];
  let output = '';
  for (const args of attempts) {
    if (existsSync(file)) return;
    output = (await npmResult(folder, args)).output;
  }
  if (!existsSync(file)) throw new Error(`${name} could not be compiled:\n${output.slice(-4000)}`);
}

/** 1.100 downloads ripgrep in an install script; the newer package of the same makers has the executables inside. */
async function addRipgrep(folder: string, vscode: string): Promise<void> {
  const extra = join(folder, 'ripgrep');
  await mkdir(extra);
  await writeFile(join(extra, 'package.json'), '{"private":true}\n');
  await npm(extra, ['install', '--ignore-scripts', '@vscode/ripgrep-universal@1.18.0']);
  const target = join(vscode, 'node_modules/@vscode/ripgrep/bin/rg');
  await mkdir(dirname(target), { recursive: true });
  await copyFile(join(extra, `node_modules/@vscode/ripgrep-universal/bin/${process.platform}-${process.arch}/rg`), target);
  await chmod(target, 0o755);
  await rm(extra, { recursive: true });
}

async function npm(folder: string, args: readonly string[]): Promise<void> {
  const { code, output } = await npmResult(folder, args);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`);
}

function npmResult(folder: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const cli = process.env['npm_execpath'];
  const [program, first] = cli && basename(cli) === 'npm-cli.js' ? [process.execPath, [cli]] : ['npm', []];
  return run(program, [...first, ...args, '--no-audit', '--no-fund', '--engine-strict=false'], {
    cwd: folder,
    env: npmEnvironment(),
    deadline: 10 * 60_000,
  });
}

/** npm in its plain state, whatever npm command we were started by; Node's headers from beside Node, where they are there. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const ours = /^npm_(package_|lifecycle_|command$|config_(local_prefix|prefix|global|omit|include|ignore_scripts|allow_scripts)$)/i;
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name) && name !== 'NODE_ENV'));
  const prefix = dirname(dirname(process.execPath));
  if (existsSync(join(prefix, 'include/node/node.h'))) environment['npm_config_nodedir'] ??= prefix;
  return environment;
}

async function requireBuildTools(): Promise<void> {
  const missing = ['g++', 'make', 'python3'].filter((name) => !findExecutable([name]));
  // Any C++ compiler will do, by any name.
  if (findExecutable(['c++', 'clang++'])) missing.splice(0, missing.length, ...missing.filter((name) => name !== 'g++'));
  if (missing.length === 0) return;
  if (await installDebianPackages(missing)) return;
  throw new Error(`VS Code's native parts are compiled once, which needs ${missing.join(', ')}. Install ${missing.length > 1 ? 'them' : 'it'} and try again.`);
}

/** The first of these programs that is on the PATH. */
export function findExecutable(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** Installs packages where that can be done unasked: as root on a Debian. False where it cannot. */
export async function installDebianPackages(names: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0 || !findExecutable(['apt-get'])) return false;
  await step(`Installing ${names.join(', ')} with apt-get`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await whenUnlocked(() => runOrThrow('apt-get', ['update'], { env, deadline: 5 * 60_000 }));
    await whenUnlocked(() => runOrThrow('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env, deadline: 10 * 60_000 }));
  });
  return true;
}

/** Runs apt-get, again while another one is at work: it waits for some of its locks only. */
async function whenUnlocked(aptGet: () => Promise<string>): Promise<string> {
  for (const end = Date.now() + 5 * 60_000; ; await pause(2_000)) {
    try {
      return await aptGet();
    } catch (error) {
      const isLocked = error instanceof Error && /Could not get lock/.test(error.message);
      if (!isLocked || Date.now() > end) throw error;
    }
  }
}

async function moveIntoPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (existsSync(join(to, marker))) return; // another process was first
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY' && (error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await rm(to, { recursive: true, force: true }); // half of an install, by some other hand
    await rename(from, to);
  }
}

/** Removes what an interrupted install left behind more than an hour ago. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(temporary)) continue;
    const path = join(folder, name);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}
