import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Memento } from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { isRecord } from '../api/json';
import { SANDBOX_ID, type Environment } from '../core/environment';
import type { Log } from '../ui/log';
import type { EnvironmentSource } from './environmentSource';

const KNOWN_KEY = 'scalekit.sandboxKnown';

/** At another port than the one that the workspace's sandbox always has: just now, or always from now on. */
export type Elsewhere = 'thisTime' | 'fromNowOn';

export interface LaunchedSandbox {
  readonly process: ChildProcess;
  readonly credentials: ClientCredentials;
  /** Whether the next start will have the same address and secret. */
  readonly isKept: boolean;
}

/** What starts its process. */
export interface SandboxLaunch {
  /** Rejects when it is given up. @throws SandboxStartError */
  launch(givenUp: AbortSignal, elsewhere?: Elsewhere): Promise<LaunchedSandbox>;
  /** Forgets its address and secret. */
  forget(): Promise<void>;
}

interface RunningSandbox extends LaunchedSandbox {
  readonly revision: string;
}

/**
 * The local sandbox as an environment: a process of its own, started when a person asks and ended with the window. It has the same
 * address and credentials each time. After a reload its row says that it is stopped.
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
    // Whether the row is shown is read from the workspace's state in `list`.
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

  /** Tells of each request that the sandbox received and that the extension did not send itself, as its process tells it. */
  onDidReceiveRequest(listener: (message: unknown) => void): void {
    this.requestListener = listener;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Starts it, unless it runs already. When it is stopped meanwhile, that is no failure, and it does not run. @throws SandboxStartError */
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

  /** Ends its process, also one that is only starting; its row stays, as stopped. */
  stop(): void {
    this.giveUpStart();
    this.running?.process.kill();
    this.ended();
  }

  /** Takes its row away too, and its address. */
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
    this.running?.process.kill();
    this.running = undefined;
  }

  private giveUpStart(): void {
    this.starting?.givenUp.abort();
    this.starting = undefined;
  }

  /** Whether its row is shown after a reload. That this cannot be remembered hinders nobody now. */
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
