/** Ids that belong to environments that are not stored. */
export const SANDBOX_ID = 'sandbox';
export const PROCESS_ID = 'process';

/** What an environment's id looks like: it stands in URIs and file names. */
export const ENVIRONMENT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** One Scalekit environment that a person can work with. Holds no secret. */
export interface Environment {
  /** Readable and unique, fixed when it was added: the `<environment>` of `scalekit:` URIs. Renaming never changes it. */
  readonly id: string;
  readonly kind: EnvironmentKind;
  readonly name: string;
  /** Host and port, to show. Requests use the URL that is kept with the secret. */
  readonly host: string;
  /** Customers' data: named wherever something happens, and asked about before a write. */
  readonly production: boolean;
  /** Scalekit gives this client tokens, but the API refuses them. */
  readonly tokensOnly: boolean;
  readonly state: EnvironmentState;
  /** Its secret could not be put into SecretStorage and is in this window's memory only. */
  readonly sessionOnly: boolean;
  /** Milliseconds since the epoch; 0 when it was never used. Never shown, so nothing is drawn again when only this changes. */
  readonly lastUsedAt: number;
  /** Another text whenever the credentials are others. */
  readonly credentialsRevision: string;
}

/** Where an environment's credentials come from: SecretStorage, the process's `SCALEKIT_` variables, or the running sandbox. */
export type EnvironmentKind = 'stored' | 'process' | 'sandbox';

/**
 * `noSecret`: SecretStorage was asked for its secret and gave none. `stopped`: the sandbox does not run. `invalidUrl`: the process's
 * variable is no environment URL.
 */
export type EnvironmentState = 'ready' | 'noSecret' | 'stopped' | 'invalidUrl';
