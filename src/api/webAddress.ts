import { isLoopbackHost } from './client/environmentUrl';

/**
 * Whether a text is an `https:` URL, or an `http:` one of this machine: no other is opened in a browser. It is opened as it stands, so
 * nothing may be in it that the parser overlooks, and no name before an `@` that could pass for the host.
 */
export function isWebAddress(text: string): boolean {
  if (
    !/^https?:\/\/[^/\\]/i.test(text) ||
    /[\s\u0000-\u001f\u007f\\]|\p{Default_Ignorable_Code_Point}/u.test(text) ||
    !URL.canParse(text)
  )
    return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
