import { randomBytes, timingSafeEqual } from 'node:crypto';
import { html } from 'hono/html';
import type { Clock } from '../clock';
import type { Faults } from '../faults';
import { headerOf, jsonResponse, type HttpRequest, type HttpSite, type SandboxResponse } from '../protocol/response';
import type { ReceivedRequest, ReceivedRequests } from '../receivedRequests';
import type { Models } from '../resources/models';
import type { ShownRequest } from '../shownRequest';
import type { Webhooks } from '../webhooks/webhooks';
import { FAULT_PRESETS } from './faultPresets';
import { problemPage, refuseForeignForm } from './forms';
import type { ListedPage } from './homePage';
import { loopbackOrigin, plainText, refuseForeignHost } from './loopback';
import { page, type Markup } from './page';
import { seeOther, sentenceOf } from './pageParts';
import { clockText, countsText, deliveryList, faultList, requestRow, userList } from './sandboxPageParts';
import { SANDBOX_PAGE_SCRIPT } from './sandboxPageScript';
import { SANDBOX_PAGE_STYLE } from './sandboxPageStyle';

const PAGES = /^\/(?:sandbox\/?)?$/;
const NEWS = '/sandbox/requests.json';
const SECRET = '/sandbox/secret';
const FAULTS = '/sandbox/faults';
const TIME = '/sandbox/time';
const TOKEN = 'page_token';
const MOST_ROWS = 200;
const STEPS = [
  { label: '5 minutes', minutes: 5 },
  { label: '1 hour', minutes: 60 },
  { label: '1 day', minutes: 1440 },
];

/** What the page shows and changes. */
export interface SandboxPageSubjects {
  readonly url: () => string;
  readonly clientId: string;
  /** Undefined if the client has none any more. */
  readonly clientSecret: () => string | undefined;
  readonly models: Models;
  readonly received: ReceivedRequests;
  readonly shown: (request: ReceivedRequest) => ShownRequest;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly expireTokens: () => void;
}

/**
 * `/`: what is in the sandbox, and what it's asked, as it happens. For a browser on this machine alone. What changes
 * something, and what gives the client secret away, needs a token of the page and its origin.
 */
export class SandboxPage implements HttpSite {
  readonly #token = randomBytes(24).toString('base64url');
  /** Tells a page that another sandbox has taken this one's place. */
  readonly #run = randomBytes(9).toString('base64url');

  constructor(
    private readonly subjects: SandboxPageSubjects,
    private readonly pages: readonly ListedPage[],
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const { method, path } = request;
    const isRead = PAGES.test(path) || path === NEWS;
    const isChange = path === SECRET || path === FAULTS || path === TIME;
    // Another method at `/` is as unknown as in Scalekit.
    if ((!isRead && !isChange) || (path === '/' && method !== 'GET')) return undefined;
    const foreign = request.isLocal ? refuseForeignHost(request) : plainText(403, 'Only this machine can do that.');
    if (foreign !== undefined) return foreign;
    if (method !== (isRead ? 'GET' : 'POST')) return problemPage(405, 'Not possible', 'Open this page in a browser.');
    if (path === NEWS) return this.#news(request);
    return isRead ? this.#page() : this.#change(request);
  }

  #page(): Promise<SandboxResponse> {
    const { url, clientId, received, models, webhooks, faults, clock } = this.subjects;
    const rows = received.newest(0, MOST_ROWS).map((request) => requestRow(this.subjects.shown(request)));
    return page({
      title: 'Scalekit sandbox',
      style: SANDBOX_PAGE_STYLE,
      script: SANDBOX_PAGE_SCRIPT,
      headers: { 'cross-origin-resource-policy': 'same-origin', 'cross-origin-opener-policy': 'same-origin' },
      main: html`<div data-run="${this.#run}" data-token="${this.#token}">
<p id="ended" class="ended" role="status"></p>
<p id="counts">${countsText(models)}</p>
<pre>${this.#dotenv(url(), clientId, '••••••••')}</pre>
<p><button id="copy" type="button" hidden>Copy for .env</button> <span id="copied" role="status"></span></p>
<div class="columns">
<section aria-labelledby="h-requests"><h2 id="h-requests">Requests</h2>
<p class="note"><input id="only-errors" type="checkbox"> <label for="only-errors">Only errors</label></p>
<ol id="requests" data-after="${received.total}">${rows}</ol>
<p class="none">Nothing yet. Give your app the three lines above.</p>
<p class="no-errors">None of the latest requests was refused.</p>
</section>
<div>
<section id="users" aria-labelledby="h-users"><h2 id="h-users">Sign in as</h2>
${userList(models)}
</section>
<section aria-labelledby="h-faults"><h2 id="h-faults">Faults</h2>
<div id="faults">${faultList(faults)}</div>
${this.#form(
  FAULTS,
  html`${FAULT_PRESETS.map(({ id, label }) => html`<button name="preset" value="${id}">${label}</button>`)}
<button name="preset" value="none">Remove all</button>`,
)}
</section>
<section aria-labelledby="h-time"><h2 id="h-time">Time</h2>
<p id="time">${clockText(clock)}</p>
${this.#form(
  TIME,
  html`${STEPS.map(({ label, minutes }) => html`<button name="move" value="${minutes}">${label} on</button>`)}
<button name="move" value="back">Back to this machine’s time</button>
<button name="move" value="expire">Expire all access tokens</button>`,
)}
<p class="note">Tokens, codes and sessions expire by the sandbox’s time. While it’s ahead, new tokens start in the future for an app that checks them with its own clock.</p>
</section>
<section aria-labelledby="h-webhooks"><h2 id="h-webhooks">Webhooks</h2>
<div id="deliveries">${deliveryList(webhooks)}</div>
</section>
<section aria-labelledby="h-pages"><h2 id="h-pages">Pages</h2>
<dl>${this.pages.map(
        ({ path, title, description }) => html`<dt><a href="${path}">${title}</a></dt><dd>${description}</dd>`,
      )}</dl>
</section>
</div>
</div>
</div>`,
    });
  }

  async #news(request: HttpRequest): Promise<SandboxResponse> {
    const foreign = await refuseForeignForm(request);
    if (foreign !== undefined) return foreign;
    const { received, shown, models, webhooks, faults, clock } = this.subjects;
    const after = Number(request.query.get('after') ?? '0');
    if (!Number.isSafeInteger(after) || after < 0) return jsonResponse(400, { error: 'after must be a count.' });
    const rows = received.newest(after, MOST_ROWS).map((row) => requestRow(shown(row)));
    const text = async (markup: Markup) => String(await markup);
    return jsonResponse(
      200,
      {
        run: this.#run,
        next: received.total,
        rows: await text(html`${rows}`),
        counts: await text(countsText(models)),
        deliveries: await text(deliveryList(webhooks)),
        faults: await text(faultList(faults)),
        time: await text(clockText(clock)),
      },
      { 'cross-origin-resource-policy': 'same-origin', 'x-content-type-options': 'nosniff' },
    );
  }

  async #change(request: HttpRequest): Promise<SandboxResponse> {
    // A browser names the origin of every POST. Another program that does without has no page.
    if (headerOf(request, 'origin') !== loopbackOrigin(request))
      return problemPage(403, 'Refused', 'Another site sent this form.');
    const foreign = await refuseForeignForm(request);
    if (foreign !== undefined) return foreign;
    const fields = new URLSearchParams(request.body);
    if (!this.#isToken(fields.get(TOKEN) ?? ''))
      return problemPage(403, 'Too old', 'The sandbox has been started again since. Open its page anew.');
    if (request.path === SECRET) return this.#secret();
    try {
      if (request.path === FAULTS) this.#changeFaults(fields.get('preset'));
      else this.#changeTime(fields.get('move'));
    } catch (error) {
      return problemPage(400, 'Not possible', sentenceOf(error));
    }
    return seeOther('/');
  }

  #secret(): Promise<SandboxResponse> | SandboxResponse {
    const { url, clientId, clientSecret } = this.subjects;
    const secret = clientSecret();
    return secret === undefined
      ? problemPage(409, 'No secret', 'The client has no secret any more.')
      : plainText(200, this.#dotenv(url(), clientId, secret));
  }

  #changeFaults(preset: string | null): void {
    const { faults } = this.subjects;
    if (preset === 'none') return faults.clear();
    const chosen = FAULT_PRESETS.find(({ id }) => id === preset);
    if (chosen === undefined) throw new Error('There is no such fault.');
    faults.add(chosen.fault);
  }

  #changeTime(move: string | null): void {
    const { clock, expireTokens } = this.subjects;
    const step = STEPS.find(({ minutes }) => String(minutes) === move);
    if (step !== undefined) return clock.moveOn(step.minutes * 60_000);
    if (move !== 'back' && move !== 'expire') throw new Error('There is no such step.');
    if (move === 'back') clock.reset();
    // Going back, tokens of a later time must not live longer than any other.
    expireTokens();
  }

  #form(action: string, buttons: Markup): Markup {
    return html`<form method="post" action="${action}"><input type="hidden" name="${TOKEN}" value="${this.#token}">${buttons}</form>`;
  }

  #dotenv(url: string, clientId: string, secret: string): string {
    return `SCALEKIT_ENVIRONMENT_URL=${url}\nSCALEKIT_CLIENT_ID=${clientId}\nSCALEKIT_CLIENT_SECRET=${secret}`;
  }

  #isToken(text: string): boolean {
    const [given, own] = [Buffer.from(text), Buffer.from(this.#token)];
    return given.length === own.length && timingSafeEqual(given, own);
  }
}
