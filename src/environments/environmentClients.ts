import type { ClientCredentials } from '../api/clientCredentials.js';
import type { ScalekitClient } from '../api/scalekitClient.js';
import { EnvironmentFailure, type UnusableReason } from '../editor/environmentFailure.js';
import { SecretUnavailableError, type SecretFault } from './credentialSource.js';
import type { EnvironmentStore } from './environmentStore.js';

/** One client for each environment, made when it is first used and dropped when its credentials change or it goes. */
export class EnvironmentClients {
  private readonly clients = new Map<string, Promise<ScalekitClient>>();

  constructor(
    private readonly store: EnvironmentStore,
    private readonly createClient: (credentials: ClientCredentials) => ScalekitClient,
  ) {
    store.onDidChange(({ changed, removed }) => {
      for (const { environment, credentials } of changed) if (credentials) this.clients.delete(environment.id);
      for (const environment of removed) this.clients.delete(environment.id);
    });
  }

  /** @throws EnvironmentFailure when the environment has no usable credentials. */
  get(id: string): Promise<ScalekitClient> {
    let client = this.clients.get(id);
    if (client === undefined) {
      const created = this.create(id);
      client = created;
      this.clients.set(id, created);
      created.catch(() => {
        if (this.clients.get(id) === created) this.clients.delete(id);
      });
    }
    return client;
  }

  private async create(id: string): Promise<ScalekitClient> {
    await this.store.load();
    const environment = this.store.get(id);
    if (environment === undefined) throw new EnvironmentFailure({ id, name: id }, 'gone');
    if (environment.state === 'stopped') throw new EnvironmentFailure(environment, 'sandboxStopped');
    if (environment.state === 'invalidUrl') throw new EnvironmentFailure(environment, 'invalidUrl');
    try {
      const credentials = await this.store.readCredentials(id);
      if (credentials === undefined) throw new EnvironmentFailure(environment, 'gone');
      return this.createClient(credentials);
    } catch (error) {
      if (error instanceof SecretUnavailableError) throw new EnvironmentFailure(environment, UNUSABLE[error.fault]);
      throw error;
    }
  }
}

const UNUSABLE: Readonly<Record<SecretFault, UnusableReason>> = {
  missing: 'secretMissing',
  damaged: 'secretDamaged',
  unreadable: 'secretUnreadable',
};
