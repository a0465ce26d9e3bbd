import type { webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK, type JWTPayload } from 'jose';
import { randomDigits } from '../random';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
}

/** The environment's RS256 keys, which sign every token. Creates one on first use, because that takes up to a second. */
export class SigningKeys {
  #keys: Promise<SigningKey[]> | undefined;

  async sign(claims: JWTPayload): Promise<string> {
    const [key] = await this.#all();
    if (key === undefined) throw new Error('no signing key');
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' }).sign(key.privateKey);
  }

  /** The claims of a token that one of the keys signed, or undefined. Doesn't look at the token's times. */
  async verify(token: string): Promise<JWTPayload | undefined> {
    const keys = await this.#all();
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => {
          const key = keys.find((candidate) => candidate.kid === kid);
          if (key === undefined) throw new Error('unknown key');
          return key.publicKey;
        },
        { algorithms: ['RS256'], currentDate: new Date(0), clockTolerance: Number.MAX_SAFE_INTEGER },
      );
      return payload;
    } catch {
      return undefined;
    }
  }

  /** The public keys, as `/keys` returns them. */
  async jwks(): Promise<{ keys: JWK[] }> {
    const keys = await this.#all();
    return {
      keys: await Promise.all(
        keys.map(async ({ kid, publicKey }) => {
          const { kty, n, e } = await exportJWK(publicKey);
          return { use: 'sig', kty, kid, alg: 'RS256', n, e } as JWK;
        }),
      ),
    };
  }

  /** Signs with a new key from now on. Tokens signed with the old key become invalid, unless `keepOld` is set. */
  rotate(keepOld: boolean): void {
    const old = this.#keys ?? Promise.resolve([]);
    this.#keys = Promise.all([newKey(), keepOld ? old : []]).then(([key, others]) => [key, ...others]);
  }

  #all(): Promise<SigningKey[]> {
    this.#keys ??= newKey().then((key) => [key]);
    return this.#keys;
  }
}

async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { kid: `snk_${randomDigits(17)}`, privateKey, publicKey };
}
