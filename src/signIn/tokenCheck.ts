/** What is checked of a token. */
export type CheckName =
  | 'state'
  | 'form'
  | 'alg'
  | 'signature'
  | 'iss'
  | 'aud'
  | 'azp'
  | 'sub'
  | 'exp'
  | 'nbf'
  | 'iat'
  | 'nonce'
  | 'at_hash'
  | 'c_hash'
  | 'organization_id'
  | 'connection_id'
  | 'login_hint';

/**
 * `notSent`: Scalekit doesn't promise it and didn't send it. `notChecked`: it couldn't be checked. `noticed`: no reason
 * to refuse the token, but unusual.
 */
export type CheckOutcome = 'passed' | 'failed' | 'notSent' | 'notChecked' | 'noticed';

/** Why a check ended as it did. */
export type CheckReason =
  | 'ok'
  | 'resource'
  | 'customDomain'
  | 'missing'
  | 'wrongType'
  | 'different'
  | 'parts'
  | 'encrypted'
  | 'base64url'
  | 'json'
  | 'none'
  | 'algorithm'
  | 'critical'
  | 'signature'
  | 'unknownKey'
  | 'keysUnavailable'
  | 'manyAudiences'
  | 'expired'
  | 'future'
  | 'noCounterpart'
  | 'otherCheckFailed';

/** The result of one check. `value` is the token's own, if it's worth showing. It's data from elsewhere. */
export interface Check {
  readonly name: CheckName;
  readonly outcome: CheckOutcome;
  readonly reason: CheckReason;
  readonly value?: unknown;
  /** What it was compared with. */
  readonly expected?: string;
}

/** Whether an app should accept the token: nothing failed, and the signature was checked. */
export function isAccepted(checks: readonly Check[]): boolean {
  return checks.every(({ outcome }) => outcome !== 'failed' && outcome !== 'notChecked');
}
