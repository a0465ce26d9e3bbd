import type { JWK } from 'jose';
import { isRecord, readArray, readText, type JsonRecord } from '../api/json';
import { readChallenge } from './challenge';
import { readJsonDocument, type JsonDocument } from './jsonDocument';
import {
  isSameButForSlash,
  isSameUrl,
  resourceMetadataAddresses,
  scalekitResource,
  serverMetadataAddresses,
} from './metadataAddresses';
import type { ProbeRequest, ProbeResponse, Prober } from './prober';
import { urlFault } from './serverUrl';
import { hasFailed, type Step, type StepName, type StepOutcome, type StepReason } from './step';

const MOST_KEYS = 50;
const MOST_SCOPES = 200;

/** What the server and its authorization server said of themselves, as far as it could be read. */
export interface ServerFacts {
  /** The `resource` of the server's metadata. */
  readonly resource: string | undefined;
  readonly authorizationServer: string | undefined;
  readonly scopes: readonly string[];
  /** The scopes that its 401 asks for. */
  readonly requiredScopes: readonly string[];
  /** Undefined if they couldn't be read. */
  readonly keys: readonly JWK[] | undefined;
}

/** The first part of a check. */
export interface ServerCheck {
  readonly steps: readonly Step[];
  readonly facts: ServerFacts;
  /** Whether the server responded at all. */
  readonly responded: boolean;
}

type Results = Omit<Step, 'name' | 'outcome' | 'reason'>;

/** The first request of an MCP client (`initialize`). */
export function initializeRequest(url: string, token?: string): ProbeRequest {
  return {
    method: 'POST',
    url,
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'scalekit-workbench', version: '1' },
      },
    }),
    // A server may keep the response open, and the headers say all that's needed.
    readBody: false,
  };
}

/**
 * Checks an MCP server as its clients find their way to its authorization server (docs/scalekit-api.md, 6), with nothing
 * but its URL. Nothing is registered or changed.
 *
 * @param isEnvironment whether an address is a Scalekit environment that the user has saved
 * @throws the signal's reason, if the user cancelled
 */
export async function checkServer(
  serverUrl: string,
  prober: Pick<Prober, 'send'>,
  isEnvironment: (url: string) => boolean = () => false,
): Promise<ServerCheck> {
  const steps: Step[] = [];
  const add = (name: StepName, outcome: StepOutcome, reason: StepReason, more: Results = {}): void =>
    void steps.push({ name, outcome, reason, ...more });

  const first = await prober.send(initializeRequest(serverUrl));
  steps.push(unauthorizedStep(first, serverUrl));
  const isRefusal = typeof first !== 'string' && first.status === 401;
  const challenge = isRefusal && first.challenge !== undefined ? readChallenge(first.challenge) : undefined;
  if (!isRefusal) add('challenge', 'notRead', 'earlierStep');
  else if (first.challenge === undefined) add('challenge', 'failed', 'missing');
  else if (challenge === undefined) add('challenge', 'failed', 'otherScheme', { value: first.challenge });
  else add('challenge', 'passed', 'ok', { value: first.challenge });

  const metadata = await readResourceMetadata(serverUrl, prober, challenge, add);
  checkResource(serverUrl, metadata, add);
  const authorizationServer = checkAuthorizationServers(metadata, isEnvironment, add);
  const scopes = textsOf(metadata?.['scopes_supported']);
  const server = await checkAuthorizationServer(authorizationServer, scopes, prober, add);
  return {
    steps,
    responded: typeof first !== 'string',
    facts: {
      resource: readText(metadata?.['resource']),
      authorizationServer,
      scopes,
      requiredScopes: (challenge?.scope ?? '').split(' ').filter((scope) => scope !== ''),
      keys: server,
    },
  };
}

type Add = (name: StepName, outcome: StepOutcome, reason: StepReason, more?: Results) => void;

function unauthorizedStep(response: ProbeResponse | string, url: string): Step {
  const step = (outcome: StepOutcome, reason: StepReason, more: Results = {}): Step => ({
    name: 'unauthorized',
    outcome,
    reason,
    url,
    ...more,
  });
  if (typeof response === 'string') return step('notRead', response as StepReason);
  const { status, location, contentType } = response;
  if (status === 401) return step('passed', 'ok', { status });
  if (status >= 300 && status < 400) return step('failed', 'redirect', { status, value: location });
  if (status === 403) return step('failed', 'forbidden', { status });
  const isHtml = /\bhtml\b/i.test(contentType);
  if (status >= 200 && status < 300) return step('failed', isHtml ? 'html' : 'open', { status });
  return step('failed', 'status', { status });
}

/** Reads the server's metadata where it links to, and at both addresses that clients try by themselves. */
async function readResourceMetadata(
  serverUrl: string,
  prober: Pick<Prober, 'send'>,
  challenge: ReturnType<typeof readChallenge>,
  add: Add,
): Promise<JsonRecord | undefined> {
  const { atPath, atRoot } = resourceMetadataAddresses(serverUrl);
  const link = challenge?.resourceMetadata;
  const linkIsUrl = link !== undefined && URL.canParse(link);
  if (challenge === undefined) add('metadataLink', 'notRead', 'earlierStep');
  else if (link === undefined) add('metadataLink', 'failed', 'missing', { expected: atPath });
  else if (!linkIsUrl) add('metadataLink', 'failed', 'malformed', { value: link, expected: atPath });
  else if (new URL(link).origin !== new URL(serverUrl).origin)
    add('metadataLink', 'noticed', 'otherAddress', { value: link, expected: atPath });
  else add('metadataLink', 'passed', 'ok', { value: link });

  const isLinked = (url: string): boolean => linkIsUrl && isSameUrl(link, url);
  const isElsewhere = linkIsUrl && !isLinked(atPath) && (atRoot === undefined || !isLinked(atRoot));
  const linked = isElsewhere ? await readJsonDocument(prober, link) : undefined;
  if (linked !== undefined && linkIsUrl) add('linkedMetadata', ...documentResult(linked, link));
  const path = await readJsonDocument(prober, atPath);
  const root = atRoot === undefined ? undefined : await readJsonDocument(prober, atRoot);
  const found = [...(linked === undefined ? [] : [linked]), path, ...(root === undefined ? [] : [root])];
  // A client that follows the link, or finds one of the two, needs no other.
  const any = found.some(({ kind }) => kind === 'json');
  for (const [name, document, url] of [
    ['metadataAtPath', path, atPath],
    ['metadataAtRoot', root, atRoot],
  ] as const) {
    if (document === undefined || url === undefined) continue;
    const [outcome, reason, more] = documentResult(document, url);
    const isSpare = any && !isLinked(url) && outcome !== 'passed' && reason === 'status';
    add(name, isSpare ? 'notSent' : outcome, reason, more);
  }
  const order = [
    linked,
    ...(root !== undefined && atRoot !== undefined && isLinked(atRoot) ? [root, path] : [path, root]),
  ];
  for (const document of order) if (document?.kind === 'json') return document.json;
  return undefined;
}

function documentResult(document: JsonDocument, url: string): [StepOutcome, StepReason, Results] {
  switch (document.kind) {
    case 'json':
      return ['passed', 'ok', { url }];
    case 'failed':
      return [
        document.reason === 'tooLarge' || document.reason === 'timeout' ? 'failed' : 'notRead',
        document.reason,
        { url },
      ];
    case 'redirect':
      return ['failed', 'redirect', { url, status: document.status, value: document.location }];
    case 'status':
    case 'html':
    case 'notJson':
      return ['failed', document.kind, { url, status: document.status }];
  }
}

function checkResource(serverUrl: string, metadata: JsonRecord | undefined, add: Add): void {
  if (metadata === undefined) return add('resource', 'notRead', 'earlierStep');
  const value = metadata['resource'];
  const compared = { value, expected: serverUrl };
  if (value === undefined) return add('resource', 'failed', 'missing', { expected: serverUrl });
  if (typeof value !== 'string') return add('resource', 'failed', 'wrongType', compared);
  if (isSameUrl(value, serverUrl)) return add('resource', 'passed', 'ok', { value });
  if (isSameButForSlash(value, serverUrl)) return add('resource', 'failed', 'trailingSlash', compared);
  const sameOrigin = URL.canParse(value) && new URL(value).origin === new URL(serverUrl).origin;
  add('resource', 'failed', sameOrigin ? 'otherPath' : 'different', compared);
}

/** The authorization server that clients use: the first. */
function checkAuthorizationServers(
  metadata: JsonRecord | undefined,
  isEnvironment: (url: string) => boolean,
  add: Add,
): string | undefined {
  const name = 'authorizationServers';
  if (metadata === undefined) {
    add(name, 'notRead', 'earlierStep');
    return undefined;
  }
  const value = metadata['authorization_servers'];
  const first = readArray(value)[0];
  if (value === undefined || (Array.isArray(value) && value.length === 0)) {
    add(name, 'failed', 'missing');
    return undefined;
  }
  if (typeof first !== 'string') {
    add(name, 'failed', 'wrongType', { value });
    return undefined;
  }
  const fault = urlFault(first);
  if (fault !== undefined) {
    add(name, 'failed', fault === 'insecure' || fault === 'userInfo' ? fault : 'malformed', {
      value: fault === 'userInfo' ? undefined : first,
    });
    return undefined;
  }
  if (scalekitResource(first) !== undefined) add(name, 'passed', 'ok', { value: first });
  else if (isBareEnvironment(first, isEnvironment)) add(name, 'failed', 'bareEnvironment', { value: first });
  else add(name, 'noticed', 'notScalekit', { value: first });
  return first;
}

/** Whether an address is a Scalekit environment without one of its resources (docs/scalekit-api.md, 1.5). */
function isBareEnvironment(url: string, isEnvironment: (url: string) => boolean): boolean {
  const { hostname, pathname } = new URL(url);
  return pathname === '/' && (/(?:^|\.)scalekit\.(?:dev|com|cloud)$/.test(hostname) || isEnvironment(url));
}

const ABOUT_SERVER = ['issuer', 'pkce', 'endpoints', 'registration', 'scopes', 'keys'] as const;

/** Reads the authorization server's metadata and keys. Returns the keys. */
async function checkAuthorizationServer(
  issuer: string | undefined,
  scopes: readonly string[],
  prober: Pick<Prober, 'send'>,
  add: Add,
): Promise<readonly JWK[] | undefined> {
  if (issuer === undefined) {
    for (const name of ['serverMetadataAtRoot', ...ABOUT_SERVER] as const) add(name, 'notRead', 'earlierStep');
    return undefined;
  }
  const { rfc, suffix } = serverMetadataAddresses(issuer);
  const documents = [
    ['serverMetadataAtRoot', rfc, await readJsonDocument(prober, rfc)],
    ...(suffix === undefined
      ? []
      : ([['serverMetadataAtPath', suffix, await readJsonDocument(prober, suffix)]] as const)),
  ] as const;
  const read = documents.flatMap(([, , document]) => (document.kind === 'json' ? [document.json] : []));
  for (const [name, url, document] of documents) {
    const [outcome, reason, more] = documentResult(document, url);
    // Scalekit documents only one of them, and it's enough for the rest of the check.
    if (read.length === 0 || reason !== 'status') add(name, outcome, reason, more);
    else add(name, name === 'serverMetadataAtRoot' ? 'noticed' : 'notSent', reason, more);
  }
  const [metadata] = read;
  if (metadata === undefined) {
    for (const name of ABOUT_SERVER) add(name, 'notRead', 'earlierStep');
    return undefined;
  }
  checkIssuer(issuer, read, add);
  const methods = metadata['code_challenge_methods_supported'];
  if (methods === undefined) add('pkce', 'failed', 'missing');
  else if (textsOf(methods).includes('S256')) add('pkce', 'passed', 'ok', { value: methods });
  else add('pkce', 'failed', 'noS256', { value: methods });
  checkEndpoints(metadata, add);
  checkScopes(scopes, metadata, add);
  return readKeys(metadata, prober, add);
}

/** Both Scalekit's issuers are good: the resource's own, and the environment's. */
function checkIssuer(issuer: string, documents: readonly JsonRecord[], add: Add): void {
  const values = documents.map((document) => document['issuer']);
  const environmentUrl = scalekitResource(issuer)?.environmentUrl;
  const [first] = values;
  const compared = { value: first, expected: issuer };
  if (values.some((value) => value === undefined)) return add('issuer', 'failed', 'missing', { expected: issuer });
  if (values.some((value) => value !== first)) return add('issuer', 'failed', 'disagree', { value: values });
  if (typeof first !== 'string') return add('issuer', 'failed', 'wrongType', compared);
  if (first === issuer || isSameUrl(first, issuer)) return add('issuer', 'passed', 'resourceIssuer', { value: first });
  if (environmentUrl !== undefined && isSameUrl(first, environmentUrl))
    return add('issuer', 'passed', 'environmentIssuer', { value: first });
  add('issuer', 'failed', isSameButForSlash(first, issuer) ? 'trailingSlash' : 'different', compared);
}

function checkEndpoints(metadata: JsonRecord, add: Add): void {
  const names = ['authorization_endpoint', 'token_endpoint'];
  const missing = names.filter((name) => readText(metadata[name]) === undefined);
  const bad = names.filter((name) => !missing.includes(name) && urlFault(readText(metadata[name]) ?? '') !== undefined);
  if (missing.length > 0) add('endpoints', 'failed', 'missing', { value: missing.join(', ') });
  else if (bad.length > 0) add('endpoints', 'failed', 'malformed', { value: bad.join(', ') });
  else add('endpoints', 'passed', 'ok', { value: names.map((name) => metadata[name]) });

  const registration = readText(metadata['registration_endpoint']);
  if (registration !== undefined)
    add(
      'registration',
      urlFault(registration) === undefined ? 'passed' : 'failed',
      urlFault(registration) === undefined ? 'ok' : 'malformed',
      {
        value: registration,
      },
    );
  else if (metadata['client_id_metadata_document_supported'] === true) add('registration', 'passed', 'clientMetadata');
  else add('registration', 'notSent', 'missing');
}

function checkScopes(scopes: readonly string[], metadata: JsonRecord, add: Add): void {
  const offered = metadata['scopes_supported'];
  if (scopes.length === 0) return add('scopes', 'notSent', 'missing');
  if (offered === undefined) return add('scopes', 'notRead', 'missing', { value: scopes.join(' ') });
  const unknown = scopes.filter((scope) => !textsOf(offered).includes(scope));
  if (unknown.length > 0) add('scopes', 'failed', 'unknownScopes', { value: unknown.join(' ') });
  else add('scopes', 'passed', 'ok', { value: scopes.join(' ') });
}

async function readKeys(
  metadata: JsonRecord,
  prober: Pick<Prober, 'send'>,
  add: Add,
): Promise<readonly JWK[] | undefined> {
  const url = readText(metadata['jwks_uri']);
  if (url === undefined) {
    add('keys', 'failed', 'missing');
    return undefined;
  }
  const document = await readJsonDocument(prober, url);
  if (document.kind !== 'json') {
    add('keys', ...documentResult(document, url));
    return undefined;
  }
  const keys = readArray(document.json['keys']).slice(0, MOST_KEYS).filter(isRecord).flatMap(signingKey);
  if (keys.length === 0) add('keys', 'failed', 'noneOfThese', { url });
  else add('keys', 'passed', 'ok', { url, value: keys.length });
  return keys;
}

/** An RS256 key's public part, or nothing. */
function signingKey(key: JsonRecord): JWK[] {
  const { kty, use, alg, kid, n, e } = key;
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string') return [];
  if ((use !== undefined && use !== 'sig') || (alg !== undefined && alg !== 'RS256')) return [];
  return [{ kty: 'RSA', alg: 'RS256', n, e, ...(typeof kid === 'string' ? { kid } : {}) }];
}

function textsOf(value: unknown): string[] {
  return readArray(value)
    .slice(0, MOST_SCOPES)
    .filter((each): each is string => typeof each === 'string');
}

/** Whether any step needs something to be changed. */
export function anyFailed(steps: readonly Step[]): boolean {
  return steps.some(hasFailed);
}
