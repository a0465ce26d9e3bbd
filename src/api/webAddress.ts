import { isLoopbackHost } from './client/environmentUrl';

/**
 * Whether a text is an `https:` URL, or an `http:` URL of this machine: nothing else is opened in a browser. It's
 * opened unchanged, so it must not contain anything that the parser ignores, nor a name before an `@` that could pass
 * for the host.
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
