import { html } from 'hono/html';
import { FAILURE_POLICIES, TRIGGERS } from '../interceptors/interceptor';
import type { Interceptors } from '../interceptors/interceptors';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { postForm, problemPage, readPost, type FormTokens } from './forms';
import type { ListedPage } from './homePage';
import { refuseForeignHost } from './loopback';
import { page } from './page';
import { problemText, secretPage, seeOther, sentenceOf } from './pageParts';

const ROOT = '/sandbox/interceptors';
const PATH = /^\/sandbox\/interceptors(?:\/([^/]+))?\/?$/;
const NEW = 'new';
const MOST_CALLS = 50;

/** The pages about interceptors: who is asked before what, and what they decided. */
export class InterceptorPages implements HttpSite {
  static readonly listed: ListedPage = {
    path: ROOT,
    title: 'Interceptors',
    description:
      'Asks your app on this machine before people sign up, sign in or are invited, and before machines get tokens.',
  };

  constructor(
    private readonly interceptors: Interceptors,
    private readonly tokens: FormTokens,
  ) {}

  async respond(request: HttpRequest): Promise<SandboxResponse | undefined> {
    const [match, id] = PATH.exec(request.path) ?? [];
    if (match === undefined) return undefined;
    const refusal = refuseForeignHost(request);
    if (refusal !== undefined) return refusal;
    const isPost = request.method === 'POST';
    if (request.method !== 'GET' && !(isPost && id !== undefined))
      return problemPage(405, 'Not possible', 'Open this page in a browser.');
    if (id === undefined) return this.#overview();
    const post = isPost ? await readPost(request, this.tokens, request.path) : undefined;
    if (post !== undefined && 'refusal' in post) return post.refusal;
    return id === NEW ? this.#new(post?.fields) : this.#one(id, post?.fields);
  }

  #overview(): Promise<SandboxResponse> {
    const interceptors = this.interceptors.list();
    const calls = this.interceptors.calls();
    return page({
      title: InterceptorPages.listed.title,
      main: html`<ul>${interceptors.map(
        ({ id, name, trigger, url }) => html`<li><a href="${ROOT}/${id}">${name}</a> ${trigger}, ${url.href}</li>`,
      )}</ul>
${interceptors.length === 0 ? html`<p>There are no interceptors yet.</p>` : ''}
<p><a href="${ROOT}/${NEW}">Add an interceptor</a></p>
<h2>Calls</h2>
<ul>${calls.slice(0, MOST_CALLS).map(
        ({ trigger, url, status, problem, decision, outcome, milliseconds, request, body }) =>
          html`<li>${trigger} at ${url}: ${outcome}${decision === undefined ? ' by the failure policy' : ''}, ${milliseconds} ms${status === undefined ? '' : `, status ${status}`}. ${problem ?? ''}
<details><summary>Request and response</summary><pre>${JSON.stringify(JSON.parse(request), null, 2)}</pre><pre>${body}</pre></details></li>`,
      )}</ul>
${calls.length === 0 ? html`<p>Nothing was called yet.</p>` : ''}`,
    });
  }

  #new(fields: URLSearchParams | undefined): Promise<SandboxResponse> {
    const text = (name: string, otherwise = '') => (fields?.get(name) ?? otherwise).trim();
    let problem: string | undefined;
    if (fields !== undefined) {
      try {
        const { interceptor, secret } = this.interceptors.add({
          trigger_point: text('trigger_point'),
          url: text('url'),
          display_name: text('display_name'),
          timeout_ms: Number(text('timeout_ms') || 'NaN'),
          failure_policy: text('failure_policy'),
          secret: text('secret'),
        });
        return secretPage('Interceptor added', interceptor.url.href, 'SCALEKIT_INTERCEPTOR_SECRET', secret, ROOT);
      } catch (error) {
        problem = sentenceOf(error);
      }
    }
    const options = (values: readonly string[], chosen: string) =>
      values.map((value) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${value}</option>`);
    return page({
      title: 'New interceptor',
      status: problem === undefined ? 200 : 400,
      main: html`${problemText(problem)}${postForm(
        this.tokens,
        `${ROOT}/${NEW}`,
        html`<label for="trigger_point">Trigger</label>
<select id="trigger_point" name="trigger_point">${options(TRIGGERS, text('trigger_point'))}</select>
<label for="url">URL</label>
<input id="url" name="url" type="url" required autocomplete="off" placeholder="http://localhost:3000/interceptors" value="${text('url')}">
<p class="hint">The sandbox calls only this machine.</p>
<label for="display_name">Name</label>
<input id="display_name" name="display_name" autocomplete="off" value="${text('display_name')}">
<label for="timeout_ms">Time limit in milliseconds</label>
<input id="timeout_ms" name="timeout_ms" inputmode="numeric" autocomplete="off" value="${text('timeout_ms', '10000')}">
<label for="failure_policy">Without a usable response</label>
<select id="failure_policy" name="failure_policy">${options(FAILURE_POLICIES, text('failure_policy'))}</select>
<label for="secret">Secret (a new one if empty)</label>
<input id="secret" name="secret" type="password" autocomplete="off" value="">
<button>Add interceptor</button>`,
      )}
<p><a href="${ROOT}">All interceptors</a></p>`,
    });
  }

  #one(id: string, fields: URLSearchParams | undefined): Promise<SandboxResponse> | SandboxResponse {
    const interceptor = this.interceptors.find(id);
    if (interceptor === undefined)
      return problemPage(404, 'Not found', 'There is no such interceptor. It may have been deleted.');
    if (fields !== undefined) {
      this.interceptors.remove(id);
      return seeOther(ROOT);
    }
    const { name, trigger, url, timeoutMs, failurePolicy } = interceptor;
    return page({
      title: name,
      main: html`<dl><dt>Trigger</dt><dd>${trigger}</dd><dt>URL</dt><dd>${url.href}</dd><dt>Time limit</dt><dd>${timeoutMs} ms</dd>
<dt>Without a usable response</dt><dd>${failurePolicy}</dd></dl>
${postForm(this.tokens, `${ROOT}/${id}`, html`<button name="do" value="delete">Delete interceptor</button>`)}
<p><a href="${ROOT}">All interceptors</a></p>`,
    });
  }
}
