/** IDs of environments that aren't stored. */
export const SANDBOX_ID = 'sandbox';
export const PROCESS_ID = 'process';

/** What an environment's ID looks like. It appears in URIs and file names. */
export const ENVIRONMENT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A Scalekit environment that the user can work with. Contains no secret. */
export interface Environment {
  /**
   * Readable, unique, and fixed when the environment is added: the `<environment>` of `scalekit:` URIs. Renaming
   * doesn't change it.
   */
  readonly id: string;
  readonly kind: EnvironmentKind;
  readonly name: string;
  /** Host and port, for display only. Requests use the URL that is stored with the secret. */
  readonly host: string;
  /** It has customers' data, so its name is shown wherever something happens, and writes need confirmation. */
  readonly production: boolean;
  /** Scalekit gives this client tokens, but the API refuses them. */
  readonly tokensOnly: boolean;
  readonly state: EnvironmentState;
  /** SecretStorage couldn't store its secret, so it's in this window's memory only. */
  readonly sessionOnly: boolean;
  /** Milliseconds since the epoch; 0 if never used. Isn't shown, so nothing is redrawn when only this changes. */
  readonly lastUsedAt: number;
  /** Changes whenever the credentials change. */
  readonly credentialsRevision: string;
}

/**
 * The source of an environment's credentials: SecretStorage, the process's `SCALEKIT_` variables, or the running
 * sandbox.
 */
export type EnvironmentKind = 'stored' | 'process' | 'sandbox';

/**
 * `noSecret`: SecretStorage returned no secret for it. `stopped`: the sandbox isn't running. `invalidUrl`: the
 * process's variable isn't an environment URL.
 */
export type EnvironmentState = 'ready' | 'noSecret' | 'stopped' | 'invalidUrl';
