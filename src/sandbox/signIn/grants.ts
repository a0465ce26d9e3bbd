import { randomBytes } from 'node:crypto';
import { BoundedMap } from '../store/boundedMap';
import type { Person } from './person';

const CODE_LIVES_MS = 600_000;
const MOST_OF_EACH = 10_000;

/** Who signed in, as the tokens say it. In Modular SSO there's no user, only the person that the identity provider named. */
export type Subject =
  | {
      readonly mode: 'full-stack';
      readonly userId: string;
      readonly organizationId: string;
      readonly connectionId: string;
      readonly sessionId: string;
      /** What interceptors add to the access tokens. */
      readonly customClaims?: Readonly<Record<string, unknown>> | undefined;
    }
  | {
      readonly mode: 'modular-sso';
      readonly person: Person;
      readonly organizationId: string | undefined;
      readonly connectionId: string;
      readonly sessionId: string;
    };

/** What a sign-in gave to a client. A code, and later its tokens, stand for it. */
export interface Grant {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  /** The resource that the tokens are for. Undefined for an app's own. */
  readonly resourceId: string | undefined;
  readonly subject: Subject;
  /** When the person signed in, in seconds since the epoch. */
  readonly authTime: number;
  /** Whether the request asked how long ago that was. */
  readonly wantsAuthTime: boolean;
}

/** An access token that is still good, as far as nobody revoked it. */
export interface LiveAccessToken {
  readonly grant: Grant;
  readonly scopes: readonly string[];
}

/** Codes, refresh tokens and access tokens. The latest 10,000 of each. */
export class Grants {
  readonly #codes = new BoundedMap<string, { readonly grant: Grant; readonly expiresAt: number }>(MOST_OF_EACH);
  readonly #refreshTokens = new BoundedMap<string, Grant>(MOST_OF_EACH);
  readonly #accessTokens = new BoundedMap<string, LiveAccessToken>(MOST_OF_EACH);

  constructor(private readonly now: () => number) {}

  newCode(grant: Grant): string {
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(code, { grant, expiresAt: this.now() + CODE_LIVES_MS });
    return code;
  }

  /** A code that nobody can exchange, as if it were used or expired. */
  deadCode(): string {
    return randomBytes(24).toString('base64url');
  }

  /** What a code stands for, while it can be exchanged. */
  ofCode(code: string): Grant | undefined {
    const found = this.#codes.get(code);
    return found === undefined || found.expiresAt <= this.now() ? undefined : found.grant;
  }

  /** False if someone else was quicker. */
  useCode(code: string): boolean {
    return this.#codes.delete(code);
  }

  newRefreshToken(grant: Grant): string {
    const token = `rt_${randomBytes(32).toString('base64url')}`;
    this.#refreshTokens.set(token, grant);
    return token;
  }

  ofRefreshToken(token: string): Grant | undefined {
    return this.#refreshTokens.get(token);
  }

  /** False if someone else was quicker, or it never existed. */
  useRefreshToken(token: string): boolean {
    return this.#refreshTokens.delete(token);
  }

  addAccessToken(id: string, token: LiveAccessToken): void {
    this.#accessTokens.set(id, token);
  }

  /** By its `jti`. */
  accessToken(id: string): LiveAccessToken | undefined {
    return this.#accessTokens.get(id);
  }

  revokeAccessToken(id: string): void {
    this.#accessTokens.delete(id);
  }

  /** Ends all access tokens. Refresh tokens stay, so that an app can show that it refreshes. */
  expireAccessTokens(): void {
    this.#accessTokens.clear();
  }

  /** Ends what a session gave out. */
  endSession(sessionId: string): void {
    for (const [code, { grant }] of this.#codes.entries())
      if (grant.subject.sessionId === sessionId) this.#codes.delete(code);
    for (const [token, grant] of this.#refreshTokens.entries())
      if (grant.subject.sessionId === sessionId) this.#refreshTokens.delete(token);
    for (const [id, { grant }] of this.#accessTokens.entries())
      if (grant.subject.sessionId === sessionId) this.#accessTokens.delete(id);
  }

  /** How many of each are kept. */
  get sizes(): Readonly<Record<'codes' | 'refreshTokens' | 'accessTokens', number>> {
    return {
      codes: this.#codes.size,
      refreshTokens: this.#refreshTokens.size,
      accessTokens: this.#accessTokens.size,
    };
  }
}
