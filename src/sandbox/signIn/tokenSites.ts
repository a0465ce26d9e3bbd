import type { ApiClients } from '../oauth/apiClients';
import type { AccessTokens } from '../oauth/accessTokens';
import { authenticatedClient, formOf } from '../oauth/clientAuthentication';
import { oauthError, wrongMethod } from '../oauth/oauthError';
import { plainText, refuseForeignHost } from '../pages/loopback';
import { headerOf, jsonResponse, type HttpRequest, type HttpSite, type SandboxResponse } from '../protocol/response';
import type { Models } from '../resources/models';
import type { Grants } from './grants';
import { personClaims, subjectOf } from './userClaims';
import type { UserTokens } from './userTokens';

/** What can be done with a token: `/userinfo`, `/oauth/introspect`, `/revoke`. */
export class TokenSites implements HttpSite {
  constructor(
    private readonly clients: ApiClients,
    private readonly clientTokens: AccessTokens,
    private readonly tokens: UserTokens,
    private readonly grants: Grants,
    private readonly models: Models,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const { path, method } = request;
    if (path !== '/userinfo' && path !== '/oauth/introspect' && path !== '/revoke') return undefined;
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    if (path === '/userinfo') return method === 'GET' || method === 'POST' ? this.#userinfo(request) : wrongMethod();
    if (method !== 'POST') return wrongMethod();
    return path === '/revoke' ? this.#revoke(request) : this.#introspect(request);
  }

  async #userinfo(request: HttpRequest): Promise<SandboxResponse> {
    const token = bearerOf(request);
    if (token === undefined) return plainText(401, 'access token missing');
    const found = await this.tokens.check(token);
    const claims = found === undefined ? undefined : personClaims(found.grant.subject, found.scopes, this.models);
    if (found === undefined || claims === undefined) return plainText(401, 'access token invalid');
    return jsonResponse(200, { sub: subjectOf(found.grant.subject), ...claims });
  }

  async #introspect(request: HttpRequest): Promise<SandboxResponse> {
    const form = formOf(request);
    if (authenticatedClient(this.clients, request, form, false) === undefined)
      return oauthError(401, 'invalid_client', 'invalid authorization');
    const token = form.get('token') ?? '';
    const found = await this.tokens.check(token);
    if (found !== undefined) {
      const { claims, scopes, grant } = found;
      return jsonResponse(200, {
        active: true,
        scope: scopes.join(' '),
        token_type: 'Bearer',
        ...claims,
        ...personClaims(grant.subject, scopes, this.models),
      });
    }
    const own = await this.clientTokens.check(token);
    if (typeof own === 'string') return jsonResponse(200, { active: false });
    const { clientId, expiresAt, id } = own;
    return jsonResponse(200, {
      active: true,
      token_type: 'Bearer',
      client_id: clientId,
      sub: clientId,
      exp: expiresAt,
      jti: id,
    });
  }

  /** An unknown token is no error (RFC 7009), and nobody can revoke the token of another client. */
  async #revoke(request: HttpRequest): Promise<SandboxResponse> {
    const form = formOf(request);
    const client = authenticatedClient(this.clients, request, form, true);
    if (client === undefined) return oauthError(401, 'invalid_client', 'invalid authorization');
    const token = form.get('token') ?? '';
    if (this.grants.ofRefreshToken(token)?.clientId === client.clientId) this.grants.useRefreshToken(token);
    else {
      const found = await this.tokens.check(token);
      if (found?.grant.clientId === client.clientId) this.grants.revokeAccessToken(found.id);
    }
    return jsonResponse(200, {});
  }
}

function bearerOf(request: HttpRequest): string | undefined {
  const header = headerOf(request, 'authorization');
  if (header !== undefined) return /^Bearer +(\S+)\s*$/i.exec(header)?.[1];
  return request.method === 'POST' ? formOf(request).get('access_token') || undefined : undefined;
}
