import type { JWK } from 'jose';
import { errorFromResponse, parseJson } from '../../api/client/errorResponse';
import { isRecord, readArray, type JsonRecord } from '../../api/json';
import { withRetry } from '../../api/client/retry';
import { ScalekitError } from '../../api/client/scalekitError';
import type { Send } from '../../api/client/http';

/**
 * How long to use keys without requesting them again, in milliseconds. Scalekit rotates them rarely
 * (docs/scalekit-api.md, 1.4).
 */
const FRESH_MS = 10 * 60_000;

/** How many keys to try. An environment has one or two. */
const MOST_KEYS = 50;

export interface KeySet {
  readonly keys: readonly JWK[];
  /** Whether they came from the cache, so that newer ones may exist. */
  readonly cached: boolean;
}

/**
 * The public keys that environments sign their tokens with. `GET {environment}/keys` needs no token
 * (docs/scalekit-api.md, 1.4).
 */
export class EnvironmentKeys {
  private readonly held = new Map<string, { readonly keys: readonly JWK[]; readonly fetchedAt: number }>();

  /** @param now milliseconds since the epoch */
  constructor(
    private readonly exchange: Send,
    private readonly now: () => number,
  ) {}

  /**
   * The keys of a saved environment. Its URL never comes from a token.
   *
   * @throws ScalekitError
   */
  async get(environmentUrl: string, signal?: AbortSignal): Promise<KeySet> {
    const held = this.held.get(environmentUrl);
    const age = held === undefined ? Infinity : Math.abs(this.now() - held.fetchedAt);
    return held !== undefined && age < FRESH_MS
      ? { keys: held.keys, cached: true }
      : this.fetch(environmentUrl, signal);
  }

  /**
   * The same, without the cache.
   *
   * @throws ScalekitError
   */
  async fetch(environmentUrl: string, signal?: AbortSignal): Promise<KeySet> {
    const keys = await withRetry(() => this.request(environmentUrl, signal), { repeatable: true, retries: 1, signal });
    this.held.set(environmentUrl, { keys, fetchedAt: this.now() });
    return { keys, cached: false };
  }

  private async request(environmentUrl: string, signal?: AbortSignal): Promise<JWK[]> {
    const answer = await this.exchange({
      server: 'api',
      method: 'GET',
      url: `${environmentUrl}/keys`,
      headers: {},
      signal,
    });
    if (answer.status < 200 || answer.status > 299) throw errorFromResponse(answer, 'api', this.now());
    const body = parseJson(answer.text);
    if (!isRecord(body) || !Array.isArray(body['keys'])) {
      throw new ScalekitError('protocol', {
        server: 'api',
        status: answer.status,
        reason: isRecord(body) ? 'unexpectedJson' : 'notJson',
        maybeReceived: true,
        traceId: answer.traceId,
      });
    }
    return readArray(body['keys']).slice(0, MOST_KEYS).filter(isRecord).filter(isSigningKey).map(publicPart);
  }
}

function isSigningKey(key: JsonRecord): boolean {
  return (
    key['kty'] === 'RSA' &&
    (key['use'] === undefined || key['use'] === 'sig') &&
    (key['alg'] === undefined || key['alg'] === 'RS256')
  );
}

/** Only what verification needs: no private part, and no URL of a certificate. */
function publicPart(key: JsonRecord): JWK {
  const text = (name: string): string => (typeof key[name] === 'string' ? key[name] : '');
  return { kty: 'RSA', alg: 'RS256', kid: text('kid'), n: text('n'), e: text('e') };
}
