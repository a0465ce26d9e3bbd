import pRetry from 'p-retry';
import { setTimeout as delay } from 'node:timers/promises';
import { ScalekitError } from './scalekitError';

export interface RetryOptions {
  /** Whether sending it twice has the same effect as once: a GET, or the token request. */
  readonly repeatable: boolean;
  /** How many times to try again after the first try. Default {@link DEFAULT_RETRIES}. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

/** As many retries as Scalekit's own SDK makes (docs/scalekit-api.md, 3.2). */
const DEFAULT_RETRIES = 3;

/** The first wait in milliseconds, doubled each time, with jitter of up to as much again. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8_000;

/** How many tries may time out. The user waits the whole deadline for each. */
const MOST_TIMEOUTS = 2;

/** If a server asks for a longer wait than this, in milliseconds, we don't wait but show the error. */
const LONGEST_RETRY_AFTER_MS = 30_000;

/** Gateway statuses after which the server may soon work again. */
const PASSING_STATUS = new Set([502, 503, 504]);

/**
 * Runs `attempt`, and again with exponential backoff and jitter where that is safe and may help: network errors, 429,
 * 502, 503 and 504, and once after a timeout. `Retry-After`, if present, adds to the pause. A call that isn't repeatable is tried
 * again only if nothing was sent, or after a 429.
 *
 * @throws the last attempt's error, or the signal's reason.
 */
export function withRetry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  let timeouts = 0;
  return pRetry(attempt, {
    retries: options.retries ?? DEFAULT_RETRIES,
    minTimeout: FIRST_DELAY_MS,
    maxTimeout: LONGEST_DELAY_MS,
    factor: 2,
    randomize: true,
    signal: options.signal,
    shouldRetry: async ({ error }) => {
      if (!(error instanceof ScalekitError) || !mayRetry(error, options.repeatable)) return false;
      if (error.kind === 'timeout' && ++timeouts >= MOST_TIMEOUTS) return false;
      const { retryAfterMs } = error.details;
      if (retryAfterMs !== undefined) {
        if (retryAfterMs > LONGEST_RETRY_AFTER_MS) return false;
        await delay(retryAfterMs, undefined, { signal: options.signal });
      }
      return true;
    },
  });
}

/** Whether to try again after this failure. */
export function mayRetry(error: ScalekitError, repeatable: boolean): boolean {
  if (error.kind === 'rateLimit') return true;
  // A name that doesn't exist won't exist in a second. EAI_AGAIN is the temporary error.
  if (error.details.reason === 'ENOTFOUND') return false;
  // A proxy or network won't let it through either, until someone signs in.
  if (error.details.reason === 'proxySignIn' || error.details.reason === 'networkSignIn') return false;
  if (error.kind === 'network' || error.kind === 'timeout') return repeatable || !error.details.maybeReceived;
  return repeatable && error.details.status !== undefined && PASSING_STATUS.has(error.details.status);
}

/** The three date formats of HTTP (RFC 9110, section 5.6.7). `Date.parse` also accepts `1.5` and much else. */
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** `Retry-After` in either format, seconds or an HTTP date, as milliseconds from `now`. Undefined if unusable. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? '';
  // The standard allows whole seconds. Some servers send fractions.
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
