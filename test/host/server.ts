import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanEnvironment, runOrThrow, startGroup } from './processes';
import { withDeadline } from './progress';
import { projectRoot } from './project';
import type { EditorInstallation } from './vscodeHost';

/** The data folders of one VS Code. They're all in one folder, so that a search for leaks has one place to look. */
export interface DataFolders {
  readonly root: string;
  /** User data and server data: settings, state, backups, logs. */
  readonly userData: string;
  readonly extensions: string;
  /** VS Code's own log files. */
  readonly logs: string;
  /** Chromium's profile: localStorage, IndexedDB. */
  readonly profile: string;
  /** The home folder of shells in a test run. */
  readonly home: string;
}

export function dataFolders(root: string): DataFolders {
  const userData = join(root, 'user-data');
  return {
    root,
    userData,
    extensions: join(root, 'extensions'),
    logs: join(userData, 'logs'),
    profile: join(root, 'profile'),
    home: join(root, 'home'),
  };
}

/** A quiet editor without welcome page, chat, experiments, updates, telemetry and animations. The rest is VS Code's default. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false,
  // Otherwise the server lists the open files of every process of the machine every few seconds.
  'remote.autoForwardPortsSource': 'output',
  'git.openRepositoryInParentFolders': 'never',
  'security.promptForLocalFileProtocolHandling': false,
};

/** A key of the user's own. */
export interface UserKeybinding {
  readonly key: string;
  readonly command: string;
}

/** Creates the folders, the user's settings and keys, because VS Code logs errors about missing folders. */
export async function prepareData(
  folders: DataFolders,
  settings: Readonly<Record<string, unknown>> = {},
  keybindings: readonly UserKeybinding[] = [],
): Promise<void> {
  const user = join(folders.userData, 'User');
  for (const folder of [user, folders.extensions, folders.profile, folders.home])
    await mkdir(folder, { recursive: true });
  await writeFile(join(user, 'settings.json'), `${JSON.stringify({ ...quietSettings, ...settings }, undefined, 2)}\n`);
  if (keybindings.length > 0) await writeFile(join(user, 'keybindings.json'), JSON.stringify(keybindings));
}

export interface ServerOptions {
  readonly installation: EditorInstallation;
  readonly folders: DataFolders;
  /** Variables for the extension host's process, added to this process's environment without its `SCALEKIT_` variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** False to make VS Code ask for Workspace Trust. Default: trusted. */
  readonly trusted?: boolean;
}

/** A running VS Code server. */
export interface EditorServer {
  readonly address: string;
  /** Its output so far. */
  output(): string;
  /** Resolves with its exit code when it ends in any way. */
  readonly exited: Promise<number>;
  end(): Promise<void>;
}

/** Starts VS Code for a person. Secrets survive a reload, extensions come from VSIX files, and test runs aren't possible. */
export function startPersonsServer(options: ServerOptions): Promise<EditorServer> {
  const { installation, folders } = options;
  return start(
    options,
    [
      ...codeServerArguments(installation, folders),
      ...['--auth', 'none', '--bind-addr', '127.0.0.1:0'],
      ...[
        '--disable-telemetry',
        '--disable-update-check',
        '--disable-getting-started-override',
        '--ignore-last-opened',
      ],
      ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
    ],
    /HTTP server listening on (http:\/\/[\d.]+:\d+)/,
  );
}

/** Starts VS Code for a test run, in which the workbench supports `extensionDevelopmentPath` and `extensionTestsPath`. */
export function startTestServer(options: ServerOptions): Promise<EditorServer> {
  const { installation, folders } = options;
  // Shells in its terminals must not read the developer's own start files, or wait for them.
  const environment = { HOME: folders.home, ...options.environment };
  return start(
    { ...options, environment },
    [
      installation.serverMain,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
      ...['--telemetry-level', 'off', '--enable-smoke-test-driver', '--disable-websocket-compression'],
      ...[
        '--server-data-dir',
        folders.userData,
        '--user-data-dir',
        folders.userData,
        '--extensions-dir',
        folders.extensions,
      ],
      ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
    ],
    /Extension host agent listening on (\d+)/,
  );
}

/**
 * Installs packaged extensions, like "Install from VSIX…". VS Code installs the same files only once; after that, its result
 * is copied, since each installation starts a VS Code of its own.
 */
export async function installExtensions(
  installation: EditorInstallation,
  folders: DataFolders,
  vsixes: readonly string[],
): Promise<void> {
  const hash = createHash('sha256').update(installation.version.codeServer);
  for (const vsix of vsixes) hash.update(await readFile(vsix));
  const installed = join(projectRoot(), 'out/test/installed', hash.digest('hex').slice(0, 16));
  if (!existsSync(installed)) {
    await runInstallation(installation, folders, vsixes);
    // Another process may have done the same in the meantime, and its result is as good.
    const copy = `${installed}-${process.pid}`;
    await cp(folders.extensions, copy, { recursive: true });
    await rename(copy, installed).catch(() => rm(copy, { recursive: true, force: true }));
  } else await cp(installed, folders.extensions, { recursive: true });
}

async function runInstallation(
  installation: EditorInstallation,
  folders: DataFolders,
  vsixes: readonly string[],
): Promise<void> {
  const install = vsixes.flatMap((vsix) => ['--install-extension', vsix]);
  await runOrThrow(installation.node, [...codeServerArguments(installation, folders), ...install, '--force'], {
    env: serverEnvironment(folders),
    deadline: 120_000,
  });
}

function codeServerArguments(installation: EditorInstallation, folders: DataFolders): string[] {
  const data = ['--user-data-dir', folders.userData, '--extensions-dir', folders.extensions];
  return [installation.entry, ...data, '--config', join(folders.root, 'code-server.yaml')];
}

/** code-server has a socket and a "last opened" file in XDG folders, which must be ours, not the developer's. */
function serverEnvironment(folders: DataFolders, extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = { XDG_DATA_HOME: join(folders.root, 'xdg-data'), XDG_CONFIG_HOME: join(folders.root, 'xdg-config') };
  return cleanEnvironment({ ...own, ...extra });
}

async function start(options: ServerOptions, args: readonly string[], listening: RegExp): Promise<EditorServer> {
  const { installation, folders } = options;
  const group = startGroup(installation.node, args, {
    env: serverEnvironment(folders, options.environment),
    killAtExit: true,
  });
  let output = '';
  const address = new Promise<string>((resolve, reject) => {
    group.onOutput((text) => {
      output += text;
      const found = listening.exec(output)?.[1];
      if (found) resolve(found.startsWith('http') ? found : `http://127.0.0.1:${found}`);
    });
    void group.exited.then((code) => reject(new Error(`VS Code's server ended with ${code}:\n${output.slice(-4000)}`)));
  });
  try {
    return {
      address: await withDeadline(`Starting VS Code ${installation.version.vscode}'s server`, 60_000, address),
      output: () => output,
      exited: group.exited,
      end: () => group.end(),
    };
  } catch (error) {
    await group.end();
    throw error;
  }
}
