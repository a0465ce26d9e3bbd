import type { JWK } from 'jose';
import { compactVerify } from 'jose/jws/compact/verify';
import { importJWK } from 'jose/key/import';
import type { Check } from './tokenCheck';
import type { TokenContent } from './tokenContent';

/** The only algorithm that Scalekit signs with (docs/scalekit-api.md, 1.3). */
const ALGORITHM = 'RS256';

/** The environment's public keys, or undefined if they couldn't be fetched. */
export type SigningKeys = readonly JWK[] | undefined;

/** Whether the header names the algorithm that Scalekit uses, and nothing that a reader would have to understand. */
export function algorithmCheck({ header }: TokenContent): Check {
  const { alg } = header;
  if (typeof alg !== 'string') return { name: 'alg', outcome: 'failed', reason: 'missing' };
  if (alg.toLowerCase() === 'none') return { name: 'alg', outcome: 'failed', reason: 'none' };
  if (alg !== ALGORITHM) return { name: 'alg', outcome: 'failed', reason: 'algorithm', value: alg };
  return header['crit'] === undefined && header['b64'] === undefined
    ? { name: 'alg', outcome: 'passed', reason: 'ok', value: alg }
    : { name: 'alg', outcome: 'failed', reason: 'critical' };
}

/** Whether a token was signed with one of the environment's keys. Keys and addresses in the token itself count nothing. */
export async function signatureCheck(token: string, content: TokenContent, keys: SigningKeys): Promise<Check> {
  const name = 'signature';
  if (algorithmCheck(content).outcome === 'failed') return { name, outcome: 'failed', reason: 'otherCheckFailed' };
  if (keys === undefined) return { name, outcome: 'notChecked', reason: 'keysUnavailable' };
  const matching = matchingKeys(content, keys);
  if (matching.length === 0) return { name, outcome: 'failed', reason: 'unknownKey', value: content.header['kid'] };
  for (const key of matching)
    if (await isSignedWith(token, key)) return { name, outcome: 'passed', reason: 'ok', value: key.kid };
  return { name, outcome: 'failed', reason: 'signature' };
}

/** The keys that a token may have been signed with, by the ID that it names. */
export function matchingKeys({ header: { kid } }: TokenContent, keys: readonly JWK[]): readonly JWK[] {
  return typeof kid === 'string' ? keys.filter((key) => key.kid === kid) : keys;
}

async function isSignedWith(token: string, key: JWK): Promise<boolean> {
  try {
    await compactVerify(token, await importJWK(key, ALGORITHM), { algorithms: [ALGORITHM] });
    return true;
  } catch {
    // Either the signature doesn't match, or the algorithm doesn't allow the key.
    return false;
  }
}
