import { PROCESS_ID, SANDBOX_ID } from '../core/environment';

/** A readable id for a new environment, built from its host and different from all taken ones. */
export function newEnvironmentId(host: string, taken: ReadonlySet<string>): string {
  return numbered(readable(host), (id) => taken.has(id) || id === SANDBOX_ID || id === PROCESS_ID);
}

/**
 * The same for an environment that's only in one window's memory. Stored ones never have two dashes in a row, so they
 * can't get such an id.
 */
export function newSessionId(host: string, taken: ReadonlySet<string>): string {
  return numbered(`${readable(host)}--session`, (id) => taken.has(id));
}

/** The name of a new environment: the first label of its host, with a number if it's taken. */
export function newEnvironmentName(host: string, taken: ReadonlySet<string>): string {
  const isAddress = /^[\d.:[\]]+$/.test(host) || host.startsWith('localhost');
  const base = isAddress ? host : (host.split('.')[0] ?? host);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!taken.has(name)) return name;
  }
}

function readable(host: string): string {
  const words = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-|-$/g, '');
  return words === '' ? 'environment' : words;
}

function numbered(base: string, isTaken: (id: string) => boolean): string {
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!isTaken(id)) return id;
  }
}
