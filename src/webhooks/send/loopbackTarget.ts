import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

/** Whether an IP address always means this machine. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** How a host's addresses are found: `dns.lookup`, unless a test says otherwise. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const resolveHost: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * The addresses of a host on this machine. Undefined if any of its addresses is another machine's, or if it has none. The
 * caller connects to one of these addresses, so that no second look-up can lead elsewhere.
 */
export async function loopbackAddresses(
  host: string,
  resolve: Resolve = resolveHost,
): Promise<readonly string[] | undefined> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(name) !== 0) return isLoopbackAddress(name) ? [name] : undefined;
  // Names below localhost always mean this machine (RFC 6761, 6.3), even if no resolver knows them.
  if (/(?:^|\.)localhost$/i.test(name)) return ['127.0.0.1', '::1'];
  const addresses = await resolve(name).catch(() => []);
  return addresses.length > 0 && addresses.every(isLoopbackAddress) ? addresses : undefined;
}

export type TargetProblem = 'notAnUrl' | 'notHttp' | 'userInfo' | 'fragment';

/** Reads a URL to send to. A missing scheme means `http`, and a port alone means this machine. */
export function parseTarget(text: string): URL | TargetProblem {
  // As a URL, a bare number would be an IP address.
  const trimmed = text.trim().replace(/^:?(\d{1,5})(?=\/|$)/, 'localhost:$1');
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  if (trimmed === '' || /\s/.test(trimmed) || !URL.canParse(withScheme)) return 'notAnUrl';
  const url = new URL(withScheme);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'notHttp';
  if (url.username !== '' || url.password !== '') return 'userInfo';
  return url.hash === '' ? url : 'fragment';
}
