import { isLoopbackName } from './pages/loopback';

/** What to say of an address that others can reach too. Undefined for one of this machine only. */
export function hostWarning(host: string | undefined): string | undefined {
  if (host === undefined || host === '::1' || isLoopbackName(host)) return undefined;
  return `Warning: anyone who can reach ${host} can sign in to this sandbox as anyone.`;
}
