import type * as vscode from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import { EnvironmentFailure } from '../core/environmentFailure';
import { lazy } from '../core/lazy';
import type { Log } from '../ui/log';
import { StorageFailure } from '../ui/storageFailure';
import { SecretUnavailableError, type EnvironmentSource, type SecretFault } from './environmentSource';
import type { Environment } from '../core/environment';
import type { EnvironmentFiles } from './environmentFiles';
import type { EnvironmentMetadata } from './environmentMetadata';
import { readSecretRecord, secretKey } from './secretRecord';
import type { SavedEnvironment, NewEnvironment, SessionEnvironment, SecretStatus } from './storedChanges';

/**
 * The environments with credentials in SecretStorage. `EnvironmentFiles` is their index, and watching it shows what
 * other windows do. Each secret is stored, read back and compared. If the keyring or the index doesn't save the
 * environment, it stays in this window's memory until the window closes.
 */
export class StoredEnvironments implements EnvironmentSource {
  private readonly metadata = new Map<string, EnvironmentMetadata>();
  private readonly session = new Map<string, SessionEnvironment>();
  private readonly secretStatuses = new Map<string, SecretStatus>();
  /** The record that this window last read or wrote, to recognize another window's change. Secrets stay in memory. */
  private readonly lastRecords = new Map<string, string>();
  /** When each environment's last change ends. */
  private readonly turns = new Map<string, Promise<void>>();
  /** Only adding and replacing need this, not activation. */
  private readonly changing = lazy(async () => {
    const { StoredChanges } = await import('./storedChanges');
    return new StoredChanges({
      secrets: this.secrets,
      files: this.files,
      now: this.now,
      log: this.log,
      metadata: this.metadata,
      session: this.session,
      lastRecords: this.lastRecords,
      secretStatuses: this.secretStatuses,
      list: () => this.list(),
      read: () => this.read(),
      readCredentials: (id) => this.readCredentials(id),
      readRecord: (id) => this.readRecord(id),
      deleteSecret: (id) => this.deleteSecret(id),
      setFault: (id, fault) => this.setFault(id, fault),
      indexed: (id) => this.indexed(id),
      gone: (id) => this.gone(id),
      changed: (id, change) => this.changed(id, change),
      replaceInTurn: (...replacement) => this.replace(...replacement),
      tell: () => {
        this.changes++;
        this.listener();
      },
    });
  });
  private readonly disposables: vscode.Disposable[] = [];
  private listener: () => void = () => undefined;
  private reading: Promise<void> = Promise.resolve();
  /** Counts this window's own changes of `metadata`. A reading that began before one of them is outdated. */
  private changes = 0;

  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly files: EnvironmentFiles,
    private readonly now: () => number,
    private readonly log: Log,
  ) {}

  async load(): Promise<void> {
    this.disposables.push(
      this.files,
      this.secrets.onDidChange(({ key }) => void this.secretChanged(key)),
    );
    await this.files.watch(() => void this.readAgain()).catch((error: unknown) => this.log.warn(String(error)));
    await this.read();
    void this.clearLeftovers();
  }

  list(): readonly Environment[] {
    const stored = [...this.metadata].map(([id, metadata]) => this.describe(id, metadata, false));
    const session = [...this.session].map(([id, { metadata }]) => this.describe(id, metadata, true));
    return [...stored, ...session];
  }

  async readCredentials(id: string): Promise<ClientCredentials | undefined> {
    const session = this.session.get(id);
    if (session !== undefined) return session.credentials;
    if (!this.metadata.has(id)) return undefined;
    try {
      const record = await this.readRecord(id);
      this.setFault(id, undefined);
      return record;
    } catch (error) {
      if (!(error instanceof SecretUnavailableError)) throw error;
      if (error.fault === 'missing' && (await this.isGone(id))) {
        await this.readAgain();
        return undefined;
      }
      this.setFault(id, error.fault);
      throw error;
    }
  }

  /**
   * Saves a new environment and returns where its secret is. If two windows add the same one at the same moment, it's
   * added once.
   */
  async add(environment: NewEnvironment): Promise<SavedEnvironment> {
    return (await this.changing()).add(environment);
  }

  /**
   * Replaces the credentials of an environment, and returns where the secret is. One that was only in this window's
   * memory gets another id when it's stored.
   *
   * @throws EnvironmentFailure if another window has removed it
   */
  replace(id: string, credentials: ClientCredentials, tokensOnly: boolean): Promise<SavedEnvironment> {
    return this.inTurn(id, async () => (await this.changing()).replace(id, credentials, tokensOnly));
  }

  /** The id of the environment that this client is already saved as, if any. */
  async find(environmentUrl: string, clientId: string): Promise<string | undefined> {
    return (await this.changing()).find({ environmentUrl, clientId });
  }

  /** @throws StorageFailure if its file can't be deleted. Then nothing changes. */
  remove(id: string): Promise<void> {
    return this.inTurn(id, async () => (await this.changing()).remove(id));
  }

  /**
   * @throws StorageFailure
   * @throws EnvironmentFailure if another window has removed it
   */
  async rename(id: string, name: string): Promise<void> {
    await this.change(id, { name });
  }

  /**
   * @throws StorageFailure
   * @throws EnvironmentFailure if another window has removed it
   */
  async setProduction(id: string, production: boolean): Promise<void> {
    await this.change(id, { production });
  }

  /**
   * Ignores a failure to store, since the next test sets this again.
   *
   * @throws EnvironmentFailure if another window has removed it
   */
  async setTokensOnly(id: string, tokensOnly: boolean): Promise<void> {
    await this.change(id, { tokensOnly }).catch((error: unknown) => {
      if (!(error instanceof StorageFailure)) throw error;
      this.log.warn(String(error));
      this.remember(id, { tokensOnly });
      this.listener();
    });
  }

  /**
   * Records the use of an environment, if possible.
   *
   * @throws EnvironmentFailure if another window has removed it
   */
  async touch(id: string): Promise<void> {
    const lastUsedAt = this.now();
    if (this.session.get(id)?.isReplacement !== false) {
      const isThere = await this.files.touch(id, lastUsedAt).catch((error: unknown) => {
        this.log.warn(String(error));
        return true;
      });
      if (!isThere) throw await this.gone(id);
    }
    this.remember(id, { lastUsedAt });
  }

  onDidChange(listener: () => void): void {
    this.listener = listener;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private describe(id: string, metadata: EnvironmentMetadata, sessionOnly: boolean): Environment {
    const secret = this.secretStatuses.get(id);
    return {
      id,
      kind: 'stored',
      ...metadata,
      state: secret?.fault === undefined ? 'ready' : 'noSecret',
      sessionOnly,
      credentialsRevision: `${metadata.credentialsRevision}/${secret?.revision ?? 0}`,
    };
  }

  private change(id: string, change: Partial<EnvironmentMetadata>): Promise<void> {
    return this.inTurn(id, async () => {
      if (this.session.get(id)?.isReplacement === false) {
        this.remember(id, change);
        this.listener();
        return;
      }
      if (!(await this.files.append(id, change))) throw await this.gone(id);
      await this.changed(id, change);
    });
  }

  /** Applies a change that this window made in the index, and what the index says about other windows' changes. */
  private async changed(id: string, change: Partial<EnvironmentMetadata>): Promise<void> {
    const metadata = await this.files.read(id).catch(() => undefined);
    if (metadata !== undefined && !this.session.has(id)) this.metadata.set(id, metadata);
    this.remember(id, change);
    this.listener();
  }

  /** Applies a change to what this window knows about an environment. */
  private remember(id: string, change: Partial<EnvironmentMetadata>): void {
    this.changes++;
    const session = this.session.get(id);
    const metadata = this.metadata.get(id);
    if (session !== undefined) this.session.set(id, { ...session, metadata: { ...session.metadata, ...change } });
    else if (metadata !== undefined) this.metadata.set(id, { ...metadata, ...change });
  }

  /** Runs changes of one environment one after the other, in the order of the calls. */
  private inTurn<T>(id: string, change: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(id) ?? Promise.resolve()).then(change);
    const end = turn
      .then(
        () => undefined,
        () => undefined,
      )
      .then(() => {
        if (this.turns.get(id) === end) this.turns.delete(id);
      });
    this.turns.set(id, end);
    return turn;
  }

  /**
   * What the index says now, not what this window read earlier.
   *
   * @throws EnvironmentFailure if another window has removed it
   */
  private async indexed(id: string): Promise<EnvironmentMetadata> {
    return (await this.files.read(id).catch(() => this.metadata.get(id))) ?? Promise.reject(await this.gone(id));
  }

  /** Removes the row of an environment that another window has removed, and returns the failure that says so. */
  private async gone(id: string): Promise<EnvironmentFailure> {
    const name = (this.session.get(id)?.metadata ?? this.metadata.get(id))?.name ?? id;
    await this.readAgain();
    return new EnvironmentFailure({ id, name }, 'gone');
  }

  /** Whether the index definitely doesn't have it. */
  private isGone(id: string): Promise<boolean> {
    return this.files.read(id).then(
      (metadata) => metadata === undefined,
      () => false,
    );
  }

  /** What was last read about each stored environment. */
  private known(): ReadonlyMap<string, EnvironmentMetadata> {
    return new Map([...[...this.session].map(([id, { metadata }]) => [id, metadata] as const), ...this.metadata]);
  }

  /** @throws SecretUnavailableError */
  private async readRecord(id: string): Promise<ClientCredentials> {
    let text: string | undefined;
    try {
      text = await this.secrets.get(secretKey(id));
    } catch {
      throw new SecretUnavailableError('unreadable');
    }
    if (text === undefined) throw new SecretUnavailableError('missing');
    const credentials = readSecretRecord(text);
    if (credentials === undefined) throw new SecretUnavailableError('damaged');
    this.lastRecords.set(id, text);
    return credentials;
  }

  private async deleteSecret(id: string): Promise<boolean> {
    this.lastRecords.delete(id);
    try {
      await this.secrets.delete(secretKey(id));
      return true;
    } catch (error) {
      // The pending file stays, so that the next start tries again.
      this.log.error(`A secret could not be deleted: ${error instanceof Error ? error.name : 'unknown error'}`);
      return false;
    }
  }

  /** Reacts to a secret that another window stored. This window's own writes are ignored. */
  private async secretChanged(key: string): Promise<void> {
    const id = [...this.metadata.keys()].find((candidate) => secretKey(candidate) === key);
    if (id === undefined) return;
    const record = await (async () => this.secrets.get(key))().catch(() => undefined);
    if (record === undefined || record === this.lastRecords.get(id)) return;
    this.lastRecords.set(id, record);
    const secret = this.secretStatuses.get(id);
    this.secretStatuses.set(id, { revision: (secret?.revision ?? 0) + 1 });
    this.listener();
  }

  private setFault(id: string, fault: SecretFault | undefined): void {
    const secret = this.secretStatuses.get(id) ?? { revision: 0 };
    if (secret.fault === fault) return;
    this.secretStatuses.set(id, { ...secret, fault });
    this.listener();
  }

  private async readAgain(): Promise<void> {
    await this.read();
    this.listener();
  }

  /** Reads one at a time, so that an older reading never overwrites a newer one. */
  private read(): Promise<void> {
    this.reading = this.reading.then(async () => {
      try {
        let found: Map<string, EnvironmentMetadata>;
        let changes: number;
        do {
          changes = this.changes;
          found = await this.files.readAll(this.known());
        } while (changes !== this.changes);
        for (const [id, session] of this.session) {
          if (!session.isReplacement) continue;
          const stored = found.get(id);
          if (stored === undefined) this.session.delete(id);
          else
            this.session.set(id, {
              ...session,
              metadata: {
                ...session.metadata,
                name: stored.name,
                production: stored.production || session.metadata.production,
              },
            });
        }
        this.metadata.clear();
        for (const [id, metadata] of found) if (!this.session.has(id)) this.metadata.set(id, metadata);
      } catch (error) {
        this.log.warn(`The list of environments could not be read: ${String(error)}`);
      }
    });
    return this.reading;
  }

  /** Finishes what a crash interrupted: deletes a secret that has no entry in the index. */
  private async clearLeftovers(): Promise<void> {
    try {
      for (const id of await this.files.stalePending()) {
        if ((await this.isGone(id)) && !(await this.deleteSecret(id))) continue;
        await this.files.clearPending(id);
        this.log.info(`What was left of the environment ${id} was cleared away`);
      }
    } catch (error) {
      this.log.warn(`Leftovers could not be cleared: ${String(error)}`);
    }
  }
}
