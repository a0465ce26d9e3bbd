import type { webcrypto } from 'node:crypto';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type JWK } from 'jose';
import { randomDigits } from '../random';
import type { ApiClient } from './apiClients';

const MAX_LIVE_TOKENS = 200_000;

interface SigningKey {
  readonly kid: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
}

/** What a token says, once its signature and its times are verified. */
export interface TokenClaims {
  /** Its `jti`. */
  readonly id: string;
  readonly clientId: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export type TokenProblem = 'invalid' | 'expired';

/** Signs and checks RS256 access tokens. Creates its key on first use, because that takes up to a second. */
export class AccessTokens {
  #keys: Promise<SigningKey[]> | undefined;
  readonly #checked = new Map<string, TokenClaims>();
  /** Ids of the tokens that `expireAll` hasn't expired, oldest first. */
  readonly #live = new Set<string>();

  /** @param now the clock for issue and expiry, in milliseconds since the epoch */
  constructor(
    private readonly lifetimeSeconds: number,
    private readonly now: () => number,
  ) {}

  /** Signs a token for a client. `issuer` is the environment's URL. */
  async issue(
    client: ApiClient,
    issuer: string,
    scope: string | undefined,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    const [key] = await this.#signingKeys();
    if (key === undefined) throw new Error('no signing key');
    const issuedAt = Math.floor(this.now() / 1000);
    const id = `tkn_${randomDigits(18)}`;
    this.#live.add(id);
    const [oldest] = this.#live.size > MAX_LIVE_TOKENS ? this.#live : [];
    if (oldest !== undefined) this.#live.delete(oldest);
    const expiresInSeconds = client.tokenLifetimeSeconds ?? this.lifetimeSeconds;
    const token = await new SignJWT({
      ...client.customClaims,
      client_id: client.clientId,
      ...(client.organizationId === undefined ? {} : { oid: client.organizationId }),
      scopes: [...(client.scopes ?? [])],
      ...(scope === undefined ? {} : { scope }),
    })
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(client.clientId)
      .setAudience(client.audience?.length ? [...client.audience] : [client.clientId])
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + expiresInSeconds)
      .setJti(id)
      .sign(key.privateKey);
    return { token, expiresInSeconds };
  }

  /** Checks a token's signature and times. Remembers a valid token until it expires. */
  async check(token: string): Promise<TokenClaims | TokenProblem> {
    const seconds = this.now() / 1000;
    let claims = this.#checked.get(token);
    if (claims === undefined) {
      claims = await this.#verify(token);
      if (claims === undefined) return 'invalid';
      if (!this.#live.has(claims.id)) return 'expired';
      if (this.#checked.size >= 10_000) this.#checked.clear();
      this.#checked.set(token, claims);
    }
    return claims.expiresAt > seconds ? claims : 'expired';
  }

  /** The public keys, as `/keys` returns them. */
  async jwks(): Promise<{ keys: JWK[] }> {
    const keys = await this.#signingKeys();
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
  rotateKeys(keepOld = false): void {
    const old = this.#keys ?? Promise.resolve([]);
    this.#checked.clear();
    this.#keys = Promise.all([newKey(), keepOld ? old : []]).then(([key, others]) => [key, ...others]);
  }

  /** Expires every token issued so far. */
  expireAll(): void {
    this.#checked.clear();
    this.#live.clear();
  }

  #signingKeys(): Promise<SigningKey[]> {
    this.#keys ??= newKey().then((key) => [key]);
    return this.#keys;
  }

  async #verify(token: string): Promise<TokenClaims | undefined> {
    const keys = await this.#signingKeys();
    try {
      const { payload } = await jwtVerify(
        token,
        ({ kid }) => {
          const key = keys.find((candidate) => candidate.kid === kid);
          if (key === undefined) throw new Error('unknown key');
          return key.publicKey;
        },
        // check() tests the expiry, because it tells "expired" from "invalid".
        { algorithms: ['RS256'], currentDate: new Date(0), clockTolerance: Number.MAX_SAFE_INTEGER },
      );
      if (typeof payload['client_id'] !== 'string' || payload.exp === undefined || payload.jti === undefined)
        return undefined;
      return { clientId: payload['client_id'], expiresAt: payload.exp, id: payload.jti };
    } catch {
      return undefined;
    }
  }
}

async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  return { kid: `snk_${randomDigits(17)}`, privateKey, publicKey };
}
