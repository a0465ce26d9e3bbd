import { html } from 'hono/html';
import type { HttpRequest, HttpSite, SandboxResponse } from '../protocol/response';
import { refuseForeignHost } from './loopback';
import { page } from './page';

/** A page that a person opens by itself. */
export interface ListedPage {
  readonly path: string;
  readonly title: string;
  readonly description: string;
}

/** `/sandbox`: the list of the sandbox's own pages. */
export class HomePage implements HttpSite {
  constructor(private readonly pages: readonly ListedPage[]) {}

  respond(request: HttpRequest): Promise<SandboxResponse> | SandboxResponse | undefined {
    if (request.method !== 'GET' || !/^\/sandbox\/?$/.test(request.path)) return undefined;
    return (
      refuseForeignHost(request) ??
      page({
        title: 'Scalekit sandbox',
        main: html`<dl>
${this.pages.map(({ path, title, description }) => html`<dt><a href="${path}">${title}</a></dt><dd>${description}</dd>`)}
</dl>`,
      })
    );
  }
}
