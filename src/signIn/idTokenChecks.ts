import { createHash } from 'node:crypto';
import { audienceChecks, issuerCheck, subjectCheck, timeChecks, type Issuers } from './claimChecks';
import { algorithmCheck, signatureCheck, type SigningKeys } from './signatureCheck';
import type { Check, CheckName } from './tokenCheck';
import { readToken, type TokenContent } from './tokenContent';

/** What an ID token is checked against. */
export interface IdTokenExpectations {
  readonly issuers: Issuers;
  readonly clientId: string;
  /** Undefined after a refresh: a new ID token need not have one. */
  readonly nonce: string | undefined;
  readonly accessToken: string | undefined;
  readonly code: string | undefined;
  readonly keys: SigningKeys;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A token, read and checked. */
export interface CheckedToken {
  /** Undefined if it couldn't be read. */
  readonly content: TokenContent | undefined;
  readonly checks: readonly Check[];
}

/**
 * Makes every check of an ID token (OpenID Connect Core, 3.1.3.7 and 3.1.3.8), and not only those up to the first that
 * fails.
 */
export async function checkIdToken(token: string, expected: IdTokenExpectations): Promise<CheckedToken> {
  const content = readToken(token);
  if (typeof content === 'string')
    return { content: undefined, checks: [{ name: 'form', outcome: 'failed', reason: content }] };
  const { claims } = content;
  const { issuers, clientId, nonce, accessToken, code, keys, now } = expected;
  return {
    content,
    checks: [
      { name: 'form', outcome: 'passed', reason: 'ok' },
      algorithmCheck(content),
      await signatureCheck(token, content, keys),
      issuerCheck(claims, issuers),
      ...audienceChecks(claims, clientId),
      subjectCheck(claims),
      ...timeChecks(claims, now),
      nonceCheck(claims['nonce'], nonce),
      hashCheck('at_hash', claims['at_hash'], accessToken),
      hashCheck('c_hash', claims['c_hash'], code),
    ],
  };
}

function nonceCheck(value: unknown, nonce: string | undefined): Check {
  const name = 'nonce';
  if (nonce === undefined)
    return value === undefined
      ? { name, outcome: 'notSent', reason: 'ok' }
      : { name, outcome: 'notChecked', reason: 'noCounterpart' };
  // We sent one, so an ID token without it is from another sign-in.
  if (value === undefined) return { name, outcome: 'failed', reason: 'missing' };
  return value === nonce
    ? { name, outcome: 'passed', reason: 'ok' }
    : { name, outcome: 'failed', reason: typeof value === 'string' ? 'different' : 'wrongType' };
}

/** Whether a hash in the ID token is of what came with it: half of its SHA-256, since the token is signed with RS256. */
function hashCheck(
  name: Extract<CheckName, 'at_hash' | 'c_hash'>,
  value: unknown,
  counterpart: string | undefined,
): Check {
  if (value === undefined) return { name, outcome: 'notSent', reason: 'ok' };
  if (typeof value !== 'string') return { name, outcome: 'failed', reason: 'wrongType' };
  if (counterpart === undefined) return { name, outcome: 'noticed', reason: 'noCounterpart' };
  const hash = createHash('sha256').update(counterpart, 'ascii').digest().subarray(0, 16).toString('base64url');
  return { name, outcome: value === hash ? 'passed' : 'failed', reason: value === hash ? 'ok' : 'different' };
}
