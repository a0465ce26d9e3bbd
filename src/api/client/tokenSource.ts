import { isDueForRenewal, readTokenResponse, type AccessToken } from './accessToken';
import type { ClientCredentials } from './clientCredentials';
import { errorFromResponse } from './errorResponse';
import { withRetry } from './retry';
import { ScalekitError } from './scalekitError';
import { SharedRequests } from './sharedRequests';
import type { Send } from './http';

export interface TokenSourceOptions {
  readonly credentials: ClientCredentials;
  readonly exchange: Send;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How many times a failed token request is tried again. Default: that of `withRetry`. */
  readonly retries?: number;
  /** Called with each new token before anyone else gets it, so that the log's redactor knows it. */
  readonly onToken?: (token: AccessToken, scope: string) => void;
}

export interface GetTokenOptions {
  /** OAuth scope, space-delimited. Tokens of different scopes are cached separately. */
  readonly scope?: string;
  /**
   * A cached token with less life left than this, or than a tenth if that is less, is renewed. Default: what a call
   * needs.
   */
  readonly minimumLifeMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * The access tokens of one environment, by OAuth 2.0 client credentials with the secret in the body, as every Scalekit
 * SDK sends it (docs/scalekit-api.md, 1.1). They exist in memory only. Concurrent callers share one token request.
 * Tokens are renewed shortly before they expire.
 */
export class TokenSource {
  private readonly tokens = new Map<string, AccessToken>();
  private readonly requests = new SharedRequests<AccessToken>('authorization');
  private refusal: ScalekitError | undefined;

  constructor(private readonly options: TokenSourceOptions) {}

  /**
   * The cached token, or a new one if there is none or it's about to expire. If Scalekit has refused the credentials,
   * throws that refusal without asking again until the user acts (`fetchNew`, or new credentials).
   *
   * @throws ScalekitError
   */
  get(options: GetTokenOptions = {}): Promise<AccessToken> {
    const token = this.cached(options.scope, options.minimumLifeMs);
    return token === undefined ? this.renew(options) : Promise.resolve(token);
  }

  /**
   * A new token because the user asked for it. Scalekit still accepts the old one until it expires.
   *
   * @throws ScalekitError
   */
  fetchNew(options: Omit<GetTokenOptions, 'minimumLifeMs'> = {}): Promise<AccessToken> {
    this.refusal = undefined;
    return this.renew(options);
  }

  /** The cached token if it's good for a call, or has the requested life left. Makes no request. */
  cached(scope = '', minimumLifeMs?: number): AccessToken | undefined {
    const token = this.tokens.get(scope);
    return token === undefined || isDueForRenewal(token, this.options.now(), minimumLifeMs) ? undefined : token;
  }

  /** Drops a token that the API has refused, unless a newer one has already replaced it. */
  invalidate(token: AccessToken): void {
    for (const [scope, cached] of this.tokens) if (cached.value === token.value) this.tokens.delete(scope);
  }

  private renew({ scope = '', signal }: GetTokenOptions): Promise<AccessToken> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    return this.requests.join(scope, (shared) => this.request(scope, shared), signal);
  }

  private async request(scope: string, signal: AbortSignal): Promise<AccessToken> {
    try {
      const token = await withRetry(() => this.requestOnce(scope, signal), {
        repeatable: true,
        signal,
        retries: this.options.retries,
      });
      this.tokens.set(scope, token);
      return token;
    } catch (error) {
      if (error instanceof ScalekitError && error.kind === 'credentials') this.refusal = error;
      throw error;
    }
  }

  private async requestOnce(scope: string, signal: AbortSignal): Promise<AccessToken> {
    const { exchange, credentials, now, onToken } = this.options;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      ...(scope === '' ? {} : { scope }),
    });
    const response = await exchange({
      server: 'authorization',
      method: 'POST',
      url: `${credentials.environmentUrl}/oauth/token`,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      signal,
    });
    if (response.status < 200 || response.status > 299) throw errorFromResponse(response, 'authorization', now());
    const token = readTokenResponse(response, now());
    onToken?.(token, scope);
    return token;
  }
}
