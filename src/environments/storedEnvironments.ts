import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ClientCredentials } from '../api/clientCredentials.js';
import type { Log } from '../editor/log.js';
import { SecretUnavailableError, type CredentialSource } from './credentialSource.js';
import type { Environment } from './environment.js';
import { ENVIRONMENT_ID, newEnvironmentId, newEnvironmentName } from './environmentId.js';
import { readMetadata, writeMetadata, type EnvironmentMetadata } from './environmentMetadata.js';
import { readSecretRecord, secretKey, writeSecretRecord } from './secretRecord.js';

/** What is known of a new environment beside its credentials. */
export interface NewEnvironment {
  readonly credentials: ClientCredentials;
  readonly production: boolean;
  readonly tokensOnly: boolean;
}

/** The secret was stored, but reading it back gave something else: the keyring does not work. */
export class SecretNotKeptError extends Error {
  constructor() {
    super('SecretStorage did not give back what was stored');
    this.name = 'SecretNotKeptError';
  }
}

const EXTENSION = '.json';

/**
 * The environments whose credentials are in SecretStorage. Beside each secret stands one small file without secrets; these files
 * are the index, and watching them shows what other windows do. The secret is written first and removed last, so a crash in
 * between leaves a secret that is not shown, never half an environment.
 */
export class StoredEnvironments implements CredentialSource {
  private readonly metadata = new Map<string, EnvironmentMetadata>();
  private readonly disposables: vscode.Disposable[] = [];
  private listener: () => void = () => undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly secrets: vscode.SecretStorage,
    private readonly folder: vscode.Uri,
    private readonly now: () => number,
    private readonly log: Log,
  ) {}

  async load(): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.folder);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(this.folder, `*${EXTENSION}`));
    const reread = (): void => void this.read().then(() => this.listener());
    watcher.onDidCreate(reread);
    watcher.onDidChange(reread);
    watcher.onDidDelete(reread);
    this.disposables.push(watcher);
    await this.read();
  }

  list(): readonly Environment[] {
    return [...this.metadata].map(([id, metadata]) => ({ id, kind: 'stored', state: 'ready', ...metadata }));
  }

  async readCredentials(id: string): Promise<ClientCredentials | undefined> {
    if (!this.metadata.has(id)) return undefined;
    let text: string | undefined;
    try {
      text = await this.secrets.get(secretKey(id));
    } catch {
      throw new SecretUnavailableError('unreadable');
    }
    if (text === undefined) throw new SecretUnavailableError('missing');
    const credentials = readSecretRecord(text);
    if (credentials === undefined) throw new SecretUnavailableError('damaged');
    return credentials;
  }

  /** Keeps a new environment and gives its id. @throws SecretNotKeptError */
  async add({ credentials, production, tokensOnly }: NewEnvironment): Promise<string> {
    const { host } = new URL(credentials.environmentUrl);
    const id = newEnvironmentId(host, new Set(this.metadata.keys()));
    const name = newEnvironmentName(host, new Set([...this.metadata.values()].map((metadata) => metadata.name)));
    await this.storeSecret(id, credentials);
    await this.writeMetadata(id, { name, host, production, tokensOnly, lastUsedAt: this.now(), credentialsRevision: randomUUID() });
    return id;
  }

  /** Replaces the credentials of an environment that is kept already. @throws SecretNotKeptError */
  async replace(id: string, credentials: ClientCredentials, tokensOnly: boolean): Promise<void> {
    const metadata = this.metadata.get(id);
    if (metadata === undefined) return;
    await this.storeSecret(id, credentials);
    await this.writeMetadata(id, { ...metadata, host: new URL(credentials.environmentUrl).host, tokensOnly, credentialsRevision: randomUUID() });
  }

  /** The environment that is kept for this client already, if there is one. */
  async find(environmentUrl: string, clientId: string): Promise<string | undefined> {
    const { host } = new URL(environmentUrl);
    for (const [id, metadata] of this.metadata) {
      if (metadata.host !== host) continue;
      const kept = await this.readCredentials(id).catch(() => undefined);
      if (kept?.environmentUrl === environmentUrl && kept.clientId === clientId) return id;
    }
    return undefined;
  }

  async remove(id: string): Promise<void> {
    if (!this.metadata.has(id)) return;
    await vscode.workspace.fs.delete(this.file(id));
    this.metadata.delete(id);
    this.listener();
    await this.secrets.delete(secretKey(id));
  }

  async touch(id: string): Promise<void> {
    const metadata = this.metadata.get(id);
    if (metadata !== undefined) await this.writeMetadata(id, { ...metadata, lastUsedAt: this.now() });
  }

  onDidChange(listener: () => void): void {
    this.listener = listener;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async storeSecret(id: string, credentials: ClientCredentials): Promise<void> {
    const record = writeSecretRecord(credentials);
    await this.secrets.store(secretKey(id), record);
    if ((await this.secrets.get(secretKey(id))) !== record) throw new SecretNotKeptError();
  }

  private async writeMetadata(id: string, metadata: EnvironmentMetadata): Promise<void> {
    await vscode.workspace.fs.writeFile(this.file(id), Buffer.from(writeMetadata(metadata)));
    this.metadata.set(id, metadata);
    this.listener();
  }

  private file(id: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, `${id}${EXTENSION}`);
  }

  /** One reading at a time, so that an older one never overwrites a newer. */
  private read(): Promise<void> {
    this.reading = this.reading.then(() => this.readAll());
    return this.reading;
  }

  private async readAll(): Promise<void> {
    const found = new Map<string, EnvironmentMetadata>();
    try {
      for (const [file] of await vscode.workspace.fs.readDirectory(this.folder)) {
        const id = file.endsWith(EXTENSION) ? file.slice(0, -EXTENSION.length) : '';
        if (!ENVIRONMENT_ID.test(id)) continue;
        const metadata = await this.readFile(id);
        if (metadata !== undefined) found.set(id, metadata);
      }
    } catch (error) {
      this.log.warn(`The list of environments could not be read: ${String(error)}`);
      return;
    }
    this.metadata.clear();
    for (const [id, metadata] of found) this.metadata.set(id, metadata);
  }

  private async readFile(id: string): Promise<EnvironmentMetadata | undefined> {
    try {
      const bytes = await vscode.workspace.fs.readFile(this.file(id));
      const metadata = readMetadata(Buffer.from(bytes).toString('utf8'));
      // Half a file is seen while another window writes it; the watcher calls again when it is whole.
      return metadata ?? this.metadata.get(id);
    } catch {
      return undefined;
    }
  }
}
