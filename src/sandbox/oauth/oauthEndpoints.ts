import { loopbackOrigin } from '../pages/loopback';
import { jsonResponse, type HttpRequest, type HttpSite, type SandboxResponse } from '../protocol/response';
import { claimsIn, type Decision } from '../interceptors/decision';
import type { Interceptors } from '../interceptors/interceptors';
import type { AccessTokens } from './accessTokens';
import type { ApiClient, ApiClients } from './apiClients';
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
    private readonly interceptors: Interceptors,
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
    const decision = await this.#ask(client, scope);
    if (decision?.decision === 'DENY') return oauthError(403, 'access_denied', decision.message);
    const claims = decision === undefined ? undefined : claimsIn(decision.response);
    const { token, expiresInSeconds } = await this.tokens.issue(client, issuer, scope, claims);
    return jsonResponse(200, {
      access_token: token,
      token_type: 'Bearer',
      expires_in: expiresInSeconds,
      ...(scope === undefined ? {} : { scope }),
    });
  }

  /** Asks the interceptors about a machine's token. The environment's own clients aren't machines of an organization. */
  #ask(client: ApiClient, scope: string | undefined): Promise<Decision> | undefined {
    const { clientId, organizationId, scopes = [], customClaims = {} } = client;
    if (organizationId === undefined) return undefined;
    return this.interceptors.ask('PRE_M2M_TOKEN_CREATION', () => ({
      context: { client_id: clientId, organization_id: organizationId, device_type: 'Unknown' },
      data: {
        m2m_token_claims: {
          client_id: clientId,
          claims: { oid: organizationId, scope: scope ?? '', scopes, custom_claims: customClaims },
        },
      },
    }));
  }
}
