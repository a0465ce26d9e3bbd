import { lookup, type LookupAddress } from 'node:dns';
import { isIP, isIPv4, type LookupFunction } from 'node:net';
import { webhookKey } from '../../api/webhooks/webhookKey';

const LONGEST_URL = 2_000;
const LONGEST_SECRET = 500;

/** A target of webhooks or interceptors that can't be used. The message is a sentence that says why. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
}

/**
 * The address of an app on this machine. A name is checked again, by its resolved address, whenever something is sent.
 * @param ownUrl the sandbox's own address, which mustn't send to itself
 * @throws TargetError
 */
export function readTarget(text: unknown, ownUrl: string): URL {
  if (typeof text !== 'string' || text.trim() === '') throw new TargetError('url is required.');
  const trimmed = text.trim();
  if (trimmed.length > LONGEST_URL) throw new TargetError(`url is longer than ${LONGEST_URL} characters.`);
  if (!URL.canParse(trimmed)) throw new TargetError('url must be a URL, for example http://localhost:3000/webhooks.');
  const url = new URL(trimmed);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TargetError('url must begin with http:// or https://.');
  if (url.username !== '' || url.password !== '') throw new TargetError("url can't have a user name or password.");
  url.hash = '';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isLoopbackAddress(host))
    throw new TargetError('The sandbox sends only to this machine: localhost, 127.0.0.1 or [::1].');
  if (URL.canParse(ownUrl) && url.port !== '' && url.port === new URL(ownUrl).port)
    throw new TargetError("The sandbox can't send to itself.");
  return url;
}

/** A secret to sign with. The message doesn't repeat it. @throws TargetError */
export function readSecret(secret: unknown): string {
  if (typeof secret !== 'string' || secret.length > LONGEST_SECRET)
    throw new TargetError(`secret must be a text of at most ${LONGEST_SECRET} characters.`);
  const found = webhookKey(secret);
  if ('problem' in found)
    throw new TargetError(
      found.problem === 'empty'
        ? 'secret has no key after whsec_.'
        : "secret must be whsec_ and a base64 text: Scalekit's SDK refuses one without _.",
    );
  return secret;
}

/** Whether an IP address always means this machine. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}

/** Resolves a name as usual, and refuses the connection if it's any other machine. */
export const loopbackLookup: LookupFunction = (name, options, callback) => {
  const done = (addresses: readonly LookupAddress[]) => {
    const wanted = addresses.filter(({ family }) => !options.family || options.family === family);
    const [first] = wanted;
    if (first === undefined || !wanted.every(({ address }) => isLoopbackAddress(address)))
      callback(Object.assign(new Error(`${name} isn't this machine`), { code: 'ENOTLOOPBACK' }), '', 0);
    else if (options.all === true) callback(null, [...wanted]);
    else callback(null, first.address, first.family);
  };
  // Names below localhost always mean this machine (RFC 6761), and not every system resolves them.
  if (/(^|\.)localhost\.?$/i.test(name)) {
    const both = [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    process.nextTick(done, both);
    return;
  }
  lookup(name, { all: true }, (error, addresses) => {
    if (error === null) done(addresses);
    else callback(error, '', 0);
  });
};
