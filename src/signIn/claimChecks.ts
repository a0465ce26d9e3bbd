import { readArray, type JsonRecord } from '../api/json';
import type { Check } from './tokenCheck';

/** How far clocks may be apart, in seconds. It's what `oauth4webapi` allows too. */
const TOLERANCE_SECONDS = 30;

/** Who may have issued a token. */
export interface Issuers {
  /** The environment's URL in VS Code. */
  readonly environmentUrl: string;
  /** What the environment's discovery document says, if it was asked. It may be a custom domain. */
  readonly discovered: string | undefined;
}

/** Whether a token names one of the environment's issuers: its URL, its custom domain, or one of its resources. */
export function issuerCheck(claims: JsonRecord, { environmentUrl, discovered }: Issuers): Check {
  const name = 'iss';
  const { iss } = claims;
  if (iss === undefined) return { name, outcome: 'failed', reason: 'missing' };
  if (typeof iss !== 'string') return { name, outcome: 'failed', reason: 'wrongType' };
  if (iss === environmentUrl) return { name, outcome: 'passed', reason: 'ok', value: iss };
  if (isResourceOf(iss, environmentUrl)) return { name, outcome: 'passed', reason: 'resource', value: iss };
  return iss === discovered
    ? { name, outcome: 'passed', reason: 'customDomain', value: iss }
    : { name, outcome: 'failed', reason: 'different', value: iss, expected: discovered ?? environmentUrl };
}

/** Tokens for somebody's MCP server name the resource as their issuer (docs/scalekit-api.md, 1.3). */
function isResourceOf(issuer: string, environmentUrl: string): boolean {
  return (
    issuer.startsWith(`${environmentUrl}/resources/`) && /^res_\w{1,64}$/.test(issuer.slice(environmentUrl.length + 11))
  );
}

/** Whether a token is for this client: `aud`, as a text or a list, and `azp`. */
export function audienceChecks(claims: JsonRecord, clientId: string): [Check, Check] {
  return [audienceCheck(claims['aud'], clientId), partyCheck(claims['azp'], claims['aud'], clientId)];
}

function audienceCheck(aud: unknown, clientId: string): Check {
  const name = 'aud';
  if (aud === undefined) return { name, outcome: 'failed', reason: 'missing' };
  if (typeof aud !== 'string' && !Array.isArray(aud)) return { name, outcome: 'failed', reason: 'wrongType' };
  const isFor = typeof aud === 'string' ? aud === clientId : aud.includes(clientId);
  return isFor
    ? { name, outcome: 'passed', reason: 'ok', value: aud }
    : { name, outcome: 'failed', reason: 'different', value: aud, expected: clientId };
}

function partyCheck(azp: unknown, aud: unknown, clientId: string): Check {
  const name = 'azp';
  const isForMany = Array.isArray(aud) && aud.length !== 1;
  if (azp === undefined)
    return isForMany
      ? { name, outcome: 'failed', reason: 'manyAudiences', value: readArray(aud).length }
      : { name, outcome: 'notSent', reason: 'ok' };
  if (azp === clientId) return { name, outcome: 'passed', reason: 'ok', value: azp };
  // With one audience, a verifier need not look at it.
  return { name, outcome: isForMany ? 'failed' : 'noticed', reason: 'different', value: azp, expected: clientId };
}

export function subjectCheck({ sub }: JsonRecord): Check {
  const name = 'sub';
  if (sub === undefined) return { name, outcome: 'failed', reason: 'missing' };
  return typeof sub === 'string' && sub !== ''
    ? { name, outcome: 'passed', reason: 'ok', value: sub }
    : { name, outcome: 'failed', reason: 'wrongType' };
}

/** Whether a token is valid now. `now` is in milliseconds since the epoch. */
export function timeChecks({ exp, nbf, iat }: JsonRecord, now: number): [Check, Check, Check] {
  const seconds = Math.floor(now / 1000);
  return [expiryCheck(exp, seconds), startCheck(nbf, seconds), issueCheck(iat, seconds)];
}

function expiryCheck(exp: unknown, seconds: number): Check {
  const name = 'exp';
  if (exp === undefined) return { name, outcome: 'failed', reason: 'missing' };
  if (typeof exp !== 'number') return { name, outcome: 'failed', reason: 'wrongType', value: exp };
  return exp <= seconds - TOLERANCE_SECONDS
    ? { name, outcome: 'failed', reason: 'expired', value: exp }
    : { name, outcome: 'passed', reason: 'ok', value: exp };
}

function startCheck(nbf: unknown, seconds: number): Check {
  const name = 'nbf';
  if (nbf === undefined) return { name, outcome: 'notSent', reason: 'ok' };
  if (typeof nbf !== 'number') return { name, outcome: 'failed', reason: 'wrongType', value: nbf };
  return nbf > seconds + TOLERANCE_SECONDS
    ? { name, outcome: 'failed', reason: 'future', value: nbf }
    : { name, outcome: 'passed', reason: 'ok', value: nbf };
}

function issueCheck(iat: unknown, seconds: number): Check {
  const name = 'iat';
  if (iat === undefined) return { name, outcome: 'failed', reason: 'missing' };
  if (typeof iat !== 'number') return { name, outcome: 'failed', reason: 'wrongType', value: iat };
  // No standard says that such a token must be refused, but a clock is wrong.
  return iat > seconds + TOLERANCE_SECONDS
    ? { name, outcome: 'noticed', reason: 'future', value: iat }
    : { name, outcome: 'passed', reason: 'ok', value: iat };
}
