import { randomBytes } from 'node:crypto';
import { html } from 'hono/html';
import { headerOf, type HttpRequest, type SandboxResponse } from '../protocol/response';
import { BoundedMap } from '../store/boundedMap';
import { loopbackOrigin, refuseForeignHost } from './loopback';
import { page, type Markup } from './page';

const LIVES_MS = 3_600_000;
const MOST_FORMS = 10_000;
const FIELD = 'form_token';

/** One-time tokens: a form can be sent once, and only by someone who could read its page. */
export class FormTokens {
  readonly #open = new BoundedMap<string, { readonly action: string; readonly expiresAt: number }>(MOST_FORMS);

  constructor(private readonly now: () => number) {}

  get size(): number {
    return this.#open.size;
  }

  /** @param action the path that the form is sent to. With its query, if that matters */
  issue(action: string): string {
    const token = randomBytes(18).toString('base64url');
    this.#open.set(token, { action, expiresAt: this.now() + LIVES_MS });
    return token;
  }

  /** True once for each token. */
  take(token: string, action: string): boolean {
    const found = this.#open.get(token);
    if (found === undefined || found.action !== action) return false;
    this.#open.delete(token);
    return found.expiresAt > this.now();
  }
}

/** A form that is posted to `action`, with its one-time token. */
export function postForm(tokens: FormTokens, action: string, fields: Markup): Markup {
  return html`<form method="post" action="${action}">
<input type="hidden" name="${FIELD}" value="${tokens.issue(action)}">
${fields}
</form>`;
}

/** The fields of a posted form, or the refusal of a POST that didn't come from our own page, or came twice. */
export async function readPost(
  request: HttpRequest,
  tokens: FormTokens,
  action: string,
): Promise<{ readonly fields: URLSearchParams } | { readonly refusal: SandboxResponse }> {
  const foreign = refuseForeignHost(request) ?? (await refuseForeignForm(request));
  if (foreign !== undefined) return { refusal: foreign };
  const isForm = /^application\/x-www-form-urlencoded\s*(;|$)/i.test(headerOf(request, 'content-type') ?? '');
  const fields = new URLSearchParams(isForm ? request.body : '');
  if (!tokens.take(fields.get(FIELD) ?? '', action)) {
    return {
      refusal: await problemPage(
        400,
        'Already sent',
        'This form was already sent, or is too old. Start again in your app.',
      ),
    };
  }
  return { fields };
}

/** The refusal of a request that another site's page sent, or undefined. */
export async function refuseForeignForm(request: HttpRequest): Promise<SandboxResponse | undefined> {
  const origin = headerOf(request, 'origin');
  const site = headerOf(request, 'sec-fetch-site');
  const isForeign =
    (origin !== undefined && origin !== loopbackOrigin(request)) || (site !== undefined && site !== 'same-origin');
  return isForeign ? problemPage(403, 'Refused', 'Another site sent this form.') : undefined;
}

/** A page that says why something can't be done. */
export function problemPage(status: number, title: string, text: string): Promise<SandboxResponse> {
  return page({ status, title, main: html`<p class="problem" role="alert">${text}</p>` });
}
