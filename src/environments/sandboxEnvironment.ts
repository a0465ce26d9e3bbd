import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Memento } from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord, readText } from '../api/json';
import { SANDBOX_ID, type Environment } from '../core/environment';
import type { Log } from '../ui/log';
import type { EnvironmentSource } from './environmentSource';

const KNOWN_KEY = 'scalekit.sandboxKnown';

/** How long the sandbox may take to start, in milliseconds. */
const START_DEADLINE_MS = 20_000;

/** The sandbox's process ended, or didn't start to listen. */
export class SandboxStartError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SandboxStartError';
  }
}

interface RunningSandbox {
  readonly process: ChildProcess;
  readonly credentials: ClientCredentials;
  readonly revision: string;
}

/**
 * The local sandbox as an environment, in its own process, which starts on the user's request and ends with the window.
 * Its credentials come over the process's channel and stay in memory. After a reload, its row shows it as stopped.
 */
export class SandboxEnvironment implements EnvironmentSource {
  private running: RunningSandbox | undefined;
  private starting: { readonly done: Promise<void>; readonly givenUp: AbortController } | undefined;
  private lastUsedAt = 0;
  private listener: () => void = () => undefined;
  private requestListener: (message: unknown) => void = () => undefined;

  constructor(
    private readonly program: string,
    private readonly name: string,
    private readonly workspaceState: Memento,
    private readonly now: () => number,
    private readonly log: Log,
  ) {}

  async load(): Promise<void> {
    // `list` reads from the workspace's state whether to show the row.
  }

  list(): readonly Environment[] {
    if (this.running === undefined && !this.workspaceState.get(KNOWN_KEY, false)) return [];
    return [
      {
        id: SANDBOX_ID,
        kind: 'sandbox',
        name: this.name,
        host: this.running === undefined ? '' : new URL(this.running.credentials.environmentUrl).host,
        production: false,
        tokensOnly: false,
        sessionOnly: false,
        state: this.running === undefined ? 'stopped' : 'ready',
        lastUsedAt: this.lastUsedAt,
        credentialsRevision: this.running?.revision ?? 'stopped',
      },
    ];
  }

  async readCredentials(id: string): Promise<ClientCredentials | undefined> {
    return id === SANDBOX_ID ? this.running?.credentials : undefined;
  }

  async touch(): Promise<void> {
    this.lastUsedAt = this.now();
  }

  onDidChange(listener: () => void): void {
    this.listener = listener;
  }

  /** Sets the listener for requests that the sandbox received from other programs, as its process reports them. */
  onDidReceiveRequest(listener: (message: unknown) => void): void {
    this.requestListener = listener;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /**
   * Starts it, unless it's running. If it's stopped meanwhile, this doesn't fail.
   *
   * @throws SandboxStartError
   */
  start(): Promise<void> {
    if (this.running !== undefined) return Promise.resolve();
    if (this.starting === undefined) {
      const givenUp = new AbortController();
      const done = this.launch(givenUp.signal).finally(() => {
        if (this.starting?.givenUp === givenUp) this.starting = undefined;
      });
      this.starting = { done, givenUp };
    }
    return this.starting.done;
  }

  /** Ends its process, even while it starts. Its row stays and shows it as stopped. */
  stop(): void {
    this.giveUpStart();
    this.running?.process.kill();
    this.ended();
  }

  /** Also removes its row. */
  async forget(): Promise<void> {
    this.giveUpStart();
    await this.setKnown(undefined);
    this.stop();
    this.listener();
  }

  dispose(): void {
    this.giveUpStart();
    this.running?.process.kill();
    this.running = undefined;
  }

  private giveUpStart(): void {
    this.starting?.givenUp.abort();
    this.starting = undefined;
  }

  /** Saves whether to show its row after a reload. A failure to save only matters later. */
  private async setKnown(known: true | undefined): Promise<void> {
    try {
      await this.workspaceState.update(KNOWN_KEY, known);
    } catch (error) {
      this.log.warn(`The sandbox’s row could not be remembered: ${String(error)}`);
    }
  }

  private async launch(givenUp: AbortSignal): Promise<void> {
    const child = fork(this.program, [], {
      // The extension host's own Node, from Electron or a server. The sandbox doesn't get a real environment's
      // variables.
      execPath: process.execPath,
      execArgv: [],
      env: { ...withoutScalekit(process.env), ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      signal: givenUp,
    });
    child.stderr?.on('data', (chunk: Buffer) => this.log.warn(`sandbox: ${chunk.toString('utf8').trimEnd()}`));
    let credentials: ClientCredentials;
    try {
      credentials = await startedCredentials(child);
    } catch (error) {
      child.kill();
      if (givenUp.aborted) return;
      throw error;
    }
    if (givenUp.aborted) return;
    this.running = { process: child, credentials, revision: randomUUID() };
    child.on('message', (message) => this.receive(message));
    child.once('exit', () => {
      if (this.running?.process === child) this.ended();
    });
    this.lastUsedAt = this.now();
    await this.setKnown(true);
    this.log.info(`The sandbox serves at ${credentials.environmentUrl}`);
    this.listener();
  }

  private ended(): void {
    if (this.running === undefined) return;
    this.running = undefined;
    this.log.info('The sandbox has stopped');
    this.listener();
  }

  private receive(message: unknown): void {
    if (!isRecord(message) || message['type'] !== 'request') return;
    this.log.debug(`sandbox: ${String(message['method'])} ${String(message['path'])} ${String(message['status'])}`);
    if (message['fromWorkbench'] !== true) this.requestListener(message);
  }
}

/** Waits until the sandbox reports that it listens. */
function startedCredentials(child: ChildProcess): Promise<ClientCredentials> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SandboxStartError('it didn’t start in time')), START_DEADLINE_MS);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      child.removeAllListeners('message');
      child.removeAllListeners('exit');
      finish();
    };
    child.on('error', (error) => settle(() => reject(new SandboxStartError(error.message))));
    child.on('exit', (code, signal) => settle(() => reject(new SandboxStartError(`it ended (${code ?? signal})`))));
    child.on('message', (message) => {
      if (!isRecord(message)) return;
      if (message['type'] === 'failed') {
        settle(() => reject(new SandboxStartError(readText(message['message']) ?? 'it failed')));
      }
      const environmentUrl = readText(message['url']);
      const clientId = readText(message['clientId']);
      const clientSecret = readText(message['clientSecret']);
      if (message['type'] === 'started' && environmentUrl && clientId && clientSecret) {
        settle(() => resolve({ environmentUrl, clientId, clientSecret }));
      }
    });
  });
}

function withoutScalekit(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('SCALEKIT_')));
}
