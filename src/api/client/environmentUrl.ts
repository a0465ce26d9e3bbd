import { cleanValue } from '../cleanValue';

/** Why a text isn't an environment URL. The last three are Scalekit addresses that aren't environments. */
export type EnvironmentUrlFault =
  | 'empty'
  | 'malformed'
  | 'scheme'
  | 'userInfo'
  | 'query'
  | 'fragment'
  | 'insecure'
  | 'incomplete'
  | 'dashboard'
  | 'mcp'
  | 'website';

/** Thrown by {@link parseEnvironmentUrl}. Has only the fault, never the text: it may be a secret pasted by mistake. */
export class EnvironmentUrlError extends Error {
  constructor(readonly fault: EnvironmentUrlFault) {
    super(`Not an environment URL: ${fault}`);
    this.name = 'EnvironmentUrlError';
  }
}

/**
 * Turns what the user typed or pasted into the origin of a Scalekit environment, for example
 * `https://acme.scalekit.dev`.
 *
 * A missing scheme becomes https. Text around a copied URL, a trailing slash and a path are dropped. Plain http is only
 * accepted for loopback. Any https host is accepted, since custom domains and self-hosting exist (docs/scalekit-api.md,
 * 1.5), except Scalekit's own sites. International names become punycode, so that a look-alike host is visible.
 *
 * @throws EnvironmentUrlError if the text isn't such a URL.
 */
export function parseEnvironmentUrl(text: string): string {
  const cleaned = linkTarget(cleanValue(text));
  if (cleaned === '') throw new EnvironmentUrlError('empty');
  // The URL parser drops tabs, newlines and invisible characters and reads a backslash as a slash, so its result isn't
  // what the user sees. An unpaired quotation mark would become part of the host.
  if (/[\s\u0000-\u001f\u007f\\]|\p{Default_Ignorable_Code_Point}|\p{Pi}|\p{Pf}|["„‚]/u.test(cleaned))
    throw new EnvironmentUrlError('malformed');

  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))/i.exec(cleaned)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') throw new EnvironmentUrlError('scheme');
  if (scheme !== undefined && !cleaned.slice(scheme.length).startsWith('://'))
    throw new EnvironmentUrlError('malformed');

  const withScheme = scheme === undefined ? `https://${cleaned}` : cleaned;
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(withScheme)?.[1] ?? '';
  if (authority.includes('@')) throw new EnvironmentUrlError('userInfo');
  // The URL parser skips extra slashes and takes what follows as the host.
  if (authority === '') throw new EnvironmentUrlError('malformed');
  // `%2e` in a host would become a dot that the user didn't see.
  if (authority.includes('%')) throw new EnvironmentUrlError('malformed');
  if (withScheme.includes('#')) throw new EnvironmentUrlError('fragment');
  if (withScheme.includes('?')) throw new EnvironmentUrlError('query');

  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw new EnvironmentUrlError('malformed');
  }
  if (!HOST_NAME.test(url.hostname) || url.hostname.includes('..') || authority.startsWith(':'))
    throw new EnvironmentUrlError('malformed');
  // A scheme typed before a pasted URL makes "https" the host. So does a mark before it, for example 【.
  if (/^https?:?$/i.test(authority) || /:\/\/[^/]*:\/\//.test(withScheme)) throw new EnvironmentUrlError('malformed');
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) throw new EnvironmentUrlError('insecure');
  // The full stop of a sentence. With it, no certificate matches the host.
  url.hostname = url.hostname.replace(/\.$/, '');
  if (scheme === undefined && /^\w[\w-]*$/.test(authority) && !isLoopbackHost(url.hostname))
    throw new EnvironmentUrlError('incomplete');
  const site = SCALEKIT_SITE.exec(url.hostname);
  if (site !== null) throw new EnvironmentUrlError(siteFault(site[1] ?? ''));
  return url.origin;
}

/** The address in a Markdown or Slack link. A link whose text shows another host than its target stays unchanged. */
function linkTarget(text: string): string {
  const [, plain] = /^<([^<>|]*)>$/.exec(text) ?? [];
  if (plain !== undefined) return plain.trim();
  const [, label, target] = /^\[([^\]]*)\]\(([^()\s]*)\)$/.exec(text) ?? [];
  if (target !== undefined && (!label?.includes('.') || withoutScheme(label) === withoutScheme(target))) return target;
  const [, address, shown] = /^<?([^|<>\s]+)\|([^|<>]+)>?$/.exec(text) ?? [];
  return address !== undefined && withoutScheme(shown ?? '') === withoutScheme(address) ? address : text;
}

function withoutScheme(url: string): string {
  return url
    .replace(/^https?:\/\//i, '')
    .replace(/\/$/, '')
    .toLowerCase();
}

/** Scalekit hosts that aren't environments (docs/scalekit-api.md, 1.5). */
const SCALEKIT_SITE = /^(?:(app|auth|docs|mcp|www|status|blog|app\.eu|auth\.eu)\.)?scalekit\.(?:com|dev|cloud)$/;

function siteFault(name: string): EnvironmentUrlFault {
  if (name === 'mcp') return 'mcp';
  return /^(?:app|auth)/.test(name) ? 'dashboard' : 'website';
}

/** Names and addresses that can be looked up. The URL parser accepts far more, for example `${PLACEHOLDER}`. */
const HOST_NAME = /^(?:\[[\da-f:.]+\]|[\w-][\w.-]*)$/;

/** Whether a host name, as `URL.hostname` returns it, is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
