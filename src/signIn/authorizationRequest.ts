import { createHash, randomBytes } from 'node:crypto';
import { urlEncoded } from '../api/client/scalekitClient';
import type { SignInChoices } from './signInChoices';

/** What an authorization URL is made of. */
export interface AuthorizationInput {
  readonly environmentUrl: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly choices: Omit<SignInChoices, 'otherClientId'>;
  /** Sent beside the connection, when an identity provider started the sign-in. */
  readonly organizationId?: string;
}

/** Random values that tie a callback and an ID token to one request. Each is used once. */
export interface SignInKeys {
  /** 256 bits. */
  readonly state: string;
  readonly nonce: string;
  /** The PKCE verifier. Its SHA-256 is in the URL, and the verifier itself is sent with the code. */
  readonly verifier: string;
}

/** New values for one sign-in. */
export function newSignInKeys(): SignInKeys {
  return { state: randomState(), nonce: randomState(), verifier: randomState() };
}

/** The PKCE challenge of a verifier (RFC 7636, `S256`, the only method that Scalekit supports). */
export function codeChallenge(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/**
 * The parameters of an authorization request, in the order of Scalekit's Node SDK (docs/scalekit-api.md, 4.2). Those
 * that weren't chosen are left out.
 */
export function authorizationParameters(
  { clientId, redirectUri, choices, organizationId = '' }: Omit<AuthorizationInput, 'environmentUrl'>,
  { state, nonce, verifier }: SignInKeys,
): readonly (readonly [name: string, value: string])[] {
  const { selector, scopes, prompt, loginHint } = choices;
  const selected = (by: typeof selector.by): string =>
    selector.by === by && 'value' in selector ? selector.value : '';
  const parameters: [string, string][] = [
    ['response_type', 'code'],
    ['client_id', clientId],
    ['redirect_uri', redirectUri],
    ['scope', scopes.join(' ')],
    ['state', state],
    ['nonce', nonce],
    ['login_hint', loginHint],
    // The SDK sends a domain under both names.
    ['domain_hint', selected('domain')],
    ['domain', selected('domain')],
    ['connection_id', selected('connection')],
    ['organization_id', selected('organization') || organizationId],
    ['code_challenge', codeChallenge(verifier)],
    ['code_challenge_method', 'S256'],
    ['provider', selected('provider')],
    ['prompt', prompt ?? ''],
  ];
  return parameters.filter(([, value]) => value !== '');
}

/** The URL that starts a sign-in in the browser. It has no secret: of the PKCE verifier only the hash. */
export function authorizationUrl(input: AuthorizationInput, keys: SignInKeys): string {
  return addressWithQuery(`${input.environmentUrl}/oauth/authorize`, authorizationParameters(input, keys));
}

/** An address with query parameters. Only the unreserved characters of a value stay as they are. */
export function addressWithQuery(
  address: string,
  parameters: readonly (readonly [name: string, value: string])[],
): string {
  return `${address}?${parameters.map(([name, value]) => `${name}=${urlEncoded(value)}`).join('&')}`;
}

/** 256 random bits. */
export function randomState(): string {
  return randomBytes(32).toString('base64url');
}
