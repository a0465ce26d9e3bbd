import { cleanValue } from '../api/cleanValue';
import { isLoopbackHost } from '../api/client/environmentUrl';

const LONGEST = 2_000;

/** Why an address isn't asked. */
export type UrlFault = 'empty' | 'tooLong' | 'malformed' | 'scheme' | 'userInfo' | 'query' | 'fragment' | 'insecure';

/**
 * What's wrong with an address of a server that is to be asked. Undefined if it's an https URL, or an http URL of this
 * machine.
 */
export function urlFault(text: string): UrlFault | undefined {
  if (text === '') return 'empty';
  if (text.length > LONGEST) return 'tooLong';
  // The URL parser drops or changes these, so its result wouldn't be what stands there.
  if (/[\s\u0000-\u001f\u007f\\]|\p{Default_Ignorable_Code_Point}/u.test(text) || !URL.canParse(text))
    return 'malformed';
  const { protocol, username, password, hash, hostname } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'scheme';
  if (!/^https?:\/\/[^/\\]/i.test(text)) return 'malformed';
  if (username !== '' || password !== '' || /^[^/]*\/\/[^/?#]*@/.test(text)) return 'userInfo';
  if (hash !== '' || text.includes('#')) return 'fragment';
  return protocol === 'http:' && !isLoopbackHost(hostname) ? 'insecure' : undefined;
}

/**
 * The address of an MCP server as a person typed or pasted it: a missing scheme becomes https, or http on this machine.
 * Its path stays as typed, with or without a slash at the end. A query may hold a secret, so it isn't taken.
 */
export function readServerUrl(typed: string): { readonly url: string } | { readonly fault: UrlFault } {
  const text = cleanValue(typed);
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text === '' ? text : `${schemeOf(text)}://${text}`;
  const fault = urlFault(withScheme);
  if (fault !== undefined) return { fault };
  return withScheme.includes('?') ? { fault: 'query' } : { url: new URL(withScheme).href };
}

function schemeOf(text: string): string {
  const url = `http://${text}`;
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname) ? 'http' : 'https';
}
