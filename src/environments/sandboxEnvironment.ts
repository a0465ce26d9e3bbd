import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Memento } from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord } from '../api/json';
import { SANDBOX_ID, type Environment } from '../core/environment';
import type { Log } from '../ui/log';
import type { EnvironmentSource } from './environmentSource';

const KNOWN_KEY = 'scalekit.sandboxKnown';

/** At another port than the workspace's usual one: only this time, or from now on. */
export type Elsewhere = 'thisTime' | 'fromNowOn';

export interface LaunchedSandbox {
  readonly process: ChildProcess;
  readonly credentials: ClientCredentials;
  /** Whether the next start will have the same address and secret. */
  readonly isKept: boolean;
}

/** Starts its process. */
export interface SandboxLaunch {
  /** Rejects if it's given up. @throws SandboxStartError */
  launch(givenUp: AbortSignal, elsewhere?: Elsewhere): Promise<LaunchedSandbox>;
  /** Forgets its address and secret. */
  forget(): Promise<void>;
}

interface RunningSandbox extends LaunchedSandbox {
  readonly revision: string;
}

/**
 * The local sandbox as an environment, in its own process, which starts on the user's request and ends with the window.
 * It has the same address and credentials each time. After a reload, its row shows it as stopped.
 */
export class SandboxEnvironment implements EnvironmentSource {
  private running: RunningSandbox | undefined;
  private starting: { readonly done: Promise<void>; readonly givenUp: AbortController } | undefined;
  private lastUsedAt = 0;
  private listener: () => void = () => undefined;
  private requestListener: (message: unknown) => void = () => undefined;

  constructor(
    private readonly name: string,
    private readonly workspaceState: Memento,
    private readonly now: () => number,
    private readonly log: Log,
    private readonly launcher: () => Promise<SandboxLaunch>,
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
        sessionOnly: this.running?.isKept === false,
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
  start(elsewhere?: Elsewhere): Promise<void> {
    if (this.running !== undefined) return Promise.resolve();
    if (this.starting === undefined) {
      const givenUp = new AbortController();
      const done = this.launch(givenUp.signal, elsewhere).finally(() => {
        if (this.starting?.givenUp === givenUp) this.starting = undefined;
      });
      this.starting = { done, givenUp };
    }
    return this.starting.done;
  }

  /** Ends its process, even while it starts. Its row stays and shows it as stopped. */
  stop(): void {
    this.giveUpStart();
    // Not `kill`, which leaves it no time to keep its data on Windows.
    this.running?.process.disconnect();
    this.ended();
  }

  /** Also removes its row, its address and its secret. */
  async forget(): Promise<void> {
    const { starting } = this;
    this.giveUpStart();
    await this.setKnown(undefined);
    this.stop();
    // What is only starting may be keeping its address at this moment.
    await starting?.done.catch(() => undefined);
    await (await this.launcher()).forget();
    this.listener();
  }

  dispose(): void {
    this.giveUpStart();
    this.running?.process.disconnect();
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

  private async launch(givenUp: AbortSignal, elsewhere: Elsewhere | undefined): Promise<void> {
    let launched: LaunchedSandbox;
    try {
      launched = await (await this.launcher()).launch(givenUp, elsewhere);
    } catch (error) {
      if (givenUp.aborted) return;
      throw error;
    }
    if (givenUp.aborted) return;
    const { process: child, credentials } = launched;
    this.running = { ...launched, revision: randomUUID() };
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
