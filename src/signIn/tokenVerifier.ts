import type { JWK } from 'jose';
import { parseJson } from '../api/client/errorResponse';
import type { Send } from '../api/client/http';
import { isCancelled, ScalekitError } from '../api/client/scalekitError';
import { isRecord, readText } from '../api/json';
import { checkIdToken, type CheckedToken } from './idTokenChecks';
import { checkInitiatedToken, type InitiatedSignIn } from './initiatedToken';
import { issuerCheck, timeChecks, type Issuers } from './claimChecks';
import { algorithmCheck, matchingKeys, signatureCheck, type SigningKeys } from './signatureCheck';
import { readToken, type TokenContent } from './tokenContent';

/** An environment's public keys. */
export interface KeySource {
  /** @throws ScalekitError */
  get(
    environmentUrl: string,
    signal?: AbortSignal,
  ): Promise<{ readonly keys: readonly JWK[]; readonly cached: boolean }>;
  /** The same, without the cache. @throws ScalekitError */
  fetch(environmentUrl: string, signal?: AbortSignal): Promise<{ readonly keys: readonly JWK[] }>;
}

/** What a sign-in's tokens are compared with. */
export interface SignInExpectations {
  readonly clientId: string;
  readonly nonce: string | undefined;
  readonly code: string | undefined;
  readonly accessToken: string | undefined;
}

/** Checks tokens against one environment. Its keys and its discovery document are fetched only if a token needs them. */
export class TokenVerifier {
  /** Why the keys couldn't be fetched, if they couldn't. */
  keysFailure: ScalekitError | undefined;

  constructor(
    private readonly environmentUrl: string,
    private readonly keys: KeySource,
    private readonly exchange: Send,
    private readonly now: () => number,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws ScalekitError `cancelled` */
  async idToken(token: string, expected: SignInExpectations): Promise<CheckedToken> {
    const content = readToken(token);
    const known = typeof content === 'string' ? NOTHING : await this.known(content);
    return checkIdToken(token, {
      issuers: this.issuers(known),
      keys: known.keys,
      now: this.now(),
      clientId: expected.clientId,
      nonce: expected.nonce,
      code: expected.code,
      accessToken: expected.accessToken,
    });
  }

  /** What can be said of an access token. Undefined if it isn't a JWT. @throws ScalekitError `cancelled` */
  async accessToken(token: string): Promise<CheckedToken | undefined> {
    const content = readToken(token);
    if (typeof content === 'string') return undefined;
    const known = await this.known(content);
    return {
      content,
      checks: [
        algorithmCheck(content),
        await signatureCheck(token, content, known.keys),
        issuerCheck(content.claims, this.issuers(known)),
        ...timeChecks(content.claims, this.now()),
      ],
    };
  }

  /** @throws ScalekitError `cancelled` */
  async initiatedToken(token: string): Promise<CheckedToken & { readonly signIn: InitiatedSignIn }> {
    const content = readToken(token);
    const known = typeof content === 'string' ? NOTHING : await this.known(content);
    return checkInitiatedToken(token, { issuers: this.issuers(known), keys: known.keys, now: this.now() });
  }

  private issuers({ discovered }: Known): Issuers {
    return { environmentUrl: this.environmentUrl, discovered };
  }

  private async known(content: TokenContent): Promise<Known> {
    const issuer = issuerCheck(content.claims, { environmentUrl: this.environmentUrl, discovered: undefined });
    const isOther = issuer.outcome === 'failed' && issuer.reason === 'different';
    return {
      keys: algorithmCheck(content).outcome === 'failed' ? [] : await this.keysFor(content),
      discovered: isOther ? await this.discoveredIssuer() : undefined,
    };
  }

  /** Keys rotate, so a token with an unknown key makes us ask again. */
  private async keysFor(content: TokenContent): Promise<SigningKeys> {
    try {
      const held = await this.keys.get(this.environmentUrl, this.signal);
      if (matchingKeys(content, held.keys).length > 0 || !held.cached) return held.keys;
      return (await this.keys.fetch(this.environmentUrl, this.signal)).keys;
    } catch (error) {
      if (!(error instanceof ScalekitError) || isCancelled(error)) throw error;
      this.keysFailure = error;
      return undefined;
    }
  }

  /** The issuer that the environment itself names: with a custom domain, it isn't the URL in VS Code. */
  private async discoveredIssuer(): Promise<string | undefined> {
    try {
      const response = await this.exchange({
        server: 'authorization',
        method: 'GET',
        url: `${this.environmentUrl}/.well-known/openid-configuration`,
        headers: {},
        signal: this.signal,
      });
      const body = response.status === 200 ? parseJson(response.text) : undefined;
      return isRecord(body) ? readText(body['issuer']) : undefined;
    } catch (error) {
      if (!(error instanceof ScalekitError) || isCancelled(error)) throw error;
      return undefined;
    }
  }
}

interface Known {
  readonly keys: SigningKeys;
  readonly discovered: string | undefined;
}

const NOTHING: Known = { keys: [], discovered: undefined };
