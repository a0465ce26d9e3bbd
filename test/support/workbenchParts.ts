import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { AccessToken } from '../../src/api/accessToken';
import type { ClientCredentials } from '../../src/api/clientCredentials';
import { nodeFetch } from '../../src/api/nodeFetch';
import { ScalekitClient } from '../../src/api/scalekitClient';
import { TokenSource } from '../../src/api/tokenSource';
import { createTransport } from '../../src/api/transport';
import type { RequestLogEntry } from '../../src/api/http';
import type { EnvironmentAccess, EnvironmentChange } from '../../src/core/environmentAccess';
import { Log } from '../../src/ui/log';
import { Redactor } from '../../src/ui/redactor';
import type { EnvironmentSource } from '../../src/environments/environmentSource';
import { Environments } from '../../src/environments/environments';
import { EnvironmentFiles } from '../../src/environments/environmentFiles';
import { EnvironmentStore } from '../../src/environments/environmentStore';
import { StoredEnvironments } from '../../src/environments/storedEnvironments';
import { companion } from './companion';

export interface PartsOptions {
  /** A folder that another window's parts use already; a new one unless given. */
  readonly folder?: vscode.Uri;
  /** Another SecretStorage than the companion's own. */
  readonly secrets?: vscode.SecretStorage;
  readonly workspaceState?: vscode.Memento;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Further sources beside the stored environments. */
  readonly sources?: readonly EnvironmentSource[];
  readonly retries?: number;
}

/** The parts of the extension as extension.ts joins them, built over a real extension context that is not the extension's own. */
export interface WorkbenchParts {
  readonly folder: vscode.Uri;
  readonly secrets: vscode.SecretStorage;
  readonly workspaceState: vscode.Memento;
  readonly redactor: Redactor;
  readonly log: Log;
  readonly stored: StoredEnvironments;
  readonly store: EnvironmentStore;
  readonly environments: EnvironmentAccess;
  /** All that the store has told since it was made. */
  readonly differences: EnvironmentChange[];
  /** Every request that any client has made. */
  readonly exchanges: RequestLogEntry[];
  createClient(credentials: ClientCredentials, onToken?: (token: AccessToken) => void): ScalekitClient;
  /** Keeps an environment and gives its id. */
  add(credentials: ClientCredentials, more?: { readonly production?: boolean }): Promise<string>;
  dispose(): Promise<void>;
}

/** The state of one workspace, which the companion's own would share among tests. */
export class MemoryState implements vscode.Memento {
  private readonly values = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  get<T>(key: string, otherwise?: T): T {
    return (this.values.has(key) ? this.values.get(key) : otherwise) as T;
  }

  async update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
  }
}

export async function workbenchParts(options: PartsOptions = {}): Promise<WorkbenchParts> {
  const { context } = await companion();
  const folder = options.folder ?? vscode.Uri.joinPath(context.globalStorageUri, randomUUID());
  const secrets = options.secrets ?? context.secrets;
  const workspaceState = options.workspaceState ?? new MemoryState();
  const now = options.now ?? Date.now;
  const redactor = new Redactor();
  const channel = vscode.window.createOutputChannel(`Integration test ${randomUUID()}`, { log: true });
  const log = new Log(channel, redactor);
  const exchanges: RequestLogEntry[] = [];
  const exchange = createTransport({
    fetch: nodeFetch,
    userAgent: 'integration-test/1',
    now: Date.now,
    onRequest: (report) => exchanges.push(report),
  });
  const createClient = (credentials: ClientCredentials, onToken?: (token: AccessToken) => void): ScalekitClient => {
    const retries = options.retries ?? 0;
    const tokens = new TokenSource({
      credentials,
      exchange,
      now,
      retries,
      onToken: (token, scope) => (scope === '' ? onToken?.(token) : undefined),
    });
    return new ScalekitClient({ environmentUrl: credentials.environmentUrl, tokens, exchange, now, retries });
  };

  const stored = new StoredEnvironments(secrets, new EnvironmentFiles(folder, now), now, log);
  const store = new EnvironmentStore([stored, ...(options.sources ?? [])], workspaceState, (error) =>
    log.error(String(error)),
  );
  const differences: EnvironmentChange[] = [];
  store.onDidChange((difference) => differences.push(difference));
  const environments = new Environments(store, createClient, now);

  return {
    folder,
    secrets,
    workspaceState,
    redactor,
    log,
    stored,
    store,
    environments,
    differences,
    exchanges,
    createClient,
    async add(credentials, { production = false } = {}) {
      const { id } = await stored.add({ credentials, production, tokensOnly: false });
      return id;
    },
    async dispose() {
      for (const { id } of stored.list()) await stored.remove(id);
      environments.dispose();
      store.dispose();
      channel.dispose();
    },
  };
}
