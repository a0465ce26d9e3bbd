import type { JWK } from 'jose';
import { compactVerify } from 'jose/jws/compact/verify';
import { importJWK } from 'jose/key/import';
import { readArray, type JsonRecord } from '../api/json';
import { readChallenge } from './challenge';
import { isSameButForSlash, isSameUrl, scalekitResource } from './metadataAddresses';
import type { Prober } from './prober';
import { initializeRequest, type ServerFacts } from './serverCheck';
import type { Step, StepName, StepOutcome, StepReason } from './step';

/** Scalekit signs with nothing else (docs/scalekit-api.md, 1.3). */
const ALGORITHM = 'RS256';

/** An access token, read but not yet trusted. `compact` is the token itself: it goes to the server, and nowhere else. */
export interface ReadToken {
  readonly compact: string;
  readonly header: JsonRecord;
  readonly claims: JsonRecord;
}

/**
 * Checks an access token against what the server and its authorization server said of themselves.
 *
 * @param now milliseconds since the epoch
 */
export async function checkToken(
  { compact, header, claims }: ReadToken,
  serverUrl: string,
  facts: ServerFacts,
  now: number,
): Promise<Step[]> {
  return [
    await signatureStep(compact, header, facts.keys),
    issuerStep(claims['iss'], facts.authorizationServer),
    audienceStep(claims['aud'], serverUrl, facts),
    ...timeSteps(claims, now),
    scopeStep(claims, facts),
  ];
}

/**
 * Sends one request with the token to the MCP server itself.
 *
 * @throws the signal's reason, if the user cancelled
 */
export async function callWithToken(serverUrl: string, token: string, prober: Pick<Prober, 'send'>): Promise<Step> {
  const response = await prober.send(initializeRequest(serverUrl, token));
  const step = (outcome: StepOutcome, reason: StepReason, more: Partial<Step> = {}): Step => ({
    name: 'call',
    outcome,
    reason,
    url: serverUrl,
    ...more,
  });
  if (typeof response === 'string') return step('notRead', response);
  const { status, location } = response;
  const challenge = response.challenge === undefined ? undefined : readChallenge(response.challenge);
  const said = [challenge?.error, challenge?.errorDescription, challenge?.scope].filter((text) => text !== undefined);
  const value = said.length === 0 ? undefined : said.join(' · ');
  if (status >= 200 && status < 300) return step('passed', 'ok', { status });
  if (status === 401) return step('failed', 'status', { status, value });
  if (status === 403)
    return step('failed', challenge?.error === 'insufficient_scope' ? 'insufficientScope' : 'forbidden', {
      status,
      value,
    });
  if (status >= 300 && status < 400) return step('failed', 'redirect', { status, value: location });
  // The token was taken, and the request itself wasn't: it's not about authorization.
  return step(status < 500 ? 'noticed' : 'failed', status < 500 ? 'otherAddress' : 'status', { status });
}

async function signatureStep(
  compact: string,
  { alg, kid, crit, b64 }: JsonRecord,
  keys: readonly JWK[] | undefined,
): Promise<Step> {
  const step = (outcome: StepOutcome, reason: StepReason, value?: unknown): Step => ({
    name: 'signature',
    outcome,
    reason,
    ...(value === undefined ? {} : { value }),
  });
  if (alg !== ALGORITHM || crit !== undefined || b64 !== undefined) return step('failed', 'algorithm', alg ?? '…');
  if (keys === undefined) return step('notRead', 'earlierStep');
  const matching = keys.filter((key) => kid === undefined || key.kid === kid);
  if (matching.length === 0) return step('failed', 'unknownKey', kid);
  for (const key of matching) {
    try {
      await compactVerify(compact, await importJWK(key, ALGORITHM), { algorithms: [ALGORITHM] });
      return step('passed', 'ok', kid);
    } catch {
      // Another key may match.
    }
  }
  return step('failed', 'wrongSignature');
}

/** Scalekit's tokens have the environment's URL today, and the resource's later: both are good. */
function issuerStep(issuer: unknown, authorizationServer: string | undefined): Step {
  const step = (outcome: StepOutcome, reason: StepReason, expected?: string): Step => ({
    name: 'iss',
    outcome,
    reason,
    value: issuer,
    ...(expected === undefined ? {} : { expected }),
  });
  if (issuer === undefined) return step('failed', 'missing');
  if (typeof issuer !== 'string') return step('failed', 'wrongType');
  if (authorizationServer === undefined) return step('notRead', 'earlierStep');
  const environmentUrl = scalekitResource(authorizationServer)?.environmentUrl;
  if (isSameUrl(issuer, authorizationServer)) return step('passed', 'resourceIssuer');
  if (environmentUrl !== undefined && isSameUrl(issuer, environmentUrl)) return step('passed', 'environmentIssuer');
  return step('failed', 'different', environmentUrl ?? authorizationServer);
}

/** `aud` must have the resource's id or its URL. */
function audienceStep(audience: unknown, serverUrl: string, { resource, authorizationServer }: ServerFacts): Step {
  const resourceId = authorizationServer === undefined ? undefined : scalekitResource(authorizationServer)?.resourceId;
  const expected = [resourceId, resource ?? serverUrl].filter((each) => each !== undefined);
  const step = (outcome: StepOutcome, reason: StepReason): Step => ({
    name: 'aud',
    outcome,
    reason,
    value: audience,
    expected: expected.join(', '),
  });
  if (audience === undefined) return step('failed', 'missing');
  const values = (Array.isArray(audience) ? readArray(audience) : [audience]).filter(
    (each) => typeof each === 'string',
  );
  if (values.length === 0) return step('failed', 'wrongType');
  if (values.some((each) => expected.some((one) => isSameUrl(each, one)))) return step('passed', 'ok');
  return step(
    'failed',
    values.some((each) => isSameButForSlash(each, resource ?? serverUrl)) ? 'trailingSlash' : 'different',
  );
}

function timeSteps({ exp, nbf }: JsonRecord, now: number): Step[] {
  const seconds = now / 1000;
  const steps: Step[] = [];
  const add = (name: StepName, outcome: StepOutcome, reason: StepReason, value?: unknown): void =>
    void steps.push({ name, outcome, reason, ...(value === undefined ? {} : { value }) });
  if (exp === undefined) add('exp', 'failed', 'missing');
  else if (typeof exp !== 'number') add('exp', 'failed', 'wrongType', exp);
  else add('exp', exp <= seconds ? 'failed' : 'passed', exp <= seconds ? 'expired' : 'ok', exp);
  if (nbf === undefined) add('nbf', 'notSent', 'missing');
  else if (typeof nbf !== 'number') add('nbf', 'failed', 'wrongType', nbf);
  else add('nbf', nbf > seconds ? 'failed' : 'passed', nbf > seconds ? 'future' : 'ok', nbf);
  return steps;
}

/** The scopes of a token, in either of the claims that Scalekit uses. */
function scopesOf({ scope, scopes }: JsonRecord): readonly string[] | undefined {
  const list = readArray(scopes).filter((each): each is string => typeof each === 'string');
  if (Array.isArray(scopes) && (list.length > 0 || scope === undefined)) return list;
  return typeof scope === 'string' ? scope.split(' ').filter((each) => each !== '') : undefined;
}

function scopeStep(claims: JsonRecord, { scopes: offered, requiredScopes }: ServerFacts): Step {
  const scopes = scopesOf(claims);
  const step = (outcome: StepOutcome, reason: StepReason, expected?: readonly string[]): Step => ({
    name: 'tokenScopes',
    outcome,
    reason,
    value: (scopes ?? []).join(' '),
    ...(expected === undefined ? {} : { expected: expected.join(' ') }),
  });
  const lacking = (wanted: readonly string[]): readonly string[] =>
    wanted.filter((scope) => scopes?.includes(scope) !== true);
  if (requiredScopes.length > 0 && lacking(requiredScopes).length > 0)
    return step('failed', 'someMissing', lacking(requiredScopes));
  if (offered.length === 0) return scopes === undefined ? step('notSent', 'missing') : step('passed', 'ok');
  const missing = lacking(offered);
  if (missing.length === offered.length) return step('failed', 'noneOfThese', offered);
  // Which of them a call needs is the server's business.
  return missing.length > 0 ? step('noticed', 'someMissing', missing) : step('passed', 'ok');
}
