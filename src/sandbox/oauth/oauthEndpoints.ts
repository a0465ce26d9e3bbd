import { timingSafeEqual } from 'node:crypto';
import { headerOf, jsonResponse, type SandboxResponse, type HttpRequest, type HttpSite } from '../protocol/response';
import type { AccessTokens } from './accessTokens';
import type { ApiClient, ApiClients } from './apiClients';

/** Scalekit's OAuth endpoints. Error bodies follow zitadel/oidc, the library that all evidence points to. */
export class OAuthEndpoints implements HttpSite {
  constructor(
    private readonly clients: ApiClients,
    private readonly tokens: AccessTokens,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const isGet = request.method === 'GET';
    switch (request.path) {
      case '/oauth/token':
        return request.method === 'POST'
          ? this.#token(request)
          : oauthError(405, 'invalid_request', 'method not allowed');
      case '/keys':
        return isGet
          ? jsonResponse(200, await this.tokens.jwks())
          : oauthError(405, 'invalid_request', 'method not allowed');
      case '/.well-known/openid-configuration':
      case '/.well-known/oauth-authorization-server':
        return isGet
          ? jsonResponse(200, this.#discovery(request.origin))
          : oauthError(405, 'invalid_request', 'method not allowed');
      default:
        return undefined;
    }
  }

  async #token(request: HttpRequest): Promise<SandboxResponse> {
    const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headerOf(request, 'content-type') ?? '');
    const form = new URLSearchParams(isForm ? request.body : '');
    const grantType = form.get('grant_type') ?? '';
    if (grantType === '') return oauthError(400, 'invalid_request', 'grant_type missing');
    if (grantType !== 'client_credentials')
      return oauthError(400, 'unsupported_grant_type', `${grantType} not supported`);
    const [clientId, secret] = basicCredentials(headerOf(request, 'authorization')) ?? [
      form.get('client_id') ?? '',
      form.get('client_secret') ?? '',
    ];
    const client = this.clients.find(clientId);
    if (client === undefined || !hasSecret(client, secret)) return oauthError(401, 'invalid_client');
    const scope = form.get('scope')?.trim() || undefined;
    const { token, expiresInSeconds } = await this.tokens.issue(client, request.origin, scope);
    return jsonResponse(200, {
      access_token: token,
      token_type: 'Bearer',
      expires_in: expiresInSeconds,
      ...(scope === undefined ? {} : { scope }),
    });
  }

  /** Names only what is served here, because clients rely on it. Nobody signs in, so it names no authorization endpoint. */
  #discovery(url: string): object {
    return {
      issuer: url,
      token_endpoint: `${url}/oauth/token`,
      jwks_uri: `${url}/keys`,
      response_types_supported: [],
      grant_types_supported: ['client_credentials'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    };
  }
}

/** An error in OAuth's form. */
export function oauthError(
  status: number,
  error: string,
  description?: string,
  headers: Readonly<Record<string, string>> = {},
): SandboxResponse {
  return jsonResponse(
    status,
    { error, ...(description === undefined ? {} : { error_description: description }) },
    headers,
  );
}

function basicCredentials(authorization: string | undefined): [string, string] | undefined {
  const encoded = /^Basic +(\S+)\s*$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return [decodeURIComponent(text.slice(0, colon)), decodeURIComponent(text.slice(colon + 1))];
  } catch {
    return undefined;
  }
}

function hasSecret(client: ApiClient, secret: string): boolean {
  const given = Buffer.from(secret);
  return client.secrets.some(({ value, active }) => {
    const known = Buffer.from(value);
    return active && known.length === given.length && timingSafeEqual(known, given);
  });
}
