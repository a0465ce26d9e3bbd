/** How many bytes a signature of each algorithm has (RFC 7518 and 8037). With RSA it's as many as the key has. */
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

/** Keys shorter than 2,048 bits aren't allowed. */
const RSA_BYTES: readonly number[] = [256, 384, 512, 1024];

/** Whether a signature has its algorithm's length. For an unknown algorithm, any length will do. */
export function isWholeSignature(signature: string, algorithm: unknown): boolean {
  if (typeof algorithm !== 'string') return signature !== '';
  const sizes = BYTES.get(algorithm) ?? (/^[RP]S\d{3}$/.test(algorithm) ? RSA_BYTES : undefined);
  if (sizes === undefined) return signature !== '';
  return signature.length % 4 !== 1 && sizes.includes(Math.floor((signature.length * 3) / 4));
}
