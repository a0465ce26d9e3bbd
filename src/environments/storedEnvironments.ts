import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import type { ClientCredentials } from '../api/clientCredentials.js';
import { EnvironmentFailure } from '../editor/environmentFailure.js';
import type { Log } from '../editor/log.js';
import { StorageFailure } from '../editor/storageFailure.js';
import { SecretUnavailableError, type CredentialSource, type SecretFault } from './credentialSource.js';
import type { Environment } from './environment.js';
import type { EnvironmentFiles } from './environmentFiles.js';
import { newEnvironmentId, newEnvironmentName, newSessionId } from './environmentId.js';
import { clientMark, type EnvironmentMetadata } from './environmentMetadata.js';
import { looksLikeProduction } from './production.js';
import { readSecretRecord, secretKey, writeSecretRecord } from './secretRecord.js';

/** What is known of a new environment beside its credentials. */
export interface NewEnvironment {
  readonly credentials: ClientCredentials;
  readonly production: boolean;
  readonly tokensOnly: boolean;
  /** Not to be added when its client is here already. */
  readonly once?: boolean;
}

/** Where a secret went: into SecretStorage, or, when that or the index does not keep what it is given, into this window's memory. */
export type SecretPlace = 'secretStorage' | 'session';

/** Under which id an environment is kept now, and where its secret is. */
export interface KeptEnvironment {
  readonly id: string;
  readonly place: SecretPlace;
  /** Why the index did not keep it; the place is the session then. */
  readonly problem?: StorageFailure;
  /** Its client was here already, or another window has added it at the same moment: nothing was changed. */
  readonly wasHere?: true;
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
 * windows do. Each secret is stored, read back and compared; where the keyring does not keep it, or the index cannot be written, the
 * environment lives in this window's memory until the window ends.
 */
export class StoredEnvironments implements CredentialSource {
  private readonly metadata = new Map<string, EnvironmentMetadata>();
  private readonly session = new Map<string, SessionEnvironment>();
  private readonly facts = new Map<string, SessionFacts>();
  /** The record that this window last read or wrote, to tell another window's change from its own. Secrets stay in memory. */
  private readonly lastRecords = new Map<string, string>();
  /** The end of the last change of each environment that is being changed. */
  private readonly turns = new Map<string, Promise<void>>();
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

  /** Keeps a new environment and says where its secret went. What two windows add at the same moment is added once. */
  async add({ credentials, production, tokensOnly, once = false }: NewEnvironment): Promise<KeptEnvironment> {
    const besides = once ? [] : this.list().map(({ id }) => id);
    const { host } = new URL(credentials.environmentUrl);
    const name = newEnvironmentName(host, new Set(this.list().map((environment) => environment.name)));
    const client = clientMark(credentials);
    return this.keep({ name, host, production, tokensOnly, lastUsedAt: this.now(), credentialsRevision: randomUUID(), client }, credentials, besides);
  }

  /**
   * Stores an environment that is not stored yet, `sessionId` being what it was till now; else this window's memory has it. `besides` are
   * those that may have the same client.
   */
  private async keep(metadata: EnvironmentMetadata, credentials: ClientCredentials, besides: readonly string[], sessionId?: string): Promise<KeptEnvironment> {
    let id: string | undefined;
    let problem: StorageFailure | undefined;
    try {
      id = await this.claimId(metadata.host);
      if (await this.storeSecret(id, credentials)) {
        const twin = await this.writeUnlessHere(id, metadata, credentials, besides, sessionId);
        if (twin === undefined) {
          await this.files.end(id);
          return { id, place: 'secretStorage' };
        }
        if (await this.deleteSecret(id)) await this.files.end(id);
        return { id: twin, place: 'secretStorage', wasHere: true };
      }
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      this.log.error(String(error));
      problem = error;
    }
    if (id !== undefined && (await this.deleteSecret(id))) await this.files.end(id);
    const why = problem === undefined ? {} : { problem };
    const twin = [...this.session].find(([other, session]) => ![sessionId, ...besides].includes(other) && session.metadata.client === metadata.client);
    if (twin !== undefined) return { id: twin[0], place: 'session', ...why, wasHere: true };
    const kept = sessionId ?? newSessionId(metadata.host, new Set(this.session.keys()));
    this.session.set(kept, { metadata, credentials, isReplacement: false });
    this.listener();
    return { id: kept, place: 'session', ...why };
  }

  /** Puts a new environment into the index, unless another window has just added its client: gives the id that it has there. */
  private writeUnlessHere(
    id: string,
    metadata: EnvironmentMetadata,
    credentials: ClientCredentials,
    besides: readonly string[],
    sessionId?: string,
  ): Promise<string | undefined> {
    return this.files.alone(clientMark(credentials), async () => {
      await this.read();
      const replaced = [...this.session].filter(([, { isReplacement }]) => isReplacement).map(([other]) => other);
      const twin = await this.twinAmong([...this.metadata.keys(), ...replaced].filter((other) => !besides.includes(other)), credentials);
      if (twin !== undefined) return twin;
      await this.files.write(id, metadata);
      this.changes++;
      this.metadata.set(id, metadata);
      if (sessionId !== undefined) this.session.delete(sessionId);
      this.listener();
      return undefined;
    });
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
  replace(id: string, credentials: ClientCredentials, tokensOnly: boolean): Promise<KeptEnvironment> {
    return this.inTurn(id, () => this.replaceNow(id, credentials, tokensOnly));
  }

  private async replaceNow(id: string, credentials: ClientCredentials, tokensOnly: boolean): Promise<KeptEnvironment> {
    const session = this.session.get(id);
    const metadata = session?.metadata ?? (await this.indexed(id));
    const before = session?.credentials ?? (await this.readRecord(id).catch(() => undefined));
    // A mark that the person took from this client stays away; another client is guessed about anew.
    const production = before?.clientId !== credentials.clientId && looksLikeProduction(credentials.clientId);
    const { host } = new URL(credentials.environmentUrl);
    const change = { host, tokensOnly, credentialsRevision: randomUUID(), client: clientMark(credentials), ...(production ? { production } : {}) };
    if (session?.isReplacement === false) {
      const kept = await this.keep({ ...metadata, ...change }, credentials, [], id);
      if (kept.wasHere === undefined) return kept;
      // Another window has added this client meanwhile.
      this.session.delete(id);
      return this.replace(kept.id, credentials, tokensOnly);
    }
    let problem: StorageFailure | undefined;
    if (await this.storeSecret(id, credentials)) {
      try {
        const marked = session?.metadata.production === true ? { ...change, production: true } : change;
        if (!(await this.files.append(id, marked))) {
          // What is not in the index any more must not come back by its secret.
          await this.deleteSecret(id);
          throw await this.gone(id);
        }
        this.session.delete(id);
        if (!this.metadata.has(id)) this.metadata.set(id, metadata);
        this.setFault(id, undefined);
        await this.changed(id, marked);
        return { id, place: 'secretStorage' };
      } catch (error) {
        if (!(error instanceof StorageFailure)) throw error;
        this.log.error(String(error));
        problem = error;
      }
    }
    this.session.set(id, { metadata: { ...metadata, ...change }, credentials, isReplacement: true });
    this.changes++;
    this.metadata.delete(id);
    this.setFault(id, undefined);
    this.listener();
    return { id, place: 'session', ...(problem === undefined ? {} : { problem }) };
  }

  /** The environment that is kept for this client already, if there is one. */
  async find(environmentUrl: string, clientId: string): Promise<string | undefined> {
    await this.read();
    return this.twinAmong([...this.metadata.keys(), ...this.session.keys()], { environmentUrl, clientId });
  }

  private async twinAmong(ids: readonly string[], client: Pick<ClientCredentials, 'environmentUrl' | 'clientId'>): Promise<string | undefined> {
    const { host } = new URL(client.environmentUrl);
    const mark = clientMark(client);
    for (const id of ids) {
      const metadata = this.session.get(id)?.metadata ?? this.metadata.get(id);
      if (metadata?.host !== host) continue;
      // The record says it best; but a window may be unable to read it.
      const kept = await this.readCredentials(id).catch(() => undefined);
      if (kept === undefined ? metadata.client === mark : clientMark(kept) === mark) return id;
    }
    return undefined;
  }

  /** @throws StorageFailure when its file cannot be deleted: then nothing is changed. */
  remove(id: string): Promise<void> {
    return this.inTurn(id, async () => {
      const session = this.session.get(id);
      if (session?.isReplacement !== false) {
        // A full disk has no room for a pending file, but lets a file be deleted, and then it has room.
        const isBegun = await this.files.begin(id).then(() => true, () => false);
        await this.files.delete(id);
        if (!isBegun) await this.files.begin(id).catch(() => undefined);
      }
      this.changes++;
      this.session.delete(id);
      this.metadata.delete(id);
      this.facts.delete(id);
      this.listener();
      if (session?.isReplacement !== false && (await this.deleteSecret(id))) await this.files.end(id);
    });
  }

  /** @throws StorageFailure @throws EnvironmentFailure when another window has removed it. */
  async rename(id: string, name: string): Promise<void> {
    await this.change(id, { name });
  }

  /** @throws StorageFailure @throws EnvironmentFailure when another window has removed it. */
  async setProduction(id: string, production: boolean): Promise<void> {
    await this.change(id, { production });
  }

  /** What is found out again at the next test is worth no failure. @throws EnvironmentFailure when another window has removed it. */
  async setTokensOnly(id: string, tokensOnly: boolean): Promise<void> {
    await this.change(id, { tokensOnly }).catch((error: unknown) => {
      if (!(error instanceof StorageFailure)) throw error;
      this.log.warn(String(error));
      this.remember(id, { tokensOnly });
      this.listener();
    });
  }

  /** Notes the use of an environment, if that can be noted. @throws EnvironmentFailure when another window has removed it. */
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

  /** Follows a change of this window's own that the index has, and what it tells of other windows' changes. */
  private async changed(id: string, change: Partial<EnvironmentMetadata>): Promise<void> {
    const metadata = await this.files.read(id).catch(() => undefined);
    if (metadata !== undefined && !this.session.has(id)) this.metadata.set(id, metadata);
    this.remember(id, change);
    this.listener();
  }

  /** What this window knows of an environment, changed. */
  private remember(id: string, change: Partial<EnvironmentMetadata>): void {
    this.changes++;
    const session = this.session.get(id);
    const metadata = this.metadata.get(id);
    if (session !== undefined) this.session.set(id, { ...session, metadata: { ...session.metadata, ...change } });
    else if (metadata !== undefined) this.metadata.set(id, { ...metadata, ...change });
  }

  /** Changes of one environment, one after the other: they end in the order in which they were asked for. */
  private inTurn<T>(id: string, change: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(id) ?? Promise.resolve()).then(change);
    const end = turn.then(() => undefined, () => undefined).then(() => {
      if (this.turns.get(id) === end) this.turns.delete(id);
    });
    this.turns.set(id, end);
    return turn;
  }

  /**
   * What the index says now, and not what this window read some time ago.
   *
   * @throws EnvironmentFailure when another window has removed it.
   */
  private async indexed(id: string): Promise<EnvironmentMetadata> {
    return (await this.files.read(id).catch(() => this.metadata.get(id))) ?? Promise.reject(await this.gone(id));
  }

  /** Takes away the row of an environment that another window has removed, and gives the failure that says so. */
  private async gone(id: string): Promise<EnvironmentFailure> {
    const name = (this.session.get(id)?.metadata ?? this.metadata.get(id))?.name ?? id;
    await this.readAgain();
    return new EnvironmentFailure({ id, name }, 'gone');
  }

  /** Whether the index certainly does not have it. */
  private isGone(id: string): Promise<boolean> {
    return this.files.read(id).then((metadata) => metadata === undefined, () => false);
  }

  /** What was last read of each stored environment. */
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
    const record = await (async () => this.secrets.get(key))().catch(() => undefined);
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
          found = await this.files.readAll(this.known());
        } while (changes !== this.changes);
        for (const [id, session] of this.session) {
          if (!session.isReplacement) continue;
          const stored = found.get(id);
          if (stored === undefined) this.session.delete(id);
          else this.session.set(id, { ...session, metadata: { ...session.metadata, name: stored.name, production: stored.production || session.metadata.production } });
        }
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
        if ((await this.isGone(id)) && !(await this.deleteSecret(id))) continue;
        await this.files.end(id);
        this.log.info(`What was left of the environment ${id} was cleared away`);
      }
    } catch (error) {
      this.log.warn(`Leftovers could not be cleared: ${String(error)}`);
    }
  }
}
