import { BlockList, isIP } from 'node:net';
import { isLoopbackHost } from '../api/client/environmentUrl';

/** Addresses that no server on the internet has (IANA's special-purpose registries). */
const RANGES: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
];

let list: BlockList | undefined;

/** Whether an IP address is this machine's, of a private network, or otherwise none of the internet's. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  if (list === undefined) {
    list = new BlockList();
    for (const [start, prefix] of RANGES) list.addSubnet(start, prefix, isIP(start) === 6 ? 'ipv6' : 'ipv4');
  }
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a host, as `URL.hostname` returns it, names an address that {@link isPrivateAddress}, or this machine. */
export function namesPrivateAddress(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isLoopbackHost(hostname) || (isIP(bare) !== 0 && isPrivateAddress(bare));
}

/** A host and port, with all names of this machine as one: they mean the same server. */
export function hostKey(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  const number = port || (protocol === 'https:' ? '443' : '80');
  return `${isLoopbackHost(hostname) ? 'localhost' : hostname}:${number}`;
}
