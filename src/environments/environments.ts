import * as vscode from 'vscode';
import { expiresAt, type AccessToken } from '../api/client/accessToken';
import type { ClientCredentials } from '../api/client/clientCredentials';
import type { ScalekitClient } from '../api/client/scalekitClient';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess, EnvironmentChange, TokenStatus } from '../core/environmentAccess';
import type { EnvironmentStore } from './environmentStore';
import { usableCredentials } from './usableCredentials';

/** Creates a client. `onToken` gets each token of the API's own scope. */
export type CreateClient = (credentials: ClientCredentials, onToken: (token: AccessToken) => void) => ScalekitClient;

/**
 * How often to record an environment's use, in milliseconds. That's enough to sort a list, without a write for each
 * call.
 */
const NOTED_EVERY_MS = 60 * 60_000;

/**
 * The environments as the rest of the extension sees them: the store's list, and one client for each. A client is
 * created on first use, and dropped when its credentials change or the environment is removed.
 */
export class Environments implements EnvironmentAccess, vscode.Disposable {
  private readonly clients = new Map<string, Promise<ScalekitClient>>();
  private readonly statuses = new Map<string, TokenStatus>();
  /** When this window last tried to record an environment's use. */
  private readonly notedAt = new Map<string, number>();
  private readonly statusChanges = new vscode.EventEmitter<string>();

  readonly onDidChange: vscode.Event<EnvironmentChange>;
  readonly onDidChangeTokenStatus = this.statusChanges.event;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly createClient: CreateClient,
    private readonly now: () => number,
  ) {
    // Must be first, so that other listeners get clients with the new credentials.
    store.onDidChange(({ invalidated }) => {
      for (const id of invalidated) this.drop(id);
    });
    this.onDidChange = store.onDidChange;
  }

  ready(): Promise<void> {
    return this.store.load();
  }

  active(): Environment | undefined {
    return this.store.active;
  }

  get(id: string): Environment | undefined {
    return this.store.get(id);
  }

  list(): readonly Environment[] {
    return this.store.list();
  }

  client(id: string): Promise<ScalekitClient> {
    let client = this.clients.get(id);
    if (client === undefined) {
      // A dropped client may still get a token, which says nothing about its replacement.
      const created: Promise<ScalekitClient> = this.create(id, (status) => {
        if (this.clients.get(id) === created) this.setStatus(id, status);
      });
      client = created;
      this.clients.set(id, created);
      created.catch(() => {
        if (this.clients.get(id) === created) this.clients.delete(id);
      });
    }
    this.noteUse(id);
    return client;
  }

  tokenStatus(id: string): TokenStatus | undefined {
    return this.statuses.get(id);
  }

  dispose(): void {
    this.statusChanges.dispose();
  }

  private async create(id: string, onStatus: (status: TokenStatus) => void): Promise<ScalekitClient> {
    const credentials = await usableCredentials(this.store, id);
    const { clientId } = credentials;
    onStatus({ clientId });
    return this.createClient(credentials, (token) => {
      onStatus({
        clientId,
        fetchedAt: token.receivedAt,
        expiresAt: expiresAt(token),
        statesItsEnd: token.statesItsEnd ?? false,
      });
    });
  }

  /** Includes what other windows recorded, so that windows don't react to each other. */
  private noteUse(id: string): void {
    const now = this.now();
    const noted = Math.max(this.notedAt.get(id) ?? 0, this.store.get(id)?.lastUsedAt ?? now);
    if (now - noted < NOTED_EVERY_MS) return;
    this.notedAt.set(id, now);
    // If the environment was removed, for example, whoever uses the client finds out.
    this.store.touch(id).catch(() => undefined);
  }

  private drop(id: string): void {
    this.clients.delete(id);
    this.statuses.delete(id);
    this.statusChanges.fire(id);
  }

  private setStatus(id: string, status: TokenStatus): void {
    this.statuses.set(id, status);
    this.statusChanges.fire(id);
  }
}
