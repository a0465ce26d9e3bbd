import { html } from 'hono/html';
import type { SandboxResponse } from '../protocol/response';
import { page, type Markup } from './page';

/** The page that shows a new secret, once: it's the response to the POST, and nothing else has it. */
export function secretPage(
  title: string,
  url: string,
  variable: string,
  secret: string,
  root: string,
): Promise<SandboxResponse> {
  return page({
    title,
    main: html`<p>${url}</p>
<p>This is the only time that its secret is shown. Put it into your app’s <code>.env</code> file.</p>
<pre>${variable}=<code id="secret">${secret}</code></pre>
<p><a href="${root}">Continue</a></p>`,
  });
}

/** A page that is read with GET after a form, so that reloading it sends nothing again. */
export function seeOther(location: string): SandboxResponse {
  return {
    status: 303,
    headers: { location, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: '',
  };
}

/** What is wrong with a form. */
export function problemText(problem: string | undefined): Markup | '' {
  return problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`;
}

/** Why something failed, for people. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
