import type { ClientCredentials } from '../api/client/clientCredentials';
import type { Environment } from '../core/environment';

/** One of the three places that environments come from. */
export interface EnvironmentSource {
  /** Reads what the source knows. Called once, before `list`. */
  load(): Promise<void>;
  list(): readonly Environment[];
  /**
   * The credentials of one of its environments; undefined if it has none.
   *
   * @throws SecretUnavailableError if there should be a secret but it can't be read
   */
  readCredentials(id: string): Promise<ClientCredentials | undefined>;
  /** Records that the user works with this environment. */
  touch(id: string): Promise<void>;
  /** Sets the listener for changes of what `list` returns. */
  onDidChange(listener: () => void): void;
  dispose(): void;
}

/** Why a secret isn't available: see {@link SecretUnavailableError}. */
export type SecretFault = 'missing' | 'damaged' | 'unreadable';

/** An environment is known, but SecretStorage has no usable record for it. Doesn't say what's in the record. */
export class SecretUnavailableError extends Error {
  constructor(readonly fault: SecretFault) {
    super(`Secret unavailable: ${fault}`);
    this.name = 'SecretUnavailableError';
  }
}
