/** Ids that belong to environments that are not stored. */
export const SANDBOX_ID = 'sandbox';
export const PROCESS_ID = 'process';

/** What an environment's id looks like: it stands in URIs and file names. */
export const ENVIRONMENT_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** A readable id for a new environment, made from its host and unlike all that are taken. */
export function newEnvironmentId(host: string, taken: ReadonlySet<string>): string {
  const readable = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-|-$/g, '');
  const base = readable === '' ? 'environment' : readable;
  const isTaken = (id: string): boolean => taken.has(id) || id === SANDBOX_ID || id === PROCESS_ID;
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!isTaken(id)) return id;
  }
}

/** The name that a new environment gets: the first label of its host, numbered when it is taken. */
export function newEnvironmentName(host: string, taken: ReadonlySet<string>): string {
  const isAddress = /^[\d.:[\]]+$/.test(host) || host.startsWith('localhost');
  const base = isAddress ? host : (host.split('.')[0] ?? host);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!taken.has(name)) return name;
  }
}
