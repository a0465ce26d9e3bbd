import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import type { ClientCredentials } from '../api/client/clientCredentials';
import type { EnvironmentFailure } from '../core/environmentFailure';
import type { Log } from '../ui/log';
import { StorageFailure } from '../ui/storageFailure';
import type { SecretFault } from './environmentSource';
import type { Environment } from '../core/environment';
import { newEnvironmentId, newEnvironmentName, newSessionId } from './environmentId';
import { EnvironmentAdditions } from './environmentAdditions';
import type { EnvironmentIndex } from './environmentIndex';
import { clientMark, looksLikeProduction, type EnvironmentMetadata } from './environmentMetadata';
import { readSecretRecord, secretKey, writeSecretRecord } from './secretRecord';

export interface NewEnvironment {
  readonly credentials: ClientCredentials;
  readonly production: boolean;
  readonly tokensOnly: boolean;
  /** Don't add it if its client is already saved. */
  readonly once?: boolean;
}

/** Where a secret is: in SecretStorage, or in this window's memory if SecretStorage or the index doesn't save it. */
export type SecretPlace = 'secretStorage' | 'session';

/** The id of a saved environment, and where its secret is. */
export interface SavedEnvironment {
  readonly id: string;
  readonly place: SecretPlace;
  /** Why the index didn't save it. The place is then the session. */
  readonly problem?: StorageFailure;
  /** Its client was already saved, or another window added it at the same moment. Nothing changed. */
  readonly wasHere?: true;
}

/** What this window knows about an environment's secret and the index doesn't. */
export interface SecretStatus {
  readonly fault?: SecretFault;
  /** Counts changes of the secret that the index doesn't record. */
  readonly revision: number;
}

export interface SessionEnvironment {
  readonly metadata: EnvironmentMetadata;
  readonly credentials: ClientCredentials;
  /** Whether it replaces a stored one, whose record and file still exist. */
  readonly isReplacement: boolean;
}

/** Shared with `StoredEnvironments`. */
export interface StoredChangesDependencies {
  readonly secrets: vscode.SecretStorage;
  readonly files: EnvironmentIndex;
  readonly now: () => number;
  readonly log: Log;
  readonly metadata: Map<string, EnvironmentMetadata>;
  readonly session: Map<string, SessionEnvironment>;
  readonly lastRecords: Map<string, string>;
  readonly secretStatuses: Map<string, SecretStatus>;
  readonly list: () => readonly Environment[];
  readonly read: () => Promise<void>;
  readonly readCredentials: (id: string) => Promise<ClientCredentials | undefined>;
  readonly readRecord: (id: string) => Promise<ClientCredentials>;
  readonly deleteSecret: (id: string) => Promise<boolean>;
  readonly setFault: (id: string, fault: SecretFault | undefined) => void;
  readonly indexed: (id: string) => Promise<EnvironmentMetadata>;
  readonly gone: (id: string) => Promise<EnvironmentFailure>;
  readonly changed: (id: string, change: Partial<EnvironmentMetadata>) => Promise<void>;
  readonly replaceInTurn: (
    id: string,
    credentials: ClientCredentials,
    tokensOnly: boolean,
  ) => Promise<SavedEnvironment>;
  /** Reports that `metadata` or `session` changed. */
  readonly tell: () => void;
}

/** Stores environments and their secrets. */
export class StoredChanges {
  private readonly files: EnvironmentAdditions;

  constructor(private readonly dependencies: StoredChangesDependencies) {
    this.files = new EnvironmentAdditions(dependencies.files.folder, dependencies.now);
  }

  /**
   * Saves a new environment and returns where its secret is. If two windows add the same one at the same moment, it's
   * added once.
   */
  async add({ credentials, production, tokensOnly, once = false }: NewEnvironment): Promise<SavedEnvironment> {
    const besides = once ? [] : this.dependencies.list().map(({ id }) => id);
    const { host } = new URL(credentials.environmentUrl);
    const name = newEnvironmentName(host, new Set(this.dependencies.list().map((environment) => environment.name)));
    const client = clientMark(credentials);
    return this.save(
      {
        name,
        host,
        production,
        tokensOnly,
        lastUsedAt: this.dependencies.now(),
        credentialsRevision: randomUUID(),
        client,
      },
      credentials,
      besides,
    );
  }

  /**
   * Stores an environment that isn't stored yet, or else puts it into this window's memory. `sessionId` was its id so
   * far. `besides` are those that may have the same client.
   */
  private async save(
    metadata: EnvironmentMetadata,
    credentials: ClientCredentials,
    besides: readonly string[],
    sessionId?: string,
  ): Promise<SavedEnvironment> {
    let id: string | undefined;
    let problem: StorageFailure | undefined;
    try {
      id = await this.claimId(metadata.host);
      if (await this.storeSecret(id, credentials)) {
        const twin = await this.writeUnlessHere(id, metadata, credentials, besides, sessionId);
        if (twin === undefined) {
          await this.files.clearPending(id);
          return { id, place: 'secretStorage' };
        }
        if (await this.dependencies.deleteSecret(id)) await this.files.clearPending(id);
        return { id: twin, place: 'secretStorage', wasHere: true };
      }
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      this.dependencies.log.error(String(error));
      problem = error;
    }
    if (id !== undefined && (await this.dependencies.deleteSecret(id))) await this.files.clearPending(id);
    const why = problem === undefined ? {} : { problem };
    const twin = [...this.dependencies.session].find(
      ([other, session]) => ![sessionId, ...besides].includes(other) && session.metadata.client === metadata.client,
    );
    if (twin !== undefined) return { id: twin[0], place: 'session', ...why, wasHere: true };
    const kept = sessionId ?? newSessionId(metadata.host, new Set(this.dependencies.session.keys()));
    this.dependencies.session.set(kept, { metadata, credentials, isReplacement: false });
    this.dependencies.tell();
    return { id: kept, place: 'session', ...why };
  }

  /**
   * Adds a new environment to the index, unless another window has just added its client. Returns that window's id for
   * it.
   */
  private writeUnlessHere(
    id: string,
    metadata: EnvironmentMetadata,
    credentials: ClientCredentials,
    besides: readonly string[],
    sessionId?: string,
  ): Promise<string | undefined> {
    return this.files.alone(clientMark(credentials), async () => {
      await this.dependencies.read();
      const replaced = [...this.dependencies.session]
        .filter(([, { isReplacement }]) => isReplacement)
        .map(([other]) => other);
      const twin = await this.twinAmong(
        [...this.dependencies.metadata.keys(), ...replaced].filter((other) => !besides.includes(other)),
        credentials,
      );
      if (twin !== undefined) return twin;
      await this.files.write(id, metadata);
      this.dependencies.metadata.set(id, metadata);
      if (sessionId !== undefined) this.dependencies.session.delete(sessionId);
      this.dependencies.tell();
      return undefined;
    });
  }

  /** An id that no environment has, not even one that another window is just adding. */
  private async claimId(host: string): Promise<string> {
    for (const taken = new Set<string>(); ; ) {
      await this.dependencies.read();
      for (const { id } of this.dependencies.list()) taken.add(id);
      const id = newEnvironmentId(host, taken);
      if (await this.files.reserveId(id)) return id;
      taken.add(id);
    }
  }

  /** See `StoredEnvironments.replace`. */
  async replace(id: string, credentials: ClientCredentials, tokensOnly: boolean): Promise<SavedEnvironment> {
    const session = this.dependencies.session.get(id);
    const metadata = session?.metadata ?? (await this.dependencies.indexed(id));
    const before = session?.credentials ?? (await this.dependencies.readRecord(id).catch(() => undefined));
    // If the user removed this client's production mark, it stays removed. For another client, guess again.
    const production = before?.clientId !== credentials.clientId && looksLikeProduction(credentials.clientId);
    const { host } = new URL(credentials.environmentUrl);
    const change = {
      host,
      tokensOnly,
      credentialsRevision: randomUUID(),
      client: clientMark(credentials),
      ...(production ? { production } : {}),
    };
    if (session?.isReplacement === false) {
      const kept = await this.save({ ...metadata, ...change }, credentials, [], id);
      if (kept.wasHere === undefined) return kept;
      // Another window has added this client meanwhile.
      this.dependencies.session.delete(id);
      return this.dependencies.replaceInTurn(kept.id, credentials, tokensOnly);
    }
    let problem: StorageFailure | undefined;
    if (await this.storeSecret(id, credentials)) {
      try {
        const marked = session?.metadata.production === true ? { ...change, production: true } : change;
        if (!(await this.files.append(id, marked))) {
          // A secret must not bring back what's no longer in the index.
          await this.dependencies.deleteSecret(id);
          throw await this.dependencies.gone(id);
        }
        this.dependencies.session.delete(id);
        if (!this.dependencies.metadata.has(id)) this.dependencies.metadata.set(id, metadata);
        this.dependencies.setFault(id, undefined);
        await this.dependencies.changed(id, marked);
        return { id, place: 'secretStorage' };
      } catch (error) {
        if (!(error instanceof StorageFailure)) throw error;
        this.dependencies.log.error(String(error));
        problem = error;
      }
    }
    this.dependencies.session.set(id, { metadata: { ...metadata, ...change }, credentials, isReplacement: true });
    this.dependencies.metadata.delete(id);
    this.dependencies.setFault(id, undefined);
    this.dependencies.tell();
    return { id, place: 'session', ...(problem === undefined ? {} : { problem }) };
  }

  /** The id of the environment that this client is already saved as, if any. */
  async find(client: Pick<ClientCredentials, 'environmentUrl' | 'clientId'>): Promise<string | undefined> {
    await this.dependencies.read();
    return this.twinAmong([...this.dependencies.metadata.keys(), ...this.dependencies.session.keys()], client);
  }

  private async twinAmong(
    ids: readonly string[],
    client: Pick<ClientCredentials, 'environmentUrl' | 'clientId'>,
  ): Promise<string | undefined> {
    const { host } = new URL(client.environmentUrl);
    const mark = clientMark(client);
    for (const id of ids) {
      const metadata = this.dependencies.session.get(id)?.metadata ?? this.dependencies.metadata.get(id);
      if (metadata?.host !== host) continue;
      // The record is the best source, but a window may be unable to read it.
      const kept = await this.dependencies.readCredentials(id).catch(() => undefined);
      if (kept === undefined ? metadata.client === mark : clientMark(kept) === mark) return id;
    }
    return undefined;
  }

  /** Stores a secret and reads it back. False if the keyring didn't save it. */
  private async storeSecret(id: string, credentials: ClientCredentials): Promise<boolean> {
    const record = writeSecretRecord(credentials);
    try {
      const before = await this.dependencies.secrets.get(secretKey(id)).then(undefined, () => undefined);
      this.dependencies.lastRecords.set(id, record);
      await this.dependencies.secrets.store(secretKey(id), record);
      const kept = await this.dependencies.secrets.get(secretKey(id));
      if (kept === record) return true;
      // Neither ours nor the old one: another window has just replaced it, and its secret is newer.
      return kept !== undefined && kept !== before && readSecretRecord(kept) !== undefined;
    } catch (error) {
      this.dependencies.log.error(
        `The secret storage failed: ${error instanceof Error ? error.name : 'unknown error'}`,
      );
      return false;
    }
  }

  /** See `StoredEnvironments.remove`. */
  async remove(id: string): Promise<void> {
    const { metadata, session, secretStatuses, deleteSecret, tell } = this.dependencies;
    const isStored = session.get(id)?.isReplacement !== false;
    if (isStored) {
      // A full disk has no room for a pending file, but a file can be deleted, and then there's room.
      const isBegun = await this.files.markPending(id).then(
        () => true,
        () => false,
      );
      await this.files.delete(id);
      if (!isBegun) await this.files.markPending(id).catch(() => undefined);
    }
    session.delete(id);
    metadata.delete(id);
    secretStatuses.delete(id);
    tell();
    if (isStored && (await deleteSecret(id))) await this.files.clearPending(id);
  }
}
