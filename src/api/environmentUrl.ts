import { trimEnd } from './trimEnd.js';

/** What is wrong with a text that should be an environment URL. */
export type EnvironmentUrlFault = 'empty' | 'malformed' | 'scheme' | 'userInfo' | 'query' | 'fragment' | 'insecure';

/** Thrown by {@link parseEnvironmentUrl}. Carries the fault only, never the text: a secret may have been pasted by mistake. */
export class EnvironmentUrlError extends Error {
  constructor(readonly fault: EnvironmentUrlFault) {
    super(`Not an environment URL: ${fault}`);
    this.name = 'EnvironmentUrlError';
  }
}

/**
 * Cleans what a person typed or pasted into the origin of a Scalekit environment, such as `https://acme.scalekit.dev`.
 *
 * A missing scheme becomes https. Spaces and quotes around it, a trailing slash and a pasted path are dropped. Plain http is
 * taken for loopback alone. Any https host is taken: custom domains and self-hosting exist (api.md 1.5). International names
 * come back as punycode, so that a look-alike host is seen as what it is.
 *
 * @throws EnvironmentUrlError when the text is no such URL.
 */
export function parseEnvironmentUrl(text: string): string {
  const cleaned = trimUnseen(text).replace(/^(["'`<“‘„])(.*)[>"'`”’“]$/s, '$2').trim();
  if (cleaned === '') throw new EnvironmentUrlError('empty');
  // The URL parser drops tabs, newlines and invisible characters and reads a backslash as a slash: what it makes of such text is not
  // what a person sees.
  // eslint-disable-next-line no-control-regex
  if (/[\s\u0000-\u001f\u007f\\]|\p{Default_Ignorable_Code_Point}/u.test(cleaned)) throw new EnvironmentUrlError('malformed');

  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))/i.exec(cleaned)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') throw new EnvironmentUrlError('scheme');
  if (scheme !== undefined && !cleaned.slice(scheme.length).startsWith('://')) throw new EnvironmentUrlError('malformed');

  const withScheme = scheme === undefined ? `https://${cleaned}` : cleaned;
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(withScheme)?.[1] ?? '';
  if (authority.includes('@')) throw new EnvironmentUrlError('userInfo');
  // The URL parser skips further slashes and takes what comes after them for the host.
  if (authority === '') throw new EnvironmentUrlError('malformed');
  // `%2e` in a host would become a dot that nobody sees before it is one.
  if (authority.includes('%')) throw new EnvironmentUrlError('malformed');
  if (withScheme.includes('#')) throw new EnvironmentUrlError('fragment');
  if (withScheme.includes('?')) throw new EnvironmentUrlError('query');

  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    throw new EnvironmentUrlError('malformed');
  }
  if (!HOST_NAME.test(url.hostname) || authority.startsWith(':')) throw new EnvironmentUrlError('malformed');
  // A scheme typed before a pasted URL makes "https" the host.
  if (/^https?:?$/i.test(authority)) throw new EnvironmentUrlError('malformed');
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) throw new EnvironmentUrlError('insecure');
  return url.origin;
}

/** Without the spaces and invisible characters around it that come along when a text is copied. */
function trimUnseen(text: string): string {
  return trimEnd(text.replace(/^[\s\p{Default_Ignorable_Code_Point}]+/u, ''), /^[\s\p{Default_Ignorable_Code_Point}]$/u);
}

/** Names and addresses that can be looked up. The URL parser takes far more, such as a `${PLACEHOLDER}`. */
const HOST_NAME = /^(?:\[[\da-f:.]+\]|[\w-][\w.-]*)$/;

/** Whether a host name, as `URL.hostname` gives it, is this machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
