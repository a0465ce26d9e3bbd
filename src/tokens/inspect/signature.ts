import type { JWK } from 'jose';
import { compactVerify } from 'jose/jws/compact/verify';
import { importJWK } from 'jose/key/import';
import type { EnvironmentKeys } from './environmentKeys';
import type { Jwt } from './jwt';

/**
 * The only algorithm that Scalekit signs with (docs/scalekit-api.md, 1.3). Any other is refused, whatever key would
 * match.
 */
const SIGNATURE_ALGORITHM = 'RS256';

/** What's wrong with a signature before its key is looked up. */
export type SignatureFault = 'unsigned' | 'noAlgorithm' | 'algorithm' | 'missing' | 'malformed' | 'critical';

/** The result of checking a signature against an environment's keys. */
export type SignatureCheck = 'valid' | 'wrongSignature' | 'unknownKey';

/** Why a token's signature can't be checked; undefined if it can. */
export function signatureFault({ header, signature }: Jwt): SignatureFault | undefined {
  const { alg } = header;
  if (alg === undefined || alg === null || alg === '') return 'noAlgorithm';
  if (typeof alg === 'string' && alg.toLowerCase() === 'none') return 'unsigned';
  if (alg !== SIGNATURE_ALGORITHM) return 'algorithm';
  if (signature !== 'present') return signature;
  // An extension that readers must understand (RFC 7515, section 4.1.11). Scalekit uses none.
  return header['crit'] === undefined && header['b64'] === undefined ? undefined : 'critical';
}

/**
 * Checks a token's signature against the keys of one environment. Only its keys count: `jku`, `jwk`, `x5u` and `x5c` in
 * the token are ignored. If no cached key matches, it requests the keys again, since they rotate.
 *
 * @throws ScalekitError if the keys aren't available
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
  // A padded token may have been signed with its padding, or padded later.
  const forms = new Set([compact, compact.replaceAll('=', '')]);
  for (const key of keys) for (const form of forms) if (await isSignedWith(form, key)) return true;
  return false;
}

async function isSignedWith(compact: string, key: JWK): Promise<boolean> {
  try {
    await compactVerify(compact, await importJWK(key, SIGNATURE_ALGORITHM), { algorithms: [SIGNATURE_ALGORITHM] });
    return true;
  } catch {
    // Either the signature doesn't match, or RS256 doesn't allow the key, for example one of 1024 bits.
    return false;
  }
}
