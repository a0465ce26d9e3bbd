import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { mayRetry, parseRetryAfter, withRetry, type RetryOptions } from '../../../../src/api/client/retry';
import {
  ScalekitError,
  type ScalekitErrorDetails,
  type ScalekitErrorKind,
} from '../../../../src/api/client/scalekitError';

function failure(kind: ScalekitErrorKind, details: Partial<ScalekitErrorDetails> = {}): ScalekitError {
  return new ScalekitError(kind, { server: 'api', maybeReceived: true, ...details });
}

/** Waits for everything that doesn't depend on a timer. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const passing: Record<string, ScalekitError> = {
  'a 429': failure('rateLimit', { status: 429 }),
  'a 502': failure('server', { status: 502 }),
  'a 503': failure('server', { status: 503 }),
  'a 504': failure('server', { status: 504 }),
  'a reset connection': failure('network', { reason: 'ECONNRESET' }),
  'a refused connection': failure('network', { reason: 'ECONNREFUSED', maybeReceived: false }),
  'a name server that is not there': failure('network', { reason: 'EAI_AGAIN', maybeReceived: false }),
  'a deadline': failure('timeout'),
  'a deadline without a connection': failure('timeout', { maybeReceived: false }),
};

const lasting: Record<string, ScalekitError> = {
  'a 400': failure('invalid', { status: 400 }),
  'a 401': failure('credentials', { status: 401 }),
  'a 403': failure('forbidden', { status: 403 }),
  'a 404': failure('notFound', { status: 404 }),
  'a 409': failure('conflict', { status: 409 }),
  'a 500': failure('server', { status: 500 }),
  'a 501': failure('server', { status: 501 }),
  'a host name that doesn’t exist': failure('network', { reason: 'ENOTFOUND', maybeReceived: false }),
  'a certificate': failure('tls', { reason: 'CERT_HAS_EXPIRED', maybeReceived: false }),
  'a response that isn’t JSON': failure('protocol', { status: 200, reason: 'notJson' }),
  'a cancellation': failure('cancelled'),
  'a proxy that wants a password': failure('network', { status: 407, reason: 'proxySignIn', maybeReceived: false }),
};

describe('mayRetry', () => {
  for (const [name, error] of Object.entries(passing))
    it(`retries a GET after ${name}`, () => assert.equal(mayRetry(error, true), true));
  for (const [name, error] of Object.entries(lasting)) {
    it(`retries nothing after ${name}`, () => {
      assert.equal(mayRetry(error, true), false);
      assert.equal(mayRetry(error, false), false);
    });
  }

  it('retries a write only after a 429 or if nothing was sent', () => {
    const repeated = Object.entries(passing)
      .filter(([, error]) => mayRetry(error, false))
      .map(([name]) => name);
    assert.deepEqual(repeated, [
      'a 429',
      'a refused connection',
      'a name server that is not there',
      'a deadline without a connection',
    ]);
  });
});

describe('withRetry', () => {
  let random = 0;

  beforeEach(() => {
    random = 0;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(Math, 'random', () => random);
  });

  afterEach(() => {
    mock.timers.reset();
    mock.restoreAll();
  });

  /** Runs attempts that all fail and moves the clock. Returns when each attempt was made, in milliseconds. */
  async function attemptTimes(
    error: ScalekitError,
    options: RetryOptions,
    untilMs = 40_000,
    stepMs = 50,
  ): Promise<{ times: number[]; outcome: unknown }> {
    const times: number[] = [];
    let elapsed = 0;
    let outcome: unknown;
    withRetry(async () => {
      times.push(elapsed);
      throw error;
    }, options).then(
      () => (outcome = 'done'),
      (reason: unknown) => (outcome = reason),
    );
    await settle();
    while (outcome === undefined && elapsed < untilMs) {
      elapsed += stepMs;
      mock.timers.tick(stepMs);
      await settle();
    }
    return { times, outcome };
  }

  it('retries three times, doubling the wait, and throws the last error', async () => {
    const error = failure('server', { status: 503 });
    const { times, outcome } = await attemptTimes(error, { repeatable: true });
    assert.deepEqual(times, [0, 500, 1_500, 3_500]);
    assert.equal(outcome, error);
  });

  it('adds jitter of up to the same length, and never waits more than 8 seconds', async () => {
    random = 0.999999;
    const error = failure('network', { reason: 'ECONNRESET' });
    const { times } = await attemptTimes(error, { repeatable: true, retries: 6 }, 60_000);
    assert.deepEqual(times, [0, 1_000, 3_000, 7_000, 15_000, 23_000, 31_000]);
  });

  it('retries as often as its options say', async () => {
    const reset = failure('network', { reason: 'ECONNRESET' });
    assert.equal((await attemptTimes(reset, { repeatable: true, retries: 1 })).times.length, 2);
    assert.equal((await attemptTimes(reset, { repeatable: true, retries: 0 })).times.length, 1);
  });

  it('retries only once after a timeout', async () => {
    assert.equal((await attemptTimes(failure('timeout'), { repeatable: true })).times.length, 2);
    assert.equal((await attemptTimes(failure('timeout'), { repeatable: true, retries: 0 })).times.length, 1);
  });

  it('returns the result of a later attempt', async () => {
    let attempts = 0;
    const result = withRetry(
      async () => {
        if (++attempts < 3) throw failure('rateLimit', { status: 429 });
        return 'there';
      },
      { repeatable: false },
    );
    for (let tick = 0; tick < 100; tick++) {
      mock.timers.tick(50);
      await settle();
    }
    assert.equal(await result, 'there');
    assert.equal(attempts, 3);
  });

  it('waits as long as Retry-After says', async () => {
    const { times } = await attemptTimes(failure('rateLimit', { status: 429, retryAfterMs: 7_000 }), {
      repeatable: false,
      retries: 1,
    });
    assert.equal(times.length, 2);
    assert.ok((times[1] ?? 0) >= 7_000 && (times[1] ?? 0) <= 8_000, String(times));
  });

  it('gives up if Retry-After is more than half a minute', async () => {
    const error = failure('rateLimit', { status: 429, retryAfterMs: 30_001 });
    const { times, outcome } = await attemptTimes(error, { repeatable: true });
    assert.deepEqual(times, [0]);
    assert.equal(outcome, error);
  });

  it('doesn’t retry if the request isn’t repeatable or the error isn’t a ScalekitError', async () => {
    const timeout = failure('timeout');
    assert.deepEqual(await attemptTimes(timeout, { repeatable: false }), { times: [0], outcome: timeout });
    const bug = new RangeError('a bug');
    assert.deepEqual(await attemptTimes(bug as ScalekitError, { repeatable: true }), { times: [0], outcome: bug });
  });

  for (const [name, retryAfterMs] of Object.entries({ 'the backoff': undefined, 'Retry-After': 20_000 })) {
    it(`ends at once when the signal aborts during ${name}`, async () => {
      const controller = new AbortController();
      let attempts = 0;
      let ended = false;
      withRetry(
        async () => {
          attempts++;
          throw failure('rateLimit', { status: 429, retryAfterMs });
        },
        { repeatable: true, signal: controller.signal },
      ).catch(() => (ended = true));
      await settle();
      mock.timers.tick(100);
      await settle();
      assert.deepEqual([attempts, ended], [1, false]);
      controller.abort();
      await settle();
      assert.deepEqual([attempts, ended], [1, true]);
    });
  }
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2030, 0, 1, 12);

  it('reads seconds', () => {
    assert.equal(parseRetryAfter('0', now), 0);
    assert.equal(parseRetryAfter(' 120 ', now), 120_000);
  });

  it('reads an HTTP date, and treats one in the past as now', () => {
    assert.equal(parseRetryAfter('Tue, 01 Jan 2030 12:00:30 GMT', now), 30_000);
    assert.equal(parseRetryAfter('Mon, 31 Dec 2029 12:00:30 GMT', now), 0);
  });

  it('reads fractions of a second, which some servers send', () => {
    assert.equal(parseRetryAfter('1.5', now), 1_500);
    assert.equal(parseRetryAfter('0.25', now), 250);
  });

  it('reads the two obsolete forms of an HTTP date', () => {
    assert.equal(parseRetryAfter('Tuesday, 01-Jan-30 12:00:30 GMT', now), 30_000);
    assert.equal(parseRetryAfter('Tue Jan  1 12:00:30 2030', now), 30_000);
  });

  it('ignores other numbers and dates', () => {
    for (const text of [
      '-1',
      '-1.5',
      '1,5',
      '1.2.3',
      '+3',
      '2030-01-01',
      '1/2/2030',
      'May 5',
      '12:00',
      '1e3',
      '0x10',
      '5 s',
      'Tue, 01 Jan 2030',
      'Tue, 32 Jan 2030 12:00:30 GMT',
    ]) {
      assert.equal(parseRetryAfter(text, now), undefined, text);
    }
  });

  it('ignores anything else', () => {
    for (const text of [null, '', 'soon', 'NaN', '1 minute or so'])
      assert.equal(parseRetryAfter(text, now), undefined, String(text));
  });

  it('reads an absurd number of seconds as more than half a minute', () => {
    assert.ok((parseRetryAfter('999999999999999999999', now) ?? 0) > 30_000);
  });
});
