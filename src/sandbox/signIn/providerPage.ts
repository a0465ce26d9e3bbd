import { html } from 'hono/html';
import {
  ConnectionProvider,
  type Connection,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import { wrongMethod } from '../oauth/oauthError';
import { postForm, readPost, type FormTokens } from '../pages/forms';
import { loopbackOrigin, refuseForeignHost } from '../pages/loopback';
import { formTarget, page } from '../pages/page';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { orderIn, outcomeFields } from './outcomeFields';
import { personFields, personIn } from './personFields';
import { AS_USUAL, expiredPage, type Attempt, type SignIns } from './signIns';

const PATH = '/idp/login';

/** What was filled in, and what is wrong with it. */
interface Draft {
  readonly fields: URLSearchParams;
  readonly rows: number;
  readonly problem: string | undefined;
}

/** The identity provider of every connection: whoever is named here has signed in, and every outcome can be ordered. */
export class ProviderPage implements HttpSite {
  constructor(
    private readonly signIns: SignIns,
    private readonly tokens: FormTokens,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    if (request.path !== PATH) return undefined;
    if (request.method !== 'GET' && request.method !== 'POST') return wrongMethod();
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const attempt = this.signIns.find(request.query.get('authRequestID') ?? '');
    if (attempt?.step.kind !== 'provider') return expiredPage();
    const { connection, email } = attempt.step;
    if (request.method === 'GET') {
      const fields = new URLSearchParams({ email });
      return this.#page(request, attempt, connection, { fields, rows: 2, problem: undefined });
    }
    const post = await readPost(request, this.tokens, `${PATH}?authRequestID=${attempt.id}`);
    if ('refusal' in post) return post.refusal;
    const { fields } = post;
    const rows = fields.getAll('attribute_name').length;
    if (fields.get('action') === 'add') {
      return this.#page(request, attempt, connection, { fields, rows: Math.min(rows + 1, 20), problem: undefined });
    }
    const order = orderIn(fields);
    const person = personIn(fields, this.signIns.models);
    if (order === undefined || person === undefined) {
      const problem = order === undefined ? 'There is no such outcome.' : 'Choose a user, or enter an email address.';
      return this.#page(request, attempt, connection, { fields, rows: Math.max(rows, 2), problem });
    }
    return this.signIns.finish(request, attempt, person, connection, order);
  }

  #page(request: HttpRequest, attempt: Attempt, connection: Connection, draft: Draft): Promise<SandboxResponse> {
    const { models } = this.signIns;
    const { client, redirectUri } = attempt.request;
    const target = formTarget(redirectUri);
    const organization =
      connection.organizationId === undefined ? undefined : models.organizations.all.get(connection.organizationId);
    return page({
      title: 'Identity provider simulator',
      status: draft.problem === undefined ? 200 : 400,
      formTargets: target === undefined ? [] : [target],
      main: html`${draft.problem === undefined ? '' : html`<p class="problem" role="alert">${draft.problem}</p>`}
<dl>
<dt>Application</dt><dd>${client.application?.name ?? ''}</dd>
<dt>Environment URL</dt><dd>${loopbackOrigin(request) ?? ''}</dd>
<dt>Client ID</dt><dd>${client.clientId}</dd>
<dt>Redirect URI</dt><dd>${redirectUri}</dd>
<dt>Connection</dt><dd>${ConnectionProvider[connection.provider]} (${connection.id})${
        organization === undefined ? '' : html` of ${organization.displayName}`
      }</dd>
</dl>
${postForm(
  this.tokens,
  `${PATH}?authRequestID=${attempt.id}`,
  html`${personFields(connection.organizationId, draft.fields, draft.rows, models)}
${outcomeFields(orderIn(draft.fields) ?? AS_USUAL)}
<button name="action" value="login">Simulate login</button>
<button name="action" value="add">Add attribute</button>
<button type="reset">Reset</button>`,
)}`,
    });
  }
}
