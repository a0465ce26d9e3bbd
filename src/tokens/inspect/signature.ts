import type { JWK } from 'jose';
import { compactVerify } from 'jose/jws/compact/verify';
import { importJWK } from 'jose/key/import';
import type { EnvironmentKeys } from './environmentKeys';
import type { Jwt } from './jwt';

/** The one algorithm that Scalekit signs with (docs/scalekit-api.md, 1.3). Any other is refused, whatever key would fit. */
const SIGNATURE_ALGORITHM = 'RS256';

/** What is wrong with a signature before any key is looked for. */
export type SignatureFault = 'unsigned' | 'noAlgorithm' | 'algorithm' | 'missing' | 'malformed' | 'critical';

/** What comes of checking a signature against an environment's keys. */
export type SignatureCheck = 'valid' | 'wrongSignature' | 'unknownKey';

/** Whether a token's signature is of a kind that is checked at all; undefined when it is. */
export function signatureFault({ header, signature }: Jwt): SignatureFault | undefined {
  const { alg } = header;
  if (alg === undefined || alg === null || alg === '') return 'noAlgorithm';
  if (typeof alg === 'string' && alg.toLowerCase() === 'none') return 'unsigned';
  if (alg !== SIGNATURE_ALGORITHM) return 'algorithm';
  if (signature !== 'present') return signature;
  // An extension that must be understood (RFC 7515, section 4.1.11). Scalekit uses none.
  return header['crit'] === undefined && header['b64'] === undefined ? undefined : 'critical';
}

/**
 * Checks a token's signature against the keys of one environment. Keys come from there alone: `jku`, `jwk`, `x5u` and `x5c` in the
 * token are not looked at. Where none of the held ones fits, they are asked for once more, since keys rotate.
 *
 * @throws ScalekitError when the keys cannot be had.
 */
export async function checkSignature(
  jwt: Jwt,
  environmentUrl: string,
  keys: EnvironmentKeys,
  signal?: AbortSignal,
): Promise<SignatureCheck> {
  const kid = typeof jwt.header['kid'] === 'string' ? jwt.header['kid'] : undefined;
  const matching = (candidates: readonly JWK[]): readonly JWK[] =>
    candidates.filter((key) => kid === undefined || key.kid === kid);
  const held = await keys.get(environmentUrl, signal);
  let candidates = matching(held.keys);
  if (await isSignedWithOneOf(jwt, candidates)) return 'valid';
  if (held.cached) {
    candidates = matching((await keys.fetch(environmentUrl, signal)).keys);
    if (await isSignedWithOneOf(jwt, candidates)) return 'valid';
  }
  return candidates.length === 0 ? 'unknownKey' : 'wrongSignature';
}

async function isSignedWithOneOf({ compact }: Jwt, keys: readonly JWK[]): Promise<boolean> {
  // What is padded may have been signed as it is, or have been padded later.
  const forms = new Set([compact, compact.replaceAll('=', '')]);
  for (const key of keys) for (const form of forms) if (await isSignedWith(form, key)) return true;
  return false;
}

async function isSignedWith(compact: string, key: JWK): Promise<boolean> {
  try {
    await compactVerify(compact, await importJWK(key, SIGNATURE_ALGORITHM), { algorithms: [SIGNATURE_ALGORITHM] });
    return true;
  } catch {
    // Either the signature does not fit, or the key is none that RS256 allows, such as one of 1024 bits.
    return false;
  }
}
