import type { ClientCredentials } from '../api/client/clientCredentials';
import { EnvironmentFailure, type UnusableReason } from '../core/environmentFailure';
import { SecretUnavailableError, type SecretFault } from './environmentSource';
import type { EnvironmentStore } from './environmentStore';

const UNUSABLE: Readonly<Record<SecretFault, UnusableReason>> = {
  missing: 'secretMissing',
  damaged: 'secretDamaged',
  unreadable: 'secretUnreadable',
};

/** @throws EnvironmentFailure if the environment has no usable credentials */
export async function usableCredentials(store: EnvironmentStore, id: string): Promise<ClientCredentials> {
  await store.load();
  const environment = store.get(id);
  if (environment === undefined) throw new EnvironmentFailure({ id, name: id }, 'gone');
  if (environment.state === 'stopped') throw new EnvironmentFailure(environment, 'sandboxStopped');
  if (environment.state === 'invalidUrl') throw new EnvironmentFailure(environment, 'invalidUrl');
  try {
    const credentials = await store.readCredentials(id);
    if (credentials !== undefined) return credentials;
  } catch (error) {
    throw error instanceof SecretUnavailableError ? new EnvironmentFailure(environment, UNUSABLE[error.fault]) : error;
  }
  throw new EnvironmentFailure(environment, 'gone');
}
