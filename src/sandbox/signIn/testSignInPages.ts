import { html } from 'hono/html';
import { wrongMethod } from '../oauth/oauthError';
import { problemPage } from '../pages/forms';
import { loopbackOrigin, refuseForeignHost } from '../pages/loopback';
import { page } from '../pages/page';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { signInConnection } from './connectionChoice';
import { openOrganizations } from './members';
import { withParameters } from './redirectUris';
import { redirect, type SignIns } from './signIns';

const TEST = /^\/sso\/v1\/test\/([\w-]+)$/;
const AS_USER = '/sandbox/test-sign-in';
const RESULT = '/sandbox/test-result';

/**
 * A connection's `test_connection_uri`: signs in through its identity provider and shows what came of it, without an
 * app. The sandbox's page starts one for a user too, wherever their organization signs people in. What Scalekit's own page looks like isn't documented.
 */
export class TestSignInPages implements HttpSite {
  constructor(private readonly signIns: SignIns) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const [, id] = TEST.exec(request.path) ?? [];
    const isForUser = request.path === AS_USER;
    if (id === undefined && !isForUser && request.path !== RESULT) return undefined;
    if (request.method !== 'GET') return wrongMethod();
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    if (isForUser) return this.#startAs(request, request.query.get('user') ?? '');
    return id === undefined ? this.#result(request.query) : this.#startWith(request, id);
  }

  #startAs(request: HttpRequest, id: string): Promise<SandboxResponse> | SandboxResponse {
    const { models } = this.signIns;
    const user = models.users.all.get(id);
    if (user === undefined)
      return problemPage(404, 'No such user', 'There is no such user. They may have been deleted.');
    const [organization] = openOrganizations(user, models);
    return this.#start(request, { organization_id: organization?.id, login_hint: user.email });
  }

  #startWith(request: HttpRequest, id: string): Promise<SandboxResponse> | SandboxResponse {
    const { models } = this.signIns;
    const connection = signInConnection(id, models);
    if (connection === undefined)
      return problemPage(404, 'No such connection', 'There is no such connection, or nobody can sign in with it.');
    return this.#start(request, { connection_id: connection.id });
  }

  #start(request: HttpRequest, parameters: Readonly<Record<string, string | undefined>>): SandboxResponse {
    const { organizations } = this.signIns.models;
    const client = organizations.world.clients.all().find(({ application }) => application !== undefined);
    return redirect(
      withParameters('/oauth/authorize', {
        response_type: 'code',
        client_id: client?.clientId ?? '',
        redirect_uri: `${loopbackOrigin(request) ?? ''}${RESULT}`,
        scope: 'openid profile email',
        state: 'test',
        prompt: 'login',
        ...parameters,
      }),
    );
  }

  #result(query: URLSearchParams): Promise<SandboxResponse> {
    const error = query.get('error');
    return page({
      title: error === null ? 'The test sign-in succeeded' : 'The test sign-in failed',
      main:
        error === null
          ? html`<p>The identity provider signed the user in. You can close this page.</p>`
          : html`<p><code>${error}</code>: ${query.get('error_description') ?? ''}</p>`,
    });
  }
}
