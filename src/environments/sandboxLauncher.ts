import { fork, type ChildProcess } from 'node:child_process';
import type { Memento, SecretStorage } from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord, readCount, readRecord, readText, type JsonRecord } from '../api/json';
import type { Log } from '../ui/log';
import type { Redactor } from '../ui/redactor';
import { atAnotherPort, SandboxAddresses, type SandboxAddress, type SandboxCredentials } from './sandboxAddress';
import type { Elsewhere, LaunchedSandbox, SandboxLaunch } from './sandboxEnvironment';

/** How long the sandbox may take to start, in milliseconds. */
const START_DEADLINE_MS = 20_000;

/** How long a process that was told to end may take, in milliseconds, before it is ended by force. */
const END_DEADLINE_MS = 5_000;

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

export interface SandboxLauncherDependencies {
  readonly program: string;
  readonly workspaceState: Memento;
  readonly secrets: SecretStorage;
  readonly now: () => number;
  readonly log: Log;
  readonly redactor: Redactor;
  /** What another window calls this one. */
  readonly windowName: () => string;
}

/** Starts the sandbox's process, at the address that this workspace's sandbox always has. */
export class SandboxLauncher implements SandboxLaunch {
  private readonly addresses: SandboxAddresses;
  private last: { readonly process: ChildProcess; readonly end: Promise<void> } | undefined;

  constructor(private readonly dependencies: SandboxLauncherDependencies) {
    const { workspaceState, secrets, now, log } = dependencies;
    this.addresses = new SandboxAddresses(workspaceState, secrets, now, log);
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
        const launched = await this.start(wanted, signal);
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

  forget(): Promise<void> {
    return this.addresses.forget();
  }

  private async start(
    { address, clientSecret }: SandboxCredentials,
    signal: AbortSignal,
  ): Promise<Omit<LaunchedSandbox, 'isKept'>> {
    const { program, log, windowName } = this.dependencies;
    const child = fork(program, ['--managed'], {
      // The extension host's own Node, from Electron or a server. The sandbox doesn't get a real environment's
      // variables.
      execPath: process.execPath,
      execArgv: [],
      env: { ...withoutCredentials(process.env), ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      signal,
    });
    this.last = { process: child, end: endOf(child) };
    child.stderr?.on('data', (chunk: Buffer) => log.warn(`sandbox: ${chunk.toString('utf8').trimEnd()}`));
    const started = startedCredentials(child, address);
    const { port, clientId, seed, firstStartedAt } = address;
    const startedBy = windowName().slice(0, LONGEST_NAME);
    const message = { type: 'start', port, clientId, clientSecret, seed, firstStartedAt, startedBy };
    // Over the channel, because other programs can read a process's arguments and environment. It's the `StartMessage` of src/sandbox.
    // If the process ends before it reads this, its exit says so.
    child.send(message, () => undefined);
    try {
      return { process: child, credentials: await started };
    } catch (error) {
      child.kill();
      throw error;
    }
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
function startedCredentials(child: ChildProcess, address: SandboxAddress): Promise<ClientCredentials> {
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
        resolve({ environmentUrl, clientId, clientSecret });
      }
    };
    // Not removed: an aborted start reports this too.
    child.on('error', (error) => fail(new SandboxStartError(error.message)));
    child.on('exit', onExit);
    child.on('message', onMessage);
  });
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
