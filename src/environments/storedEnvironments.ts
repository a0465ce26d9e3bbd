import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import type { ClientCredentials } from '../api/clientCredentials.js';
import { EnvironmentFailure } from '../editor/environmentFailure.js';
import type { Log } from '../editor/log.js';
import { SecretUnavailableError, type CredentialSource, type SecretFault } from './credentialSource.js';
import type { Environment } from './environment.js';
import type { EnvironmentFiles } from './environmentFiles.js';
import { newEnvironmentId, newEnvironmentName, newSessionId } from './environmentId.js';
import type { EnvironmentMetadata } from './environmentMetadata.js';
import { looksLikeProduction } from './production.js';
import { readSecretRecord, secretKey, writeSecretRecord } from './secretRecord.js';

/** What is known of a new environment beside its credentials. */
export interface NewEnvironment {
  readonly credentials: ClientCredentials;
  readonly production: boolean;
  readonly tokensOnly: boolean;
}

/** Where a secret went: into SecretStorage, or, when that does not keep what it is given, into this window's memory. */
export type SecretPlace = 'secretStorage' | 'session';

/** Under which id an environment is kept now, and where its secret is. */
export interface KeptEnvironment {
  readonly id: string;
  readonly place: SecretPlace;
}

/** An environment in this window's memory. */
interface SessionEnvironment {
  readonly metadata: EnvironmentMetadata;
  readonly credentials: ClientCredentials;
  /** Whether it stands in the place of a stored one, whose record and file are still there. */
  readonly isReplacement: boolean;
}

/** What is not kept in the index because it is true of this window alone. */
interface SessionFacts {
  readonly fault?: SecretFault;
  /** Counts changes of the secret that the index does not tell of. */
  readonly revision: number;
}

/**
 * The environments whose credentials are in SecretStorage. `EnvironmentFiles` is their index, and watching it shows what other
 * windows do. Each secret is stored, read back and compared; where the keyring does not keep it, the environment lives in this
 * window's memory until the window ends.
 */
export class StoredEnvironments implements CredentialSource {
  private readonly metadata = new Map<string, EnvironmentMetadata>();
  private readonly session = new Map<string, SessionEnvironment>();
  private readonly facts = new Map<string, SessionFacts>();
  /** The record that this window last read or wrote, to tell another window's change from its own. Secrets stay in memory. */
  private readonly lastRecords = new Map<string, string>();
  private readonly disposables: vscode.Disposable[] = [];
  private listener: () => void = () => undefined;
  private reading: Promise<void> = Promise.resolve();
  /** Counts this window's own changes of `metadata`: a reading that began before one of them is out of date. */
  private changes = 0;

  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly files: EnvironmentFiles,
    private readonly now: () => number,
    private readonly log: Log,
  ) {}

  async load(): Promise<void> {
    await this.files.watch(() => void this.readAgain());
    this.disposables.push(
      this.files,
      this.secrets.onDidChange(({ key }) => void this.secretChanged(key)),
    );
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
      if (error.fault === 'missing' && (await this.files.read(id)) === undefined) {
        await this.readAgain();
        return undefined;
      }
      this.setFault(id, error.fault);
      throw error;
    }
  }

  /** Keeps a new environment and says where its secret went. */
  async add({ credentials, production, tokensOnly }: NewEnvironment): Promise<KeptEnvironment> {
    const { host } = new URL(credentials.environmentUrl);
    const name = newEnvironmentName(host, new Set(this.list().map((environment) => environment.name)));
    return this.keep({ name, host, production, tokensOnly, lastUsedAt: this.now(), credentialsRevision: randomUUID() }, credentials);
  }

  /** Stores an environment that is not stored yet, `sessionId` being what it was till now; else this window's memory has it. */
  private async keep(metadata: EnvironmentMetadata, credentials: ClientCredentials, sessionId?: string): Promise<KeptEnvironment> {
    const id = await this.claimId(metadata.host);
    if (await this.storeSecret(id, credentials)) {
      if (sessionId !== undefined) this.session.delete(sessionId);
      await this.writeMetadata(id, metadata);
      await this.files.end(id);
      return { id, place: 'secretStorage' };
    }
    if (await this.deleteSecret(id)) await this.files.end(id);
    const kept = sessionId ?? newSessionId(metadata.host, new Set(this.session.keys()));
    this.session.set(kept, { metadata, credentials, isReplacement: false });
    this.listener();
    return { id: kept, place: 'session' };
  }

  /** An id that no other environment has, also none that another window is just adding. */
  private async claimId(host: string): Promise<string> {
    for (const taken = new Set<string>(); ; ) {
      await this.read();
      for (const { id } of this.list()) taken.add(id);
      const id = newEnvironmentId(host, taken);
      if (await this.files.claim(id)) return id;
      taken.add(id);
    }
  }

  /**
   * Replaces the credentials of an environment that is kept already, and says where the secret went. One that was in this window's memory
   * alone gets another id when it is stored.
   *
   * @throws EnvironmentFailure when another window has removed it.
   */
  async replace(id: string, credentials: ClientCredentials, tokensOnly: boolean): Promise<KeptEnvironment> {
    const session = this.session.get(id);
    const { host } = new URL(credentials.environmentUrl);
    const before = session?.credentials ?? (await this.readRecord(id).catch(() => undefined));
    const renew = (metadata: EnvironmentMetadata): EnvironmentMetadata => ({
      ...metadata,
      host,
      tokensOnly,
      // A mark that the person took from this client stays away; another client is guessed about anew.
      production: metadata.production || (before?.clientId !== credentials.clientId && looksLikeProduction(credentials.clientId)),
      credentialsRevision: randomUUID(),
    });
    if (session?.isReplacement === false) return this.keep(renew(session.metadata), credentials, id);
    const metadata = await this.indexed(id);
    if (await this.storeSecret(id, credentials)) {
      // What is not in the index any more must not come back by its secret.
      const latest = await this.indexed(id).catch(async (error: unknown) => {
        await this.deleteSecret(id);
        throw error;
      });
      this.session.delete(id);
      this.setFault(id, undefined);
      await this.writeMetadata(id, renew(session?.metadata ?? latest));
      return { id, place: 'secretStorage' };
    }
    this.session.set(id, { metadata: renew(session?.metadata ?? metadata), credentials, isReplacement: true });
    this.changes++;
    this.metadata.delete(id);
    this.setFault(id, undefined);
    this.listener();
    return { id, place: 'session' };
  }

  /** The environment that is kept for this client already, if there is one. */
  async find(environmentUrl: string, clientId: string): Promise<string | undefined> {
    const { host } = new URL(environmentUrl);
    for (const environment of this.list()) {
      if (environment.host !== host) continue;
      const kept = await this.readCredentials(environment.id).catch(() => undefined);
      if (kept?.environmentUrl === environmentUrl && kept.clientId === clientId) return environment.id;
    }
    return undefined;
  }

  async remove(id: string): Promise<void> {
    const session = this.session.get(id);
    this.session.delete(id);
    if (session?.isReplacement === false) {
      this.facts.delete(id);
      this.listener();
      return;
    }
    await this.files.begin(id);
    await this.files.delete(id);
    this.changes++;
    this.metadata.delete(id);
    this.facts.delete(id);
    this.listener();
    if (await this.deleteSecret(id)) await this.files.end(id);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.change(id, { name });
  }

  async setProduction(id: string, production: boolean): Promise<void> {
    await this.change(id, { production });
  }

  async setTokensOnly(id: string, tokensOnly: boolean): Promise<void> {
    await this.change(id, { tokensOnly });
  }

  async touch(id: string): Promise<void> {
    await this.change(id, { lastUsedAt: this.now() });
  }

  onDidChange(listener: () => void): void {
    this.listener = listener;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private describe(id: string, metadata: EnvironmentMetadata, sessionOnly: boolean): Environment {
    const facts = this.facts.get(id);
    return {
      id,
      kind: 'stored',
      ...metadata,
      state: facts?.fault === undefined ? 'ready' : 'noSecret',
      sessionOnly,
      credentialsRevision: `${metadata.credentialsRevision}/${facts?.revision ?? 0}`,
    };
  }

  private async change(id: string, change: Partial<EnvironmentMetadata>): Promise<void> {
    const session = this.session.get(id);
    if (session !== undefined) {
      this.session.set(id, { ...session, metadata: { ...session.metadata, ...change } });
      this.listener();
      return;
    }
    await this.writeMetadata(id, { ...(await this.indexed(id)), ...change });
  }

  /**
   * What the index says now, and not what this window read some time ago, so that two windows' changes both last.
   *
   * @throws EnvironmentFailure when another window has removed it.
   */
  private async indexed(id: string): Promise<EnvironmentMetadata> {
    const metadata = await this.files.read(id);
    if (metadata !== undefined) return metadata;
    const name = (this.session.get(id)?.metadata ?? this.metadata.get(id))?.name ?? id;
    await this.readAgain();
    throw new EnvironmentFailure({ id, name }, 'gone');
  }

  private async writeMetadata(id: string, metadata: EnvironmentMetadata): Promise<void> {
    await this.files.write(id, metadata);
    this.changes++;
    this.metadata.set(id, metadata);
    this.listener();
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

  /** Stores a secret and reads it back; false when the keyring did not keep it. */
  private async storeSecret(id: string, credentials: ClientCredentials): Promise<boolean> {
    const record = writeSecretRecord(credentials);
    try {
      const before = await this.secrets.get(secretKey(id)).then(undefined, () => undefined);
      this.lastRecords.set(id, record);
      await this.secrets.store(secretKey(id), record);
      const kept = await this.secrets.get(secretKey(id));
      if (kept === record) return true;
      // Neither ours nor what was there before: another window has replaced it in this very moment, and its secret is the newer one.
      return kept !== undefined && kept !== before && readSecretRecord(kept) !== undefined;
    } catch (error) {
      this.log.error(`The secret storage failed: ${error instanceof Error ? error.name : 'unknown error'}`);
      return false;
    }
  }

  private async deleteSecret(id: string): Promise<boolean> {
    this.lastRecords.delete(id);
    try {
      await this.secrets.delete(secretKey(id));
      return true;
    } catch (error) {
      // The pending file stays, so that it is tried again at the next start.
      this.log.error(`A secret could not be deleted: ${error instanceof Error ? error.name : 'unknown error'}`);
      return false;
    }
  }

  /** Follows another window that stored a secret. This window's own writes say nothing new. */
  private async secretChanged(key: string): Promise<void> {
    const id = [...this.metadata.keys()].find((candidate) => secretKey(candidate) === key);
    if (id === undefined) return;
    const record = await Promise.resolve(this.secrets.get(key)).catch(() => undefined);
    if (record === undefined || record === this.lastRecords.get(id)) return;
    this.lastRecords.set(id, record);
    const facts = this.facts.get(id);
    this.facts.set(id, { revision: (facts?.revision ?? 0) + 1 });
    this.listener();
  }

  private setFault(id: string, fault: SecretFault | undefined): void {
    const facts = this.facts.get(id) ?? { revision: 0 };
    if (facts.fault === fault) return;
    this.facts.set(id, { ...facts, fault });
    this.listener();
  }

  private async readAgain(): Promise<void> {
    await this.read();
    this.listener();
  }

  /** One reading at a time, so that an older one never overwrites a newer. */
  private read(): Promise<void> {
    this.reading = this.reading.then(async () => {
      try {
        let found: Map<string, EnvironmentMetadata>;
        let changes: number;
        do {
          changes = this.changes;
          found = await this.files.readAll();
        } while (changes !== this.changes);
        for (const [id, { isReplacement }] of this.session) if (isReplacement && !found.has(id)) this.session.delete(id);
        this.metadata.clear();
        for (const [id, metadata] of found) if (!this.session.has(id)) this.metadata.set(id, metadata);
      } catch (error) {
        this.log.warn(`The list of environments could not be read: ${String(error)}`);
      }
    });
    return this.reading;
  }

  /** Ends what a crash cut off: a secret without an entry in the index is deleted. */
  private async clearLeftovers(): Promise<void> {
    try {
      for (const id of await this.files.leftovers()) {
        if ((await this.files.read(id)) === undefined && !(await this.deleteSecret(id))) continue;
        await this.files.end(id);
        this.log.info(`What was left of the environment ${id} was cleared away`);
      }
    } catch (error) {
      this.log.warn(`Leftovers could not be cleared: ${String(error)}`);
    }
  }
}
