import { loopbackOrigin } from '../pages/loopback';
import { jsonResponse, type HttpRequest, type HttpSite, type SandboxResponse } from '../protocol/response';
import type { AccessTokens } from './accessTokens';
import type { ApiClients } from './apiClients';
import { authenticatedClient, formOf } from './clientAuthentication';
import { discovery } from './discovery';
import { oauthError, wrongMethod } from './oauthError';

/** Exchanges what a sign-in gave for tokens: codes and refresh tokens. */
export interface SignInExchange {
  exchange(request: HttpRequest, form: URLSearchParams, grantType: string): Promise<SandboxResponse>;
}

/** The token endpoint, the keys and the discovery document. Error bodies follow zitadel/oidc, the library that all evidence points to. */
export class OAuthEndpoints implements HttpSite {
  /** @param url the issuer for a request whose Host isn't this machine */
  constructor(
    private readonly clients: ApiClients,
    private readonly tokens: AccessTokens,
    private readonly signIn: SignInExchange,
    private readonly url: () => string,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const isGet = request.method === 'GET';
    const issuer = loopbackOrigin(request) ?? this.url();
    switch (request.path) {
      case '/oauth/token':
        return request.method === 'POST' ? this.#token(request, issuer) : wrongMethod();
      case '/keys':
        return isGet ? jsonResponse(200, await this.tokens.jwks()) : wrongMethod();
      case '/.well-known/openid-configuration':
      case '/.well-known/oauth-authorization-server':
        return isGet ? jsonResponse(200, discovery(issuer)) : wrongMethod();
      default:
        return undefined;
    }
  }

  async #token(request: HttpRequest, issuer: string): Promise<SandboxResponse> {
    const form = formOf(request);
    const grantType = form.get('grant_type') ?? '';
    if (grantType === '') return oauthError(400, 'invalid_request', 'grant_type missing');
    if (grantType === 'authorization_code' || grantType === 'refresh_token')
      return this.signIn.exchange(request, form, grantType);
    if (grantType !== 'client_credentials')
      return oauthError(400, 'unsupported_grant_type', `${grantType} not supported`);
    const client = authenticatedClient(this.clients, request, form, false);
    if (client === undefined) return oauthError(401, 'invalid_client');
    const scope = form.get('scope')?.trim() || undefined;
    const { token, expiresInSeconds } = await this.tokens.issue(client, issuer, scope);
    return jsonResponse(200, {
      access_token: token,
      token_type: 'Bearer',
      expires_in: expiresInSeconds,
      ...(scope === undefined ? {} : { scope }),
    });
  }
}
