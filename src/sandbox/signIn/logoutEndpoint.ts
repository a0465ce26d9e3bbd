import { html } from 'hono/html';
import { formOf } from '../oauth/clientAuthentication';
import { oauthError, wrongMethod } from '../oauth/oauthError';
import { clearCookie } from '../pages/cookies';
import { refuseForeignHost } from '../pages/loopback';
import { page } from '../pages/page';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import type { Models } from '../resources/models';
import { cookieName, type BrowserSessions } from './browserSessions';
import type { Grants } from './grants';
import { mayRedirectTo, withParameters } from './redirectUris';
import { redirect } from './signIns';
import type { SignInSettings } from './signInSettings';
import type { UserTokens } from './userTokens';

/** `/oidc/logout`, which ends the session of the browser that opens it (docs/scalekit-api.md, 4.8). */
export class LogoutEndpoint implements HttpSite {
  constructor(
    private readonly models: Models,
    private readonly tokens: UserTokens,
    private readonly grants: Grants,
    private readonly browsers: BrowserSessions,
    private readonly settings: SignInSettings,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    if (request.path !== '/oidc/logout') return undefined;
    if (request.method !== 'GET' && request.method !== 'POST') return wrongMethod();
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const parameters = request.method === 'GET' ? request.query : formOf(request);
    const hint = parameters.get('id_token_hint') ?? '';
    const claims = hint === '' ? undefined : await this.tokens.idTokenClaims(hint);
    if (hint !== '' && claims === undefined) return oauthError(400, 'invalid_request', 'id_token_hint invalid');
    const named = parameters.get('client_id') || undefined;
    const party = claims?.['azp'];
    if (named !== undefined && party !== undefined && named !== party)
      return oauthError(400, 'invalid_request', 'client_id does not match azp of id_token_hint');
    const target = parameters.get('post_logout_redirect_uri') || undefined;
    if (target !== undefined && !this.#mayGoTo(target, typeof party === 'string' ? party : named))
      return oauthError(400, 'invalid_request', 'post_logout_redirect_uri invalid');

    const sessionIds = [this.browsers.of(request)?.sessionId, claims?.['sid']];
    for (const id of new Set(sessionIds)) {
      if (typeof id !== 'string') continue;
      const session = this.models.sessions.active(id);
      if (session !== undefined) this.models.sessions.end(session, 'logout');
      this.grants.endSession(id);
    }
    this.browsers.signOut(request);
    const cookie = clearCookie(cookieName(request));
    if (target !== undefined)
      return redirect(withParameters(target, { state: parameters.get('state') ?? undefined }), cookie);
    return page({
      title: 'Signed out',
      headers: { 'set-cookie': cookie },
      main: html`<p>You have signed out of this environment.</p>`,
    });
  }

  /** Without a client, only this machine's addresses, and with strict redirects none. */
  #mayGoTo(target: string, clientId: string | undefined): boolean {
    const application =
      clientId === undefined ? undefined : this.models.organizations.world.clients.find(clientId)?.application;
    return mayRedirectTo(target, application?.postLogoutRedirectUris ?? [], this.settings.strictRedirects);
  }
}
