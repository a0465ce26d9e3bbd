import { randomBytes } from 'node:crypto';

/** A secret that every SDK of Scalekit's reads in the same way. */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
