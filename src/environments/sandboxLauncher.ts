import { fork, type ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord, readCount, readRecord, readText, type JsonRecord } from '../api/json';
import type { Log } from '../ui/log';
import type { Prompts } from '../ui/prompts';
import type { Redactor } from '../ui/redactor';
import { atAnotherPort, SandboxAddresses, type SandboxAddress, type SandboxCredentials } from './sandboxAddress';
import { SandboxDataFile } from './sandboxDataFile';
import type { Elsewhere, LaunchedSandbox, SandboxLaunch } from './sandboxEnvironment';

/** How long the sandbox may take to start, in milliseconds. */
const START_DEADLINE_MS = 20_000;

/** How long a process that was told to end may take, in milliseconds, before it is ended by force. It keeps its data meanwhile. */
const END_DEADLINE_MS = 20_000;

/** What a `Date` can hold at most. */
const LATEST_DATE_MS = 8.64e15;

/** How many ports are tried. */
const MOST_PORTS = 20;

/** The longest name of a window that another one is told, in characters. */
const LONGEST_NAME = 100;

/** The sandbox's process ended, or didn't start to listen. */
export class SandboxStartError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SandboxStartError';
  }
}

/** Another sandbox that has the port. */
export interface PortOwner {
  /** Whether it's this workspace's own, which another window runs. */
  readonly isOfThisWorkspace: boolean;
  /** The name of the window that started it, in its own words. Undefined if no window did. */
  readonly startedBy: string | undefined;
  readonly startedAt: Date;
}

/** The sandbox didn't start, because its port is taken. */
export class SandboxPortTaken extends SandboxStartError {
  constructor(
    readonly port: number,
    /** Undefined if it isn't a sandbox. */
    readonly owner: PortOwner | undefined,
  ) {
    super(`port ${port} is taken`);
    this.name = 'SandboxPortTaken';
  }
}

/** Why the sandbox has not started with the data that it had kept, and where those are. */
interface DataProblem {
  readonly reason: string;
  readonly file: string;
}

interface LastProcess {
  readonly process: ChildProcess;
  readonly end: Promise<void>;
  readonly mayKeepData: boolean;
  /** What it was told last. */
  dataFile: string | undefined;
  isStarted?: true;
}

export interface SandboxLauncherDependencies {
  readonly program: string;
  readonly workspaceState: vscode.Memento;
  /** Where the workspace's own data are. Undefined in a window without a folder. */
  readonly storageUri: vscode.Uri | undefined;
  readonly secrets: vscode.SecretStorage;
  readonly now: () => number;
  readonly log: Log;
  readonly prompts: Prompts;
  readonly redactor: Redactor;
  /** What another window calls this one. */
  readonly windowName: () => string;
}

/** Starts the sandbox's process, at the address that this workspace's sandbox always has. */
export class SandboxLauncher implements SandboxLaunch {
  private readonly addresses: SandboxAddresses;
  private readonly keptData: SandboxDataFile;
  private last: LastProcess | undefined;
  private readonly settingListener: vscode.Disposable;

  constructor(private readonly dependencies: SandboxLauncherDependencies) {
    const { workspaceState, secrets, now, log, storageUri } = dependencies;
    this.addresses = new SandboxAddresses(workspaceState, secrets, now, log);
    this.keptData = new SandboxDataFile(storageUri, log);
    this.settingListener = this.keptData.onDidSwitch(() => void this.updateFile());
  }

  async launch(signal: AbortSignal, elsewhere?: Elsewhere): Promise<LaunchedSandbox> {
    await this.endOfLast();
    let wanted = await this.addresses.read();
    // Nobody knows a new address yet, so any port will do.
    const canMove = !wanted.isKept || elsewhere !== undefined;
    if (elsewhere !== undefined) wanted = atAnotherPort(wanted);
    this.dependencies.redactor.add(wanted.clientSecret);
    for (let tried = 1; ; tried++) {
      signal.throwIfAborted();
      try {
        // Another window runs the sandbox of this workspace, and keeps its data.
        const launched = await this.start(wanted, signal, elsewhere !== 'thisTime');
        const isAsBefore = wanted.isKept && wanted.secretState === 'kept' && elsewhere === undefined;
        const isKept = isAsBefore || (elsewhere !== 'thisTime' && (await this.addresses.keep(wanted)));
        const { exitCode, signalCode } = launched.process;
        if (exitCode !== null || signalCode !== null)
          throw new SandboxStartError(`it ended (${exitCode ?? signalCode})`);
        return { ...launched, isKept };
      } catch (error) {
        if (!(error instanceof SandboxPortTaken) || !canMove || tried === MOST_PORTS) throw error;
        wanted = atAnotherPort(wanted);
      }
    }
  }

  async forget(): Promise<void> {
    await this.addresses.forget();
    // A process that is ending still writes what has changed.
    await this.endOfLast();
    await this.keptData.delete();
  }

  dispose(): void {
    this.settingListener.dispose();
  }

  private async start(
    { address, clientSecret }: SandboxCredentials,
    signal: AbortSignal,
    mayKeepData: boolean,
  ): Promise<Omit<LaunchedSandbox, 'isKept'>> {
    const { program, log, windowName } = this.dependencies;
    const dataFile = mayKeepData ? await this.keptData.path() : undefined;
    signal.throwIfAborted();
    const child = fork(program, ['--managed'], {
      // The extension host's own Node, from Electron or a server. The sandbox doesn't get a real environment's
      // variables.
      execPath: process.execPath,
      execArgv: [],
      env: { ...withoutCredentials(process.env), ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      signal,
    });
    const last: LastProcess = { process: child, end: endOf(child), mayKeepData, dataFile };
    this.last = last;
    child.stderr?.on('data', (chunk: Buffer) => log.warn(`sandbox: ${chunk.toString('utf8').trimEnd()}`));
    const started = startedCredentials(child, address);
    const { port, clientId, seed, firstStartedAt } = address;
    const startedBy = windowName().slice(0, LONGEST_NAME);
    const message = { type: 'start', port, clientId, clientSecret, seed, firstStartedAt, startedBy, dataFile };
    // Over the channel, because other programs can read a process's arguments and environment. It's the `StartMessage` of src/sandbox.
    // If the process ends before it reads this, its exit says so.
    child.send(message, () => undefined);
    try {
      const { credentials, dataProblem } = await started;
      if (dataProblem !== undefined) void this.warn(dataProblem);
      last.isStarted = true;
      // The setting may have changed meanwhile.
      void this.updateFile();
      return { process: child, credentials };
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Tells the process where its data are kept now, if the setting has changed. */
  private async updateFile(): Promise<void> {
    const { last } = this;
    if (last?.isStarted !== true || !last.mayKeepData) return;
    const file = await this.keptData.path();
    if (file === last.dataFile) return;
    last.dataFile = file;
    // It may have ended. It's the `KeepDataMessage` of src/sandbox.
    if (last.process.connected) last.process.send({ type: 'keepData', file }, () => undefined);
  }

  private async warn({ reason, file }: DataProblem): Promise<void> {
    const { log, prompts } = this.dependencies;
    log.warn(`sandbox: ${reason}`);
    const showLog = vscode.l10n.t('Show Log');
    const text = vscode.l10n.t(
      'The local sandbox couldn’t read the data that it had kept, so it started with its sample data. The old file is {0}.',
      file,
    );
    if ((await prompts.message('warning', text, showLog)) === showLog) log.show();
  }

  /** Waits until the last process, which was told to end, has ended and its port is free. */
  private async endOfLast(): Promise<void> {
    const { last } = this;
    if (last === undefined) return;
    const force = setTimeout(() => last.process.kill('SIGKILL'), END_DEADLINE_MS);
    await last.end;
    clearTimeout(force);
  }
}

function endOf(child: ChildProcess): Promise<void> {
  return child.pid === undefined
    ? Promise.resolve()
    : new Promise((resolve) => {
        child.once('exit', () => resolve());
      });
}

/** Waits until the sandbox reports that it listens. */
function startedCredentials(
  child: ChildProcess,
  address: SandboxAddress,
): Promise<{ readonly credentials: ClientCredentials; readonly dataProblem: DataProblem | undefined }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(new SandboxStartError('it didn’t start in time')), START_DEADLINE_MS);
    const settle = (): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const fail = (error: SandboxStartError): void => {
      settle();
      reject(error);
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
      fail(new SandboxStartError(`it ended (${code ?? signal})`));
    const onMessage = (message: unknown): void => {
      if (!isRecord(message)) return;
      if (message['type'] === 'failed') fail(startError(message, address));
      const environmentUrl = readText(message['url']);
      const clientId = readText(message['clientId']);
      const clientSecret = readText(message['clientSecret']);
      if (message['type'] === 'started' && environmentUrl && clientId && clientSecret) {
        settle();
        resolve({
          credentials: { environmentUrl, clientId, clientSecret },
          dataProblem: readDataProblem(message['dataProblem']),
        });
      }
    };
    // Not removed: an aborted start reports this too.
    child.on('error', (error) => fail(new SandboxStartError(error.message)));
    child.on('exit', onExit);
    child.on('message', onMessage);
  });
}

function readDataProblem(value: unknown): DataProblem | undefined {
  const problem = readRecord(value);
  const file = readText(problem?.['file']);
  return file === undefined ? undefined : { file, reason: readText(problem?.['reason']) ?? '' };
}

/** What the sandbox says about why it did not start. */
function startError(message: JsonRecord, { port, clientId }: SandboxAddress): SandboxStartError {
  const taken = readRecord(message['portTaken']);
  if (taken === undefined) return new SandboxStartError(readText(message['message']) ?? 'it failed');
  const by = readRecord(taken['by']);
  if (by === undefined) return new SandboxPortTaken(port, undefined);
  return new SandboxPortTaken(port, {
    isOfThisWorkspace: by['clientId'] === clientId,
    startedBy: readText(by['startedBy']),
    startedAt: new Date(Math.min(readCount(by['startedAt']) ?? 0, LATEST_DATE_MS)),
  });
}

function withoutCredentials(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !/^(SCALEKIT|SANDBOX)_/.test(name)));
}
