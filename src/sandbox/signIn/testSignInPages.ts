import { html } from 'hono/html';
import { wrongMethod } from '../oauth/oauthError';
import { problemPage } from '../pages/forms';
import { loopbackOrigin, refuseForeignHost } from '../pages/loopback';
import { page } from '../pages/page';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { signInConnection } from './connectionChoice';
import { withParameters } from './redirectUris';
import { redirect, type SignIns } from './signIns';

const TEST = /^\/sso\/v1\/test\/([\w-]+)$/;
const RESULT = '/sandbox/test-result';

/**
 * A connection's `test_connection_uri`: signs in through its identity provider and shows what came of it, without an
 * app. What Scalekit's own page looks like isn't documented.
 */
export class TestSignInPages implements HttpSite {
  constructor(private readonly signIns: SignIns) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const [, id] = TEST.exec(request.path) ?? [];
    if (id === undefined && request.path !== RESULT) return undefined;
    if (request.method !== 'GET') return wrongMethod();
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    return id === undefined ? this.#result(request.query) : this.#start(request, id);
  }

  #start(request: HttpRequest, id: string): Promise<SandboxResponse> | SandboxResponse {
    const { models } = this.signIns;
    const connection = signInConnection(id, models);
    if (connection === undefined)
      return problemPage(404, 'No such connection', 'There is no such connection, or nobody can sign in with it.');
    const { organizations } = models;
    const client = organizations.world.clients.all().find(({ application }) => application !== undefined);
    return redirect(
      withParameters('/oauth/authorize', {
        response_type: 'code',
        client_id: client?.clientId ?? '',
        redirect_uri: `${loopbackOrigin(request) ?? ''}${RESULT}`,
        scope: 'openid profile email',
        state: 'test',
        prompt: 'login',
        connection_id: connection.id,
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
