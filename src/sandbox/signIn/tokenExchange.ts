import { createHash } from 'node:crypto';
import type { ApiClient, ApiClients } from '../oauth/apiClients';
import { authenticatedClient, isPublic } from '../oauth/clientAuthentication';
import { oauthError } from '../oauth/oauthError';
import type { SignInExchange } from '../oauth/oauthEndpoints';
import { loopbackOrigin, refuseForeignHost } from '../pages/loopback';
import { jsonResponse, type HttpRequest, type SandboxResponse } from '../protocol/response';
import type { Models } from '../resources/models';
import type { Grant, Grants } from './grants';
import { canEnter } from './members';
import type { UserTokens } from './userTokens';

/** The grants `authorization_code` and `refresh_token`, checked in the order of the OAuth library (docs/scalekit-api.md, 4.5). */
export class TokenExchange implements SignInExchange {
  constructor(
    private readonly clients: ApiClients,
    private readonly grants: Grants,
    private readonly tokens: UserTokens,
    private readonly models: Models,
  ) {}

  async exchange(request: HttpRequest, form: URLSearchParams, grantType: string): Promise<SandboxResponse> {
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    return grantType === 'refresh_token' ? this.#refresh(request, form) : this.#redeem(request, form);
  }

  async #redeem(request: HttpRequest, form: URLSearchParams): Promise<SandboxResponse> {
    const code = form.get('code') ?? '';
    if (code === '') return oauthError(400, 'invalid_request', 'code missing');
    const client = authenticatedClient(this.clients, request, form, true);
    const grant = this.grants.ofCode(code);
    if (grant === undefined) {
      return client === undefined
        ? oauthError(401, 'invalid_client')
        : oauthError(400, 'invalid_grant', 'invalid code');
    }
    if (client === undefined) return oauthError(401, 'invalid_client');
    const problem = verifierProblem(grant, form.get('code_verifier') ?? '', isPublic(client));
    if (problem !== undefined) return problem;
    if (grant.clientId !== client.clientId) return oauthError(400, 'invalid_grant');
    if (form.get('redirect_uri') !== grant.redirectUri)
      return oauthError(400, 'invalid_grant', 'redirect_uri does not correspond');
    if (!this.grants.useCode(code)) return oauthError(400, 'invalid_grant', 'invalid code');
    return this.#respond(request, grant, grant.scopes, code);
  }

  async #refresh(request: HttpRequest, form: URLSearchParams): Promise<SandboxResponse> {
    const token = form.get('refresh_token') ?? '';
    if (token === '') return oauthError(400, 'invalid_request', 'refresh_token missing');
    const client = authenticatedClient(this.clients, request, form, true);
    if (client === undefined) return oauthError(401, 'invalid_client');
    if (!mayRefresh(client)) return oauthError(400, 'unauthorized_client');
    const grant = this.grants.ofRefreshToken(token);
    if (grant === undefined || grant.clientId !== client.clientId) return oauthError(400, 'invalid_grant');
    const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    if (asked.some((scope) => !grant.scopes.includes(scope))) return oauthError(400, 'invalid_scope');
    // The old token is dead after this, also if the session has ended.
    if (!this.grants.useRefreshToken(token) || !this.#goesOn(grant)) return oauthError(400, 'invalid_grant');
    return this.#respond(request, grant, asked.length > 0 ? asked : grant.scopes, undefined);
  }

  /** Whether the session is open and the user still belongs to the organization. */
  #goesOn({ subject, clientId }: Grant): boolean {
    if (subject.mode !== 'full-stack') return false;
    const user = this.models.users.all.get(subject.userId);
    if (this.models.sessions.active(subject.sessionId) === undefined) return false;
    if (user === undefined || !canEnter(user, subject.organizationId)) return false;
    this.models.sessions.touch(subject.sessionId, clientId, subject.organizationId);
    return true;
  }

  async #respond(
    request: HttpRequest,
    grant: Grant,
    scopes: readonly string[],
    code: string | undefined,
  ): Promise<SandboxResponse> {
    const tokens = await this.tokens.issue(grant, scopes, loopbackOrigin(request) ?? '', code);
    return tokens === undefined ? oauthError(400, 'invalid_grant') : jsonResponse(200, tokens, { pragma: 'no-cache' });
  }
}

function mayRefresh({ application }: ApiClient): boolean {
  return application !== undefined;
}

/** What is wrong with the proof that whoever exchanges the code also asked for it (RFC 7636). */
function verifierProblem({ codeChallenge }: Grant, verifier: string, mustProve: boolean): SandboxResponse | undefined {
  if (codeChallenge === undefined) {
    if (verifier !== '') return oauthError(400, 'invalid_request', 'code_verifier unexpectedly provided');
    return mustProve ? oauthError(400, 'invalid_request', 'PKCE required') : undefined;
  }
  if (verifier === '') return oauthError(400, 'invalid_request', 'code_challenge required');
  return createHash('sha256').update(verifier).digest('base64url') === codeChallenge
    ? undefined
    : oauthError(400, 'invalid_grant', 'invalid code challenge');
}
