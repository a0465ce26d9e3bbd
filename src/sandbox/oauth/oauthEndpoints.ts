import { timingSafeEqual } from 'node:crypto';
import type { AccessTokens } from './accessTokens';
import type { ApiClient, ApiClients } from './apiClients';

/** An answer of the OAuth side, which is no part of the API's descriptors. */
export interface OAuthAnswer {
  readonly status: number;
  readonly body: object;
}

/** Scalekit's OAuth endpoints. Error bodies follow zitadel/oidc, the library that all signs point to. */
export class OAuthEndpoints {
  constructor(
    private readonly clients: ApiClients,
    private readonly tokens: AccessTokens,
    private readonly url: () => string,
  ) {}

  /** Answers a path of the OAuth side; undefined when it is none. */
  async answer(
    httpMethod: string,
    path: string,
    request: { contentType: string; authorization: string | undefined; body: string },
  ): Promise<OAuthAnswer | undefined> {
    switch (path) {
      case '/oauth/token':
        if (httpMethod !== 'POST') return oauthError(405, 'invalid_request', 'method not allowed');
        return this.#token(request);
      case '/keys':
        return httpMethod === 'GET' ? { status: 200, body: await this.tokens.jwks() } : oauthError(405, 'invalid_request');
      case '/.well-known/openid-configuration':
        return httpMethod === 'GET' ? { status: 200, body: this.#discovery() } : oauthError(405, 'invalid_request');
      default:
        return undefined;
    }
  }

  async #token(request: { contentType: string; authorization: string | undefined; body: string }): Promise<OAuthAnswer> {
    const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.contentType);
    const form = new URLSearchParams(isForm ? request.body : '');
    const grantType = form.get('grant_type') ?? '';
    if (grantType === '') return oauthError(400, 'invalid_request', 'grant_type missing');
    if (grantType !== 'client_credentials') return oauthError(400, 'unsupported_grant_type', `${grantType} not supported`);
    const [clientId, secret] = basicCredentials(request.authorization) ?? [
      form.get('client_id') ?? '',
      form.get('client_secret') ?? '',
    ];
    const client = this.clients.find(clientId);
    if (client === undefined || !hasSecret(client, secret)) return oauthError(401, 'invalid_client');
    const scope = form.get('scope')?.trim() || undefined;
    const { token, expiresInSeconds } = await this.tokens.issue(client, this.url(), scope);
    return {
      status: 200,
      body: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: expiresInSeconds,
        ...(scope === undefined ? {} : { scope }),
      },
    };
  }

  #discovery(): object {
    const url = this.url();
    return {
      issuer: url,
      authorization_endpoint: `${url}/oauth/authorize`,
      token_endpoint: `${url}/oauth/token`,
      userinfo_endpoint: `${url}/userinfo`,
      end_session_endpoint: `${url}/oidc/logout`,
      jwks_uri: `${url}/keys`,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
      response_types_supported: ['code'],
      grant_types_supported: ['client_credentials'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      code_challenge_methods_supported: ['S256'],
    };
  }
}

function oauthError(status: number, error: string, description?: string): OAuthAnswer {
  return { status, body: { error, ...(description === undefined ? {} : { error_description: description }) } };
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
