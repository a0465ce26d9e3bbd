import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { SandboxResponse } from '../protocol/response';
import { PAGE_STYLE } from './pageStyle';

/** Markup made with `html` of hono, which escapes every text that is put into it, except other markup. */
export type Markup = ReturnType<typeof html>;

export interface PageContent {
  readonly title: string;
  /** What comes below the heading, which is the title. */
  readonly main: Markup;
  /** Default: 200. */
  readonly status?: number;
  /** Sources, beside the page itself, to which the response of a form may redirect. `formTarget` makes one of an address. */
  readonly formTargets?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** A style beside that of all pages. A constant, never made of data. */
  readonly style?: string;
  /** A script that may ask this sandbox for more. A constant, never made of data. */
  readonly script?: string;
}

const STYLE_SOURCE = sourceOf(PAGE_STYLE);

/**
 * A page of the sandbox: plain HTML that needs no script, in light and dark. To add a page, write an `HttpSite` that
 *
 * 1. refuses a foreign host: `const refusal = await refuseForeignHost(request); if (refusal) return refusal;`
 * 2. builds its markup with hono's `html`, and each form with `postForm(tokens, action, fields)`, which adds a one-time token
 * 3. reads a POST with `await readPost(request, tokens, action)`, which checks the token and where the form came from
 *
 * and add it to the sites of `sandboxServer`, and to its list of pages.
 */
export async function page({
  title,
  main,
  status = 200,
  formTargets = [],
  headers = {},
  style,
  script,
}: PageContent): Promise<SandboxResponse> {
  const text = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – Scalekit sandbox</title>
<style>${raw(PAGE_STYLE)}</style>
${style === undefined ? '' : html`<style>${raw(style)}</style>`}
</head>
<body>
<main>
<h1>${title}</h1>
${main}
</main>
<footer><p>Scalekit sandbox on this machine. Not operated by Scalekit.</p></footer>
${script === undefined ? '' : html`<script>${raw(script)}</script>`}
</body>
</html>
`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': [
        "default-src 'none'",
        `style-src ${style === undefined ? STYLE_SOURCE : `${STYLE_SOURCE} ${sourceOf(style)}`}`,
        ...(script === undefined ? [] : [`script-src ${sourceOf(script)}`, "connect-src 'self'"]),
        `form-action ${["'self'", ...formTargets].join(' ')}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      ...headers,
    },
    body: String(text),
  };
}

/** A constant text as a source of a Content-Security-Policy. */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/**
 * An address as a source of `form-action`: its origin, or its scheme if it has none, as in `myapp://callback`. Browsers
 * block the redirect after a form to any other place. Undefined for what can't be written as a source.
 */
export function formTarget(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, origin } = new URL(address);
  const source = origin === 'null' ? protocol : origin;
  return /^[\w+.:/[\]-]+$/.test(source) ? source : undefined;
}
