import { formOf } from '../oauth/clientAuthentication';
import { wrongMethod } from '../oauth/oauthError';
import { plainText, refuseForeignHost } from '../pages/loopback';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { readAuthorization } from './authorizationRequest';
import type { BrowserSessions } from './browserSessions';
import { chooseConnection } from './connectionChoice';
import { canEnter } from './members';
import { withParameters } from './redirectUris';
import { AS_USUAL, redirect, type Attempt, type SignIns } from './signIns';

/** `/oauth/authorize`, where a browser starts to sign in. */
export class AuthorizeEndpoint implements HttpSite {
  constructor(
    private readonly signIns: SignIns,
    private readonly browsers: BrowserSessions,
  ) {}

  respond(request: HttpRequest): Promise<SandboxResponse> | SandboxResponse | undefined {
    if (request.path !== '/oauth/authorize') return undefined;
    if (request.method !== 'GET' && request.method !== 'POST') return wrongMethod();
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const { models, settings } = this.signIns;
    const { organizations } = models;
    const parameters = request.method === 'GET' ? request.query : formOf(request);
    const read = readAuthorization(
      parameters,
      organizations.world.clients,
      organizations,
      settings,
      models.mcpResources,
    );
    if (read.kind === 'shown') return plainText(400, read.text);
    if (read.kind === 'sent') {
      const { redirectUri, state, error, description } = read;
      return redirect(withParameters(redirectUri, { error, error_description: description, state }));
    }
    return this.#start(request, this.signIns.begin(read.request));
  }

  #start(request: HttpRequest, attempt: Attempt): Promise<SandboxResponse> | SandboxResponse {
    const { models, settings } = this.signIns;
    const { prompts, connectionId } = attempt.request;
    const choice = chooseConnection(attempt.request, settings.mode, models);
    if (choice.kind === 'connection' && connectionId !== undefined && !prompts.includes('login')) {
      const person = this.browsers.takeAsserted(request, connectionId);
      if (person !== undefined) return this.signIns.finish(request, attempt, person, choice.connection, AS_USUAL);
    }
    const silent = settings.mode === 'full-stack' ? this.#withSession(request, attempt) : undefined;
    if (silent !== undefined) return silent;
    if (prompts.includes('none')) return this.signIns.fail(attempt, 'login_required');
    if (choice.kind === 'error') return this.signIns.fail(attempt, choice.code);
    return choice.kind === 'hosted'
      ? this.signIns.toHostedPage(attempt)
      : this.signIns.toProvider(attempt, choice.connection);
  }

  /** Lets a user in who is signed in already. Undefined if they must sign in. */
  #withSession(request: HttpRequest, attempt: Attempt): Promise<SandboxResponse> | SandboxResponse | undefined {
    const { models, now } = this.signIns;
    const { prompts, maxAge, connectionId, provider, organizationId } = attempt.request;
    const browser = this.browsers.of(request);
    const session = browser?.sessionId === undefined ? undefined : models.sessions.active(browser.sessionId);
    if (browser === undefined || session === undefined) return undefined;
    if (prompts.includes('login') || prompts.includes('create') || provider !== undefined) return undefined;
    if (connectionId !== undefined && connectionId !== browser.connectionId) return undefined;
    if (maxAge !== undefined && now / 1000 - browser.authTime > maxAge) return undefined;
    const user = models.users.all.get(session.userId);
    if (user === undefined) return undefined;
    const going = { id: session.sessionId, authTime: browser.authTime };
    if (!prompts.includes('select_account')) {
      // Without `select_account`, another organization in the request doesn't switch (docs/scalekit-api.md, 4.2).
      return this.signIns.enter(
        request,
        attempt,
        user.id,
        session.organizationId,
        browser.connectionId,
        AS_USUAL,
        going,
      );
    }
    if (organizationId !== undefined && canEnter(user, organizationId)) {
      return this.signIns.enter(request, attempt, user.id, organizationId, browser.connectionId, AS_USUAL, going);
    }
    return this.signIns.toChooser(attempt, {
      kind: 'organization',
      userId: user.id,
      connectionId: browser.connectionId,
      order: AS_USUAL,
      session: going,
    });
  }
}
