import type { JWK } from 'jose';
import { randomDigits } from '../random';
import type { ApiClient } from './apiClients';
import { SigningKeys } from './signingKeys';

const MAX_LIVE_TOKENS = 200_000;

/** What a token says, once its signature and its times are verified. */
export interface TokenClaims {
  /** Its `jti`. */
  readonly id: string;
  readonly clientId: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export type TokenProblem = 'invalid' | 'expired';

/** The access tokens that clients get for themselves (`client_credentials`). */
export class AccessTokens {
  readonly #checked = new Map<string, TokenClaims>();
  /** Ids of the tokens that `expireAll` hasn't expired, oldest first. */
  readonly #live = new Set<string>();

  /** @param now the clock for issue and expiry, in milliseconds since the epoch */
  constructor(
    private readonly lifetimeSeconds: number,
    private readonly now: () => number,
    readonly keys = new SigningKeys(),
  ) {}

  /** Signs a token for a client. `issuer` is the environment's URL. */
  async issue(
    client: ApiClient,
    issuer: string,
    scope: string | undefined,
    /** What interceptors add. */
    addedClaims?: Readonly<Record<string, unknown>>,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    const issuedAt = Math.floor(this.now() / 1000);
    const id = `tkn_${randomDigits(18)}`;
    this.#live.add(id);
    const [oldest] = this.#live.size > MAX_LIVE_TOKENS ? this.#live : [];
    if (oldest !== undefined) this.#live.delete(oldest);
    const expiresInSeconds = client.tokenLifetimeSeconds ?? this.lifetimeSeconds;
    const token = await this.keys.sign({
      ...client.customClaims,
      client_id: client.clientId,
      ...(client.organizationId === undefined ? {} : { oid: client.organizationId }),
      scopes: [...(client.scopes ?? [])],
      ...(scope === undefined ? {} : { scope }),
      iss: issuer,
      sub: client.clientId,
      aud: client.audience?.length ? [...client.audience] : [client.clientId],
      iat: issuedAt,
      nbf: issuedAt,
      exp: issuedAt + expiresInSeconds,
      jti: id,
      ...(addedClaims === undefined ? {} : { custom_claims: addedClaims }),
    });
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
  jwks(): Promise<{ keys: JWK[] }> {
    return this.keys.jwks();
  }

  /** Signs with a new key from now on. Tokens signed with the old key become invalid, unless `keepOld` is set. */
  rotateKeys(keepOld = false): void {
    this.#checked.clear();
    this.keys.rotate(keepOld);
  }

  /** Expires every token issued so far. */
  expireAll(): void {
    this.#checked.clear();
    this.#live.clear();
  }

  async #verify(token: string): Promise<TokenClaims | undefined> {
    const payload = await this.keys.verify(token);
    const clientId = payload?.['client_id'];
    // A user's token names the client too, but it's not the client who speaks.
    if (payload === undefined || typeof clientId !== 'string' || payload.sub !== clientId) return undefined;
    if (payload.exp === undefined || payload.jti === undefined) return undefined;
    return { clientId, expiresAt: payload.exp, id: payload.jti };
  }
}
