import * as vscode from 'vscode';
import { expiresAt, type AccessToken } from '../api/client/accessToken';
import type { ClientCredentials } from '../api/client/clientCredentials';
import type { ScalekitClient } from '../api/client/scalekitClient';
import type { TokenStatus } from '../core/environmentAccess';
import type { EnvironmentStore } from './environmentStore';
import { usableCredentials } from './usableCredentials';

/** Builds the client of credentials; `onToken` is told of each token of the API's own scope. */
export type CreateClient = (credentials: ClientCredentials, onToken: (token: AccessToken) => void) => ScalekitClient;

/** How often the use of an environment is noted, in milliseconds: enough for the order of a list, and no write at each call. */
const NOTED_EVERY_MS = 60 * 60_000;

/** One client for each environment, made when it is first used and dropped when its credentials change or it goes. */
export class EnvironmentClients implements vscode.Disposable {
  private readonly clients = new Map<string, Promise<ScalekitClient>>();
  private readonly facts = new Map<string, TokenStatus>();
  /** When this window last noted the use of an environment, or tried to. */
  private readonly notedAt = new Map<string, number>();
  private readonly changes = new vscode.EventEmitter<string>();

  /** Fires with an environment's id when its `tokenFacts` have changed. */
  readonly onDidChangeTokenFacts = this.changes.event;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly createClient: CreateClient,
    private readonly now: () => number,
  ) {
    store.onDidChange(({ changed, removed }) => {
      for (const { environment, credentials } of changed) if (credentials) this.drop(environment.id);
      for (const environment of removed) this.drop(environment.id);
    });
  }

  /** @throws EnvironmentFailure when the environment has no usable credentials. */
  get(id: string): Promise<ScalekitClient> {
    let client = this.clients.get(id);
    if (client === undefined) {
      // What a client that was dropped still hears of its token is no news of the one in its place.
      const created: Promise<ScalekitClient> = this.create(id, (facts) => {
        if (this.clients.get(id) === created) this.setFacts(id, facts);
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

  /** What is known of an environment's client and its last token without asking anyone. */
  tokenFacts(id: string): TokenStatus | undefined {
    return this.facts.get(id);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async create(id: string, onFacts: (facts: TokenStatus) => void): Promise<ScalekitClient> {
    const credentials = await usableCredentials(this.store, id);
    const { clientId } = credentials;
    onFacts({ clientId });
    return this.createClient(credentials, (token) => {
      onFacts({
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
    this.facts.delete(id);
    this.changes.fire(id);
  }

  private setFacts(id: string, facts: TokenStatus): void {
    this.facts.set(id, facts);
    this.changes.fire(id);
  }
}
