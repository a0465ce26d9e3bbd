import type { ClientCredentials } from '../api/client/clientCredentials';
import type { Environment } from '../core/environment';

/** One of the three places that environments come from. */
export interface EnvironmentSource {
  /** Reads what it knows; called once, before `list`. */
  load(): Promise<void>;
  list(): readonly Environment[];
  /**
   * The credentials of one of its environments; undefined when it has none to give.
   *
   * @throws SecretUnavailableError when there should be a secret but it cannot be read.
   */
  readCredentials(id: string): Promise<ClientCredentials | undefined>;
  /** Notes that the person has just worked with it. */
  touch(id: string): Promise<void>;
  /** Sets who is told when `list` would give something else. */
  onDidChange(listener: () => void): void;
  dispose(): void;
}

/** Why a secret is not there: see {@link SecretUnavailableError}. */
export type SecretFault = 'missing' | 'damaged' | 'unreadable';

/** An environment is known, but SecretStorage gives no usable record for it. Says nothing of what is in the record. */
export class SecretUnavailableError extends Error {
  constructor(readonly fault: SecretFault) {
    super(`Secret unavailable: ${fault}`);
    this.name = 'SecretUnavailableError';
  }
}
