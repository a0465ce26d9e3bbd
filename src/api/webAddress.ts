import { isLoopbackHost } from './environmentUrl.js';

/** Whether a text is an `https:` URL, or an `http:` one of this machine: no other is opened in a browser. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
