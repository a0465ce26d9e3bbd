import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, run, runOrThrow } from './processes';
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
    throw new Error(
      'VS Code is run as code-server here, which Windows does not have. Use WSL, or desktop VS Code with --desktop.',
    );
  }
  // Node's executable is needed only when all is there, so both can be fetched at once.
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

/** Node's executable in the given major version, from npm. */
async function installNode(major: number): Promise<string> {
  const home = await cached(`node-${major}`, `Installing Node ${major} (once)`, [
    {
      name: `Node ${major}`,
      run: (folder) => npm(folder, ['install', '--ignore-scripts', `${nodePackage()}@${major}`]),
    },
  ]);
  return join(home, 'node_modules', nodePackage(), 'bin/node');
}

/** A part of an installation. Run again after it was interrupted, it goes on from what is there. */
interface InstallStep {
  readonly name: string;
  run(folder: string): Promise<void>;
}

/**
 * The cache's folder of this name, filled by the steps when it is not there. What a step has done is kept when a later one fails, so
 * the next run goes on from there. Two processes may do it at once: one waits for the other. A folder without its marker is not whole.
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
            `${title}: ${part} failed. What is there already is kept; run the command again to go on.\n${messageOf(error)}`,
          );
        });
        await writeFile(done, `${part}\n`);
      }
      await writeFile(join(home, 'complete'), `${new Date().toISOString()}\n`);
    }),
  );
  return home;
}

/** @throws with what to do when the cache cannot be written. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new Error(
      `VS Code is kept in ${cacheFolder()}, which can't be written: ${messageOf(error)}. Set XDG_CACHE_HOME to a folder that can.`,
    );
  });
}

/** Does the work while no other process does it. A lock whose process is gone is no lock. */
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
 * The package that holds Node's executable for this machine. The package `node` fetches it in an install script; taking it by its
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
    // Without scripts: code-server's own post-install compiles Kerberos, whose headers hardly anyone has.
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

/** npm in its plain state, whatever npm command we were started by; Node's headers from beside Node, where they are there. */
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
  // Any C++ compiler will do, by any name.
  if (findExecutable(['c++', 'clang++']))
    missing.splice(0, missing.length, ...missing.filter((name) => name !== 'g++'));
  if (missing.length === 0) return;
  if (await installDebianPackages(missing)) return;
  throw new Error(
    `VS Code's native parts are compiled once, which needs ${missing.join(', ')}. Install ${missing.length > 1 ? 'them' : 'it'} and try again.`,
  );
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
    await whenUnlocked(() =>
      runOrThrow('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env, deadline: 10 * 60_000 }),
    );
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
