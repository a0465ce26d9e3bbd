import type { SandboxResponse, HttpRequest, HttpSite } from '../protocol/response';
import type { PortalLinks } from '../store/portalLinks';

/** The page behind an admin portal link: it opens once, like the real one. There's no portal behind it. */
export class PortalPages implements HttpSite {
  constructor(private readonly links: PortalLinks) {}

  respond({ method, path }: HttpRequest): SandboxResponse | undefined {
    const secret = /^\/magicLink\/([^/]+)$/.exec(path)?.[1];
    if (secret === undefined || method !== 'GET') return undefined;
    const visit = this.links.open(secret);
    if (visit.kind === 'gone')
      return htmlPage(410, 'Link expired', 'This admin portal link was already used, or its minute is over.');
    const { organizationId, features } = visit.link;
    return htmlPage(
      200,
      'Admin portal',
      `Here the admin of ${organizationId} would set up ${features.join(' and ') || 'SSO and SCIM'}.`,
    );
  }
}

function htmlPage(status: number, title: string, text: string): SandboxResponse {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body: `<!doctype html><title>${title}</title><h1>${title}</h1><p>${text}</p><p>Scalekit sandbox</p>\n`,
  };
}
