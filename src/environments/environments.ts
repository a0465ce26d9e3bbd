import * as vscode from 'vscode';
import { expiresAt, type AccessToken } from '../api/client/accessToken';
import type { ClientCredentials } from '../api/client/clientCredentials';
import type { ScalekitClient } from '../api/client/scalekitClient';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess, EnvironmentChange, TokenStatus } from '../core/environmentAccess';
import type { EnvironmentStore } from './environmentStore';
import { usableCredentials } from './usableCredentials';

/** Builds the client of credentials; `onToken` is told of each token of the API's own scope. */
export type CreateClient = (credentials: ClientCredentials, onToken: (token: AccessToken) => void) => ScalekitClient;

/** How often the use of an environment is noted, in milliseconds: enough for the order of a list, and no write at each call. */
const NOTED_EVERY_MS = 60 * 60_000;

/**
 * What the rest of the extension sees of the environments: which there are, as the store knows, and one client for each, made when it is
 * first used and dropped when its credentials change or it goes.
 */
export class Environments implements EnvironmentAccess, vscode.Disposable {
  private readonly clients = new Map<string, Promise<ScalekitClient>>();
  private readonly statuses = new Map<string, TokenStatus>();
  /** When this window last noted the use of an environment, or tried to. */
  private readonly notedAt = new Map<string, number>();
  private readonly statusChanges = new vscode.EventEmitter<string>();

  readonly onDidChange: vscode.Event<EnvironmentChange>;
  readonly onDidChangeTokenStatus = this.statusChanges.event;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly createClient: CreateClient,
    private readonly now: () => number,
  ) {
    // Comes first: whoever else hears of a change gets clients of the new credentials.
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
      // What a client that was dropped still hears of its token is no news of the one in its place.
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

  /** What other windows have noted counts too, so that they do not answer one another. */
  private noteUse(id: string): void {
    const now = this.now();
    const noted = Math.max(this.notedAt.get(id) ?? 0, this.store.get(id)?.lastUsedAt ?? now);
    if (now - noted < NOTED_EVERY_MS) return;
    this.notedAt.set(id, now);
    // What came in between, such as a removal, is told to whoever uses the client.
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
