import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, run, runOrThrow } from './processes';
import { cacheFolder } from './project';
import { step } from './progress';

/**
 * Installs VS Code from the npm package `code-server`: the workbench and extension host of the desktop product, with its
 * server, for use in a browser.
 */

/** A VS Code version in which the extension is tested. */
export interface EditorVersion {
  readonly vscode: string;
  /** Version of the npm package `code-server` that contains it. */
  readonly codeServer: string;
  /** Major version of Node that it runs on. */
  readonly node: number;
  /** A built-in theme: a dark one in one version and a light one in the other, so that the pictures show both. */
  readonly theme: string;
}

/** The floor of `engines.vscode`. */
export const oldest: EditorVersion = {
  vscode: '1.100.3',
  codeServer: '4.100.3',
  node: 20,
  theme: 'Default Dark Modern',
};
export const newest: EditorVersion = { vscode: '1.139.1', codeServer: '4.139.1', node: 24, theme: 'Light 2026' };
export const versions: readonly EditorVersion[] = [oldest, newest];

/** An installed VS Code; absolute paths. */
export interface EditorInstallation {
  readonly version: EditorVersion;
  /** The Node executable that runs it. */
  readonly node: string;
  /** VS Code's own server. Only this one supports `--enable-smoke-test-driver`, which test runs need. */
  readonly serverMain: string;
  /** code-server's entry around it. It serves `/mint-key`, so that secrets survive a reload. */
  readonly entry: string;
}

/** Increase it when the recipe below changes, so that old installations aren't used. */
const recipe = 1;

/** Installs the version, unless it's in the cache. */
export async function installEditor(version: EditorVersion): Promise<EditorInstallation> {
  if (process.platform === 'win32') {
    throw new Error(
      'VS Code runs as code-server here, which isn’t available on Windows. Use WSL, or desktop VS Code with --desktop.',
    );
  }
  // Node's executable is needed only at the end, so both are fetched at once.
  const [home, node] = await Promise.all([
    cached(
      `vscode-${version.vscode}`,
      `Installing VS Code ${version.vscode} (about one minute, once)`,
      editorSteps(version),
    ),
    nodeMajor() === version.node ? process.execPath : installNode(version.node),
  ]);
  const codeServer = join(home, 'node_modules/code-server');
  return {
    version,
    node,
    serverMain: join(codeServer, 'lib/vscode/out/server-main.js'),
    entry: join(codeServer, 'out/node/entry.js'),
  };
}

/** Node's executable of a major version, from npm. */
async function installNode(major: number): Promise<string> {
  const home = await cached(`node-${major}`, `Installing Node ${major} (once)`, [
    {
      name: `Node ${major}`,
      run: (folder) => npm(folder, ['install', '--ignore-scripts', `${nodePackage()}@${major}`]),
    },
  ]);
  return join(home, 'node_modules', nodePackage(), 'bin/node');
}

/** A part of an installation. After an interruption, it continues where it stopped. */
interface InstallStep {
  readonly name: string;
  run(folder: string): Promise<void>;
}

/**
 * The cache folder of this name. If it doesn't exist, the steps fill it. If a step fails, the results of earlier ones stay, so
 * the next run continues from there. If two processes do it at once, one waits for the other. A folder without its marker is incomplete.
 */
async function cached(name: string, title: string, steps: readonly InstallStep[]): Promise<string> {
  const home = join(cacheFolder(), `${name}-${process.platform}-${process.arch}-${recipe}`);
  const isComplete = (): boolean => existsSync(join(home, 'complete'));
  if (isComplete()) return home;
  await makeFolder(home);
  await step(title, () =>
    whileLocked(`${home}.lock`, async () => {
      if (isComplete()) return;
      await writeFile(join(home, 'package.json'), '{"private":true}\n');
      for (const [index, { name: part, run }] of steps.entries()) {
        const done = join(home, `done-${index}`);
        if (existsSync(done)) continue;
        await run(home).catch((error: unknown) => {
          throw new Error(
            `${title}: ${part} failed. Run the command again to continue from here.\n${messageOf(error)}`,
          );
        });
        await writeFile(done, `${part}\n`);
      }
      await writeFile(join(home, 'complete'), `${new Date().toISOString()}\n`);
    }),
  );
  return home;
}

/** @throws with what to do if the cache can't be written. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new Error(
      `VS Code is installed in ${cacheFolder()}, which can't be written: ${messageOf(error)}. Set XDG_CACHE_HOME to a writable folder.`,
    );
  });
}

/** Does the work while no other process does it. Ignores a lock whose process is gone. */
async function whileLocked(lock: string, work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isRunning(Number(await readFile(lock, 'utf8').catch(() => '')))) await pause(500);
    else await rm(lock, { force: true });
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function nodeMajor(): number {
  return Number(process.versions.node.split('.')[0]);
}

/**
 * The package with Node's executable for this machine. The package `node` fetches it in an install script. Installing it by its
 * own name needs no script.
 */
function nodePackage(): string {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${process.platform}-${process.arch}`;
}

function editorSteps(version: EditorVersion): InstallStep[] {
  const vscodeIn = (folder: string): string => join(folder, 'node_modules/code-server/lib/vscode');
  return [
    { name: 'Finding a compiler', run: requireBuildTools },
    // Without scripts, because code-server's own post-install compiles Kerberos, whose headers are rarely installed.
    {
      name: 'code-server',
      run: (folder) => npm(folder, ['install', '--ignore-scripts', `code-server@${version.codeServer}`]),
    },
    {
      name: 'the packages of VS Code',
      run: (folder) => npm(vscodeIn(folder), ['install', '--omit=dev', '--ignore-scripts']),
    },
    {
      name: 'compiling spdlog',
      run: (folder) => rebuild(vscodeIn(folder), '@vscode/spdlog', 'build/Release/spdlog.node'),
    },
    {
      name: 'compiling the watchdog',
      async run(folder) {
        const names = ['@vscode/native-watchdog', 'native-watchdog'].filter((name) =>
          existsSync(join(vscodeIn(folder), 'node_modules', name)),
        );
        for (const name of names) await rebuild(vscodeIn(folder), name, 'build/Release/watchdog.node');
      },
    },
    ...(version === oldest
      ? [
          {
            name: 'compiling argon2',
            run: (folder: string) => rebuild(folder, 'argon2', 'lib/binding/napi-v3/argon2.node'),
          },
          {
            name: 'compiling node-pty',
            run: (folder: string) => rebuild(vscodeIn(folder), 'node-pty', 'build/Release/pty.node'),
          },
          { name: 'ripgrep', run: (folder: string) => addRipgrep(folder, vscodeIn(folder)) },
        ]
      : []),
  ];
}

/** Compiles one package's native part. It succeeds if the file exists, because some post-install steps fail after that. */
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
  if (!existsSync(file)) throw new Error(`${name} couldn't be compiled:\n${output.slice(-4000)}`);
}

/** 1.100 downloads ripgrep in an install script. The newer package by the same authors contains the executables. */
async function addRipgrep(folder: string, vscode: string): Promise<void> {
  const extra = join(folder, 'ripgrep');
  await mkdir(extra, { recursive: true });
  await writeFile(join(extra, 'package.json'), '{"private":true}\n');
  await npm(extra, ['install', '--ignore-scripts', '@vscode/ripgrep-universal@1.18.0']);
  const target = join(vscode, 'node_modules/@vscode/ripgrep/bin/rg');
  await mkdir(dirname(target), { recursive: true });
  await copyFile(
    join(extra, `node_modules/@vscode/ripgrep-universal/bin/${process.platform}-${process.arch}/rg`),
    target,
  );
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

/** npm without the settings of an npm command that started us. It uses the headers beside Node if they're installed. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const ours =
    /^npm_(package_|lifecycle_|command$|config_(local_prefix|prefix|global|omit|include|ignore_scripts|allow_scripts)$)/i;
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ours.test(name) && name !== 'NODE_ENV'),
  );
  const prefix = dirname(dirname(process.execPath));
  if (existsSync(join(prefix, 'include/node/node.h'))) environment['npm_config_nodedir'] ??= prefix;
  return environment;
}

async function requireBuildTools(): Promise<void> {
  const missing = ['g++', 'make', 'python3'].filter((name) => !findExecutable([name]));
  // Any C++ compiler works, with any name.
  if (findExecutable(['c++', 'clang++']))
    missing.splice(0, missing.length, ...missing.filter((name) => name !== 'g++'));
  if (missing.length === 0) return;
  if (await installDebianPackages(missing)) return;
  throw new Error(
    `VS Code's native parts are compiled once. That needs ${missing.join(', ')}. Install ${missing.length > 1 ? 'them' : 'it'} and try again.`,
  );
}

/** The first of these programs on the PATH. */
export function findExecutable(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** Installs packages if that's possible without asking: as root on Debian. False if it isn't. */
export async function installDebianPackages(names: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0 || !findExecutable(['apt-get'])) return false;
  await step(`Installing ${names.join(', ')} with apt-get`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await whenUnlocked(() => runOrThrow('apt-get', ['update'], { env, deadline: 5 * 60_000 }));
    await whenUnlocked(() =>
      runOrThrow('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env, deadline: 10 * 60_000 }),
    );
  });
  return true;
}

/** Runs apt-get, and tries again while another one is running, because it waits only for some of its locks. */
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
