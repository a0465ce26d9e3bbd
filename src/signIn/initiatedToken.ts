import { readText } from '../api/json';
import { issuerCheck, timeChecks, type Issuers } from './claimChecks';
import type { CheckedToken } from './idTokenChecks';
import { algorithmCheck, signatureCheck, type SigningKeys } from './signatureCheck';
import type { Check, CheckName } from './tokenCheck';
import { readToken } from './tokenContent';

/** Who wants to sign in, as the identity provider says. */
export interface InitiatedSignIn {
  readonly organizationId: string | undefined;
  readonly connectionId: string | undefined;
  readonly loginHint: string | undefined;
  readonly relayState: string | undefined;
}

/**
 * Checks the token of a sign-in that an identity provider starts (docs/scalekit-api.md, 4.7). It lives five minutes, and
 * has no audience.
 */
export async function checkInitiatedToken(
  token: string,
  { issuers, keys, now }: { readonly issuers: Issuers; readonly keys: SigningKeys; readonly now: number },
): Promise<CheckedToken & { readonly signIn: InitiatedSignIn }> {
  const content = readToken(token);
  const signIn = (claims: Readonly<Record<string, unknown>>): InitiatedSignIn => ({
    organizationId: readText(claims['organization_id']),
    connectionId: readText(claims['connection_id']),
    loginHint: readText(claims['login_hint']),
    relayState: readText(claims['relay_state']),
  });
  if (typeof content === 'string')
    return { content: undefined, signIn: signIn({}), checks: [{ name: 'form', outcome: 'failed', reason: content }] };
  const { claims } = content;
  return {
    content,
    signIn: signIn(claims),
    checks: [
      { name: 'form', outcome: 'passed', reason: 'ok' },
      algorithmCheck(content),
      await signatureCheck(token, content, keys),
      issuerCheck(claims, issuers),
      ...timeChecks(claims, now),
      textCheck('organization_id', claims),
      textCheck('connection_id', claims),
      textCheck('login_hint', claims),
    ],
  };
}

/** Whether a token was at least signed by the environment, so that it's worth explaining what else is wrong. */
export function isSigned(checks: readonly Check[]): boolean {
  return checks.some(({ name, outcome }) => name === 'signature' && outcome === 'passed');
}

function textCheck(
  name: Extract<CheckName, 'organization_id' | 'connection_id' | 'login_hint'>,
  claims: Readonly<Record<string, unknown>>,
): Check {
  const value = readText(claims[name]);
  return value === undefined
    ? { name, outcome: 'notSent', reason: 'ok' }
    : { name, outcome: 'passed', reason: 'ok', value };
}
