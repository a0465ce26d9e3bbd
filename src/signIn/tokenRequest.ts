import { beginningOf } from '../api/beginningOf';
import { parseJson, whyNotJson } from '../api/client/errorResponse';
import type { HttpResponse, Send } from '../api/client/http';
import { isRecord, readText } from '../api/json';

const LONGEST_TEXT = 300;

/** What a client gives for tokens. */
export type TokenGrant =
  | { readonly type: 'code'; readonly code: string; readonly redirectUri: string; readonly verifier: string }
  | { readonly type: 'refresh'; readonly refreshToken: string };

export interface TokenRequest {
  readonly environmentUrl: string;
  readonly clientId: string;
  /** Undefined for an app without a secret, which proves itself by PKCE. */
  readonly clientSecret: string | undefined;
  readonly grant: TokenGrant;
}

/** Tokens of a signed-in user. They exist in memory only. */
export interface UserTokens {
  readonly accessToken: string | undefined;
  readonly idToken: string | undefined;
  readonly refreshToken: string | undefined;
  /** What the response says besides the tokens. Undefined if it doesn't. */
  readonly tokenType: string | undefined;
  readonly expiresIn: number | undefined;
  readonly scope: string | undefined;
}

/** The response of the token endpoint. */
export type TokenOutcome = { readonly durationMs: number; readonly status: number } & (
  | { readonly kind: 'tokens'; readonly tokens: UserTokens }
  | { readonly kind: 'refused'; readonly error: string; readonly description: string | undefined }
  | { readonly kind: 'unreadable'; readonly why: 'webPage' | 'empty' | 'cutOff' | 'notJson' | 'noToken' }
);

/**
 * Exchanges a code or a refresh token at `/oauth/token`, with the fields and the order of Scalekit's Node SDK
 * (docs/scalekit-api.md, 4.5). Never sent twice: both can be used once.
 *
 * @param onToken called with each token before anything else sees it
 * @throws ScalekitError if there's no response
 */
export async function requestTokens(
  request: TokenRequest,
  exchange: Send,
  onToken: (token: string) => void,
  signal?: AbortSignal,
): Promise<TokenOutcome> {
  const begun = performance.now();
  const response = await exchange({
    server: 'authorization',
    method: 'POST',
    url: `${request.environmentUrl}/oauth/token`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(formOf(request)).toString(),
    signal,
  });
  const common = { durationMs: performance.now() - begun, status: response.status };
  const body = parseJson(response.text);
  if (!isRecord(body)) return { ...common, kind: 'unreadable', why: whyNotJson(response) };
  if (response.status < 200 || response.status > 299) return { ...common, ...refusalIn(body, response) };
  const tokens = tokensIn(body);
  for (const token of [tokens.accessToken, tokens.idToken, tokens.refreshToken])
    if (token !== undefined) onToken(token);
  return tokens.accessToken === undefined && tokens.idToken === undefined
    ? { ...common, kind: 'unreadable', why: 'noToken' }
    : { ...common, kind: 'tokens', tokens };
}

function formOf({ clientId, clientSecret, grant }: TokenRequest): [string, string][] {
  const secret: [string, string][] = clientSecret === undefined ? [] : [['client_secret', clientSecret]];
  if (grant.type === 'refresh')
    return [['grant_type', 'refresh_token'], ['client_id', clientId], ...secret, ['refresh_token', grant.refreshToken]];
  return [
    ['code', grant.code],
    ['redirect_uri', grant.redirectUri],
    ['grant_type', 'authorization_code'],
    ['client_id', clientId],
    ...secret,
    ['code_verifier', grant.verifier],
  ];
}

function refusalIn(body: Readonly<Record<string, unknown>>, { status }: HttpResponse) {
  const error = readText(body['error']) ?? readText(body['error_code']) ?? `HTTP ${status}`;
  const description = readText(body['error_description']) ?? readText(body['message']);
  return {
    kind: 'refused' as const,
    error: beginningOf(error, LONGEST_TEXT),
    description: description && beginningOf(description, LONGEST_TEXT),
  };
}

function tokensIn(body: Readonly<Record<string, unknown>>): UserTokens {
  const expiresIn = Number(body['expires_in'] ?? NaN);
  return {
    accessToken: readText(body['access_token']),
    idToken: readText(body['id_token']),
    refreshToken: readText(body['refresh_token']),
    tokenType: readText(body['token_type']),
    expiresIn: Number.isFinite(expiresIn) && expiresIn > 0 ? expiresIn : undefined,
    scope: readText(body['scope']),
  };
}
