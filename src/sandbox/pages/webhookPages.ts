import { html } from 'hono/html';
import { WEBHOOK_EVENT_TYPES } from '../../api/webhooks/eventTypes';
import { samplePayload, type SampleIds } from '../../api/webhooks/samplePayload';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { readEvent } from '../webhooks/firedEvent';
import { FIRED_ONLY, isFiredOnly } from '../webhooks/firedOnly';
import type { LoggedDelivery } from '../webhooks/deliveryLog';
import type { Webhooks } from '../webhooks/webhooks';
import { postForm, problemPage, readPost, type FormTokens } from './forms';
import type { ListedPage } from './homePage';
import { refuseForeignHost } from './loopback';
import { page, type Markup } from './page';
import { problemText, secretPage, seeOther, sentenceOf } from './pageParts';

const ROOT = '/sandbox/webhooks';
const PATH = /^\/sandbox\/webhooks(?:\/(endpoints|events|deliveries)\/([^/]+))?\/?$/;
const NEW = 'new';
const MOST_ROWS = 50;

/** The pages about webhooks: who gets which events, what was delivered, and how to fire one. */
export class WebhookPages implements HttpSite {
  static readonly listed: ListedPage = {
    path: ROOT,
    title: 'Webhooks',
    description: 'Sends events to your app on this machine, and shows what was delivered.',
  };

  constructor(
    private readonly webhooks: Webhooks,
    private readonly tokens: FormTokens,
    private readonly sampleIds: () => SampleIds,
    private readonly now: () => number,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const [match, kind, id = ''] = PATH.exec(request.path) ?? [];
    if (match === undefined) return undefined;
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const isPost = request.method === 'POST';
    if (request.method !== 'GET' && !(isPost && kind !== undefined))
      return problemPage(405, 'Not possible', 'Open this page in a browser.');
    if (kind === undefined) return this.#overview();
    const post = isPost ? await readPost(request, this.tokens, request.path) : undefined;
    if (post !== undefined && 'refusal' in post) return post.refusal;
    const fields = post?.fields;
    if (kind === 'endpoints') return id === NEW ? this.#newEndpoint(fields) : this.#endpoint(id, fields);
    if (kind === 'events') return id === NEW ? this.#newEvent(request.query.get('type'), fields) : notFound('page');
    return this.#delivery(id, fields);
  }

  #overview(): Promise<SandboxResponse> {
    const endpoints = this.webhooks.endpoints();
    const deliveries = this.webhooks.log.list();
    return page({
      title: WebhookPages.listed.title,
      main: html`<h2>Endpoints (${endpoints.length})</h2>
<ul>${endpoints.map(
        ({ id, url, events, pending }) =>
          html`<li><a href="${ROOT}/endpoints/${id}">${url}</a> ${events === undefined ? 'all events' : countText(events.length, 'type', 'types')}, ${pending} pending</li>`,
      )}</ul>
<p><a href="${ROOT}/endpoints/${NEW}">Add an endpoint</a></p>
<h2>Deliveries</h2>
<ul>${deliveries
        .slice(0, MOST_ROWS)
        .map(
          ({ delivery, attempts }) =>
            html`<li><a href="${ROOT}/deliveries/${delivery.id}">${delivery.type}</a> ${delivery.state}, ${countText(attempts.length, 'attempt', 'attempts')}, ${timeText(delivery.createdAt)}</li>`,
        )}</ul>
${deliveries.length === 0 ? html`<p>Nothing was delivered yet.</p>` : ''}
${deliveries.length > MOST_ROWS ? html`<p>These are the newest ${MOST_ROWS} of ${deliveries.length}.</p>` : ''}
<p><a href="${ROOT}/events/${NEW}">Fire an event</a></p>
<details><summary>Events that are only sent when you fire them</summary>
<ul>${FIRED_ONLY.map(({ type }) => html`<li><code>${type}</code></li>`)}</ul>
</details>`,
    });
  }

  #newEndpoint(fields: URLSearchParams | undefined): Promise<SandboxResponse> {
    const text = (name: string) => (fields?.get(name) ?? '').trim();
    let problem: string | undefined;
    if (fields !== undefined) {
      try {
        const events = text('events')
          .split(/[\s,]+/)
          .filter((type) => type !== '');
        const { endpoint, secret } = this.webhooks.add({
          url: text('url'),
          secret: text('secret'),
          events: events.length === 0 ? 'all' : events,
        });
        return secretPage('Endpoint added', endpoint.url, 'SCALEKIT_WEBHOOK_SECRET', secret, ROOT);
      } catch (error) {
        problem = sentenceOf(error);
      }
    }
    return page({
      title: 'New endpoint',
      status: problem === undefined ? 200 : 400,
      main: html`${problemText(problem)}${postForm(
        this.tokens,
        `${ROOT}/endpoints/${NEW}`,
        html`<label for="url">URL</label>
<input id="url" name="url" type="url" required autocomplete="off" placeholder="http://localhost:3000/webhooks" value="${text('url')}">
<p class="hint">The sandbox sends only to this machine.</p>
<label for="events">Event types (all if empty)</label>
<input id="events" name="events" autocomplete="off" list="types" placeholder="organization.created, user.login" value="${text('events')}">
<datalist id="types">${WEBHOOK_EVENT_TYPES.map(({ type }) => html`<option value="${type}">`)}</datalist>
<label for="secret">Secret (a new one if empty)</label>
<input id="secret" name="secret" type="password" autocomplete="off" value="">
<button>Add endpoint</button>`,
      )}
<p><a href="${ROOT}">All webhooks</a></p>`,
    });
  }

  #endpoint(id: string, fields: URLSearchParams | undefined): Promise<SandboxResponse> | SandboxResponse {
    const endpoint = this.webhooks.find(id);
    if (endpoint === undefined) return notFound('endpoint');
    if (fields !== undefined) {
      this.webhooks.remove(id);
      return seeOther(ROOT);
    }
    const { url, events, pending } = endpoint;
    return page({
      title: 'Endpoint',
      main: html`<dl><dt>URL</dt><dd>${url}</dd><dt>Event types</dt><dd>${events === undefined ? 'all' : events.join(', ')}</dd>
<dt>Pending deliveries</dt><dd>${pending}</dd></dl>
${postForm(this.tokens, `${ROOT}/endpoints/${id}`, html`<button name="do" value="delete">Delete endpoint</button>`)}
<p><a href="${ROOT}">All webhooks</a></p>`,
    });
  }

  #newEvent(asked: string | null, fields: URLSearchParams | undefined): Promise<SandboxResponse> | SandboxResponse {
    const type =
      WEBHOOK_EVENT_TYPES.find((known) => known.type === (fields?.get('type') ?? asked)) ?? WEBHOOK_EVENT_TYPES[0];
    if (type === undefined) return notFound('type');
    let text = fields?.get('payload') ?? JSON.stringify(samplePayload(type, this.sampleIds(), this.#date), null, 2);
    let problem: string | undefined;
    if (fields !== undefined) {
      try {
        const payload = readEvent({ payload: parsed(text) }, this.sampleIds(), this.#date);
        const [first, ...others] = this.webhooks.fire(payload);
        if (first !== undefined) return seeOther(others.length === 0 ? `${ROOT}/deliveries/${first.id}` : ROOT);
        problem = `No endpoint wants ${payload.type}.`;
      } catch (error) {
        problem = sentenceOf(error);
      }
    }
    text = text.slice(0, 100_000);
    return page({
      title: 'Fire an event',
      status: problem === undefined ? 200 : 400,
      main: html`${problemText(problem)}<form method="get" action="${ROOT}/events/${NEW}">
<label for="type">Type</label>
<select id="type" name="type">${WEBHOOK_EVENT_TYPES.map(
        (known) =>
          html`<option value="${known.type}"${known === type ? html` selected` : ''}>${known.type}${isFiredOnly(known) ? ' (only when you fire it)' : ''}</option>`,
      )}</select>
<button>Show sample</button>
</form>
${postForm(
  this.tokens,
  `${ROOT}/events/${NEW}`,
  html`<input type="hidden" name="type" value="${type.type}">
<label for="payload">Payload</label>
<textarea id="payload" name="payload" rows="20" spellcheck="false">${text}</textarea>
<button>Fire event</button>`,
)}
<p><a href="${ROOT}">All webhooks</a></p>`,
    });
  }

  #delivery(id: string, fields: URLSearchParams | undefined): Promise<SandboxResponse> | SandboxResponse {
    const logged = this.webhooks.log.find(id);
    if (logged === undefined) return notFound('delivery');
    let problem: string | undefined;
    if (fields !== undefined) {
      try {
        this.webhooks.resend(id);
        return seeOther(`${ROOT}/deliveries/${id}`);
      } catch (error) {
        problem = sentenceOf(error);
      }
    }
    return page({
      title: logged.delivery.type,
      status: problem === undefined ? 200 : 409,
      main: html`${problemText(problem)}${deliveryDetails(logged)}
${postForm(this.tokens, `${ROOT}/deliveries/${id}`, html`<button name="do" value="resend">Resend</button>`)}
<p><a href="${ROOT}">All webhooks</a></p>`,
    });
  }

  get #date(): Date {
    return new Date(this.now());
  }
}

function deliveryDetails({ delivery, attempts }: LoggedDelivery): Markup {
  return html`<dl><dt>State</dt><dd>${delivery.state}</dd><dt>URL</dt><dd>${delivery.url}</dd>
<dt>webhook-id</dt><dd><code>${delivery.id}</code></dd><dt>Created</dt><dd>${timeText(delivery.createdAt)}</dd></dl>
<h2>Attempts (${attempts.length})</h2>
<ol>${attempts.map(
    ({ startedAt, milliseconds, status, problem, body }) =>
      html`<li>${timeText(startedAt)}, ${milliseconds} ms: ${status === undefined ? '' : `status ${status}. `}${problem ?? ''}
${body === '' ? '' : html`<details><summary>Response</summary><pre>${body}</pre></details>`}</li>`,
  )}</ol>
<h2>Payload</h2>
<pre>${JSON.stringify(JSON.parse(delivery.body), null, 2)}</pre>`;
}

function notFound(what: string): Promise<SandboxResponse> {
  return problemPage(404, 'Not found', `There is no such ${what}. It may have been deleted.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('The payload must be JSON.');
  }
}

function countText(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace('T', ' ').slice(0, 19);
}
