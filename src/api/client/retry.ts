import pRetry from 'p-retry';
import { setTimeout as delay } from 'node:timers/promises';
import { ScalekitError } from './scalekitError';

export interface RetryOptions {
  /** Whether doing it twice is the same as doing it once: GET, and the token request. */
  readonly repeatable: boolean;
  /** How often to try again after the first try. Default {@link DEFAULT_RETRIES}. */
  readonly retries?: number;
  readonly signal?: AbortSignal;
}

/** As often as Scalekit's own SDK tries again (docs/scalekit-api.md, 3.2). */
const DEFAULT_RETRIES = 3;

/** The first wait in milliseconds, doubled each time, with jitter of up to as much again. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8_000;

/** How many tries may end without a response in time: each has kept the person waiting for its whole deadline. */
const MOST_TIMEOUTS = 2;

/** A server that asks for a longer wait than this, in milliseconds, is not waited for: the person is told. */
const LONGEST_RETRY_AFTER_MS = 30_000;

/** Gateway statuses behind which the server may work again in a moment. */
const PASSING_STATUS = new Set([502, 503, 504]);

/**
 * Runs `attempt`, and again with exponential backoff and jitter where that is safe and may help: network errors, 429 (after
 * `Retry-After`, when it is there), 502, 503 and 504, and once after a timeout. What is not repeatable is tried again only when
 * nothing was sent yet, or on 429.
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

/** Whether a failed attempt may be made again. */
export function mayRetry(error: ScalekitError, repeatable: boolean): boolean {
  if (error.kind === 'rateLimit') return true;
  // A name that does not exist will not exist in a second; EAI_AGAIN is the passing one.
  if (error.details.reason === 'ENOTFOUND') return false;
  // Nor will a proxy or a network let it through before someone signs in.
  if (error.details.reason === 'proxySignIn' || error.details.reason === 'networkSignIn') return false;
  if (error.kind === 'network' || error.kind === 'timeout') return repeatable || !error.details.maybeReceived;
  return repeatable && error.details.status !== undefined && PASSING_STATUS.has(error.details.status);
}

/** The three forms of a date in HTTP (RFC 9110, section 5.6.7). `Date.parse` takes `1.5` for one, and much else. */
const HTTP_DATE =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

/** `Retry-After` in either form, seconds or an HTTP date, as milliseconds from `now`; undefined when it says nothing usable. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? '';
  // Whole seconds by the standard; some servers give parts of them.
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
