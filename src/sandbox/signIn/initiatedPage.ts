import { html } from 'hono/html';
import { ConnectionProvider } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import type { Application, ApiClient } from '../oauth/apiClients';
import { wrongMethod } from '../oauth/oauthError';
import { postForm, problemPage, readPost, type FormTokens } from '../pages/forms';
import type { ListedPage } from '../pages/homePage';
import { loopbackOrigin, refuseForeignHost } from '../pages/loopback';
import { formTarget, page, type Markup } from '../pages/page';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import type { BrowserSessions } from './browserSessions';
import { isActive, signInConnection } from './connectionChoice';
import { personFields, personIn } from './personFields';
import { mayRedirectTo, withParameters } from './redirectUris';
import { descriptionOf, signInErrors } from './signInErrors';
import { redirect, type SignIns } from './signIns';
import type { UserTokens } from './userTokens';

const PATH = '/sandbox/idp-initiated';
const MOST_CONNECTIONS = 50;

/** The page from which an identity provider starts a sign-in, as its own portal would (docs/scalekit-api.md, 4.7). */
export class InitiatedPage implements HttpSite {
  static readonly listed: ListedPage = {
    path: PATH,
    title: 'Sign-in that the identity provider starts',
    description: 'Sends somebody to your app’s initiate login URL with the token of an IdP-initiated sign-in.',
  };

  constructor(
    private readonly signIns: SignIns,
    private readonly tokens: FormTokens,
    private readonly userTokens: UserTokens,
    private readonly browsers: BrowserSessions,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    if (request.path !== PATH) return undefined;
    if (request.method !== 'GET' && request.method !== 'POST') return wrongMethod();
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const target = request.query.get('target') ?? '';
    const client = this.#client(request.query.get('client_id') ?? '');
    if (client === undefined || target === '') return this.#firstPage();
    const { settings, models } = this.signIns;
    const { initiateLoginUri, postLoginUris } = client.application;
    if (!mayRedirectTo(target, [initiateLoginUri, ...postLoginUris], settings.strictRedirects))
      return problemPage(400, 'Not registered', "This address isn't registered for the application.");
    const action = `${PATH}?${new URLSearchParams({ client_id: client.clientId, target }).toString()}`;
    if (request.method === 'GET') return this.#secondPage(action, target, client, new URLSearchParams(), undefined);
    const post = await readPost(request, this.tokens, action);
    if ('refusal' in post) return post.refusal;
    const { fields } = post;
    const outcome = fields.get('outcome') ?? 'success';
    if (signInErrors.some(({ errors }) => errors.some(({ code }) => code === outcome))) {
      return redirect(withParameters(target, { error: outcome, error_description: descriptionOf(outcome) }));
    }
    const connection = signInConnection((fields.get('connection_id') ?? '').trim(), models);
    const person = personIn(fields, models);
    if (connection === undefined || person === undefined) {
      const problem = connection === undefined ? 'There is no such connection.' : 'Enter an email address.';
      return this.#secondPage(action, target, client, fields, problem);
    }
    const token = await this.userTokens.idpInitiated(
      loopbackOrigin(request) ?? '',
      {
        organizationId: connection.organizationId,
        connectionId: connection.id,
        email: person.email,
        relayState: fields.get('relay_state') ?? '',
      },
      outcome === 'expired_token',
    );
    const cookie = this.browsers.assert(request, connection.id, person);
    return redirect(withParameters(target, { idp_initiated_login: token }), cookie);
  }

  #client(id: string): (ApiClient & { application: Application }) | undefined {
    const client = this.signIns.models.organizations.world.clients.find(id);
    return client?.application === undefined ? undefined : { ...client, application: client.application };
  }

  #firstPage(): Promise<SandboxResponse> {
    const applications = this.signIns.models.organizations.world.clients
      .all()
      .flatMap(({ clientId, application }) => (application === undefined ? [] : [{ clientId, application }]));
    const [first] = applications;
    return page({
      title: InitiatedPage.listed.title,
      main: html`<form method="get" action="${PATH}">
<label for="client_id">Application</label>
<select id="client_id" name="client_id">
${applications.map(({ clientId, application }) => html`<option value="${clientId}">${application.name} (${clientId})</option>`)}
</select>
<label for="target">Initiate login URL</label>
<input id="target" name="target" type="url" required value="${first?.application.initiateLoginUri || (first?.application.postLoginUris[0] ?? '')}">
<button>Continue</button>
</form>`,
    });
  }

  #secondPage(
    action: string,
    target: string,
    client: ApiClient & { application: Application },
    fields: URLSearchParams,
    problem: string | undefined,
  ): Promise<SandboxResponse> {
    const { models } = this.signIns;
    const source = formTarget(target);
    return page({
      title: InitiatedPage.listed.title,
      status: problem === undefined ? 200 : 400,
      formTargets: source === undefined ? [] : [source],
      main: html`${problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`}
<dl><dt>Application</dt><dd>${client.application.name}</dd><dt>Initiate login URL</dt><dd>${target}</dd></dl>
${postForm(
  this.tokens,
  action,
  html`<label for="connection_id">Connection</label>
<input id="connection_id" name="connection_id" list="connections" required autocomplete="off" value="${fields.get('connection_id') ?? ''}">
<datalist id="connections">${this.#connectionOptions()}</datalist>
${personFields(undefined, fields, 2, models)}
<label for="relay_state">Relay state</label>
<input id="relay_state" name="relay_state" autocomplete="off" value="${fields.get('relay_state') ?? ''}">
<label for="outcome">Outcome</label>
<select id="outcome" name="outcome">
<option value="success">The app gets the token</option>
<option value="expired_token">The token has expired</option>
${signInErrors.map(
  ({ group, errors }) =>
    html`<optgroup label="Error: ${group}">${errors.map(({ code }) => html`<option value="${code}">${code}</option>`)}</optgroup>`,
)}
</select>
<button>Simulate login</button>
<button type="reset">Reset</button>`,
)}`,
    });
  }

  #connectionOptions(): Markup[] {
    const { connections } = this.signIns.models;
    const options: Markup[] = [];
    for (const [, connection] of connections.ofOrganizations.after(-1)) {
      if (!isActive(connection)) continue;
      const { organizationName } = connections.row(connection);
      options.push(
        html`<option value="${connection.id}">${organizationName}, ${ConnectionProvider[connection.provider]}</option>`,
      );
      if (options.length === MOST_CONNECTIONS) break;
    }
    return options;
  }
}
