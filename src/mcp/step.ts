import type { ProbeFailure } from './prober';

/** What is checked, in the order of the document. */
export type StepName =
  | 'unauthorized'
  | 'challenge'
  | 'metadataLink'
  | 'linkedMetadata'
  | 'metadataAtPath'
  | 'metadataAtRoot'
  | 'resource'
  | 'authorizationServers'
  | 'serverMetadataAtRoot'
  | 'serverMetadataAtPath'
  | 'issuer'
  | 'pkce'
  | 'endpoints'
  | 'registration'
  | 'scopes'
  | 'keys'
  | TokenStepName;

/** The same for an access token. */
export type TokenStepName = 'form' | 'signature' | 'iss' | 'aud' | 'exp' | 'nbf' | 'tokenScopes' | 'call';

/**
 * `notSent`: it isn't there, and needn't be. `notRead`: it couldn't be checked. `noticed`: not wrong by itself, but worth
 * knowing.
 */
export type StepOutcome = 'passed' | 'failed' | 'notSent' | 'notRead' | 'noticed';

/** Why a step ended as it did. */
export type StepReason =
  | 'ok'
  | ProbeFailure
  | 'open'
  | 'forbidden'
  | 'redirect'
  | 'status'
  | 'html'
  | 'notJson'
  | 'missing'
  | 'otherScheme'
  | 'wrongType'
  | 'different'
  | 'trailingSlash'
  | 'otherPath'
  | 'bareEnvironment'
  | 'notScalekit'
  | 'resourceIssuer'
  | 'environmentIssuer'
  | 'disagree'
  | 'noS256'
  | 'clientMetadata'
  | 'unknownScopes'
  | 'earlierStep'
  | 'otherAddress'
  | 'expired'
  | 'future'
  | 'algorithm'
  | 'unknownKey'
  | 'wrongSignature'
  | 'insufficientScope'
  | 'noneOfThese'
  | 'someMissing';

/** The result of one step. `value` is what came, and is data from elsewhere; `expected` is what it was compared with. */
export interface Step {
  readonly name: StepName;
  readonly outcome: StepOutcome;
  readonly reason: StepReason;
  /** Where it was asked for. */
  readonly url?: string;
  readonly value?: unknown;
  readonly expected?: string;
  readonly status?: number;
}

/** Whether a step needs something to be changed. */
export function hasFailed({ outcome }: Step): boolean {
  return outcome === 'failed';
}
