/** How many bytes a signature of each algorithm has (RFC 7518 and 8037); those with RSA have as many as their key. */
const BYTES: ReadonlyMap<unknown, readonly number[]> = new Map([
  ['none', [0]],
  ['HS256', [32]],
  ['HS384', [48]],
  ['HS512', [64]],
  ['ES256', [64]],
  ['ES256K', [64]],
  ['ES384', [96]],
  ['ES512', [132]],
  ['EdDSA', [64, 114]],
  ['Ed25519', [64]],
]);

/** Shorter keys than 2,048 bits are not allowed. */
const RSA_BYTES: readonly number[] = [256, 384, 512, 1024];

/** Whether a signature part is as long as this algorithm makes them. Of an algorithm that is not known, any is. */
export function isWholeSignature(signature: string, algorithm: unknown): boolean {
  if (typeof algorithm !== 'string') return signature !== '';
  const sizes = BYTES.get(algorithm) ?? (/^[RP]S\d{3}$/.test(algorithm) ? RSA_BYTES : undefined);
  if (sizes === undefined) return signature !== '';
  return signature.length % 4 !== 1 && sizes.includes(Math.floor((signature.length * 3) / 4));
}
