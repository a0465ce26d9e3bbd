import assert from 'node:assert/strict';
import {
  expiresAt,
  MIN_LIFE_FOR_COPY_MS,
  isDueForRenewal,
  LONGEST_LIFETIME_MS,
  readTokenResponse,
  type AccessToken,
} from '../../../../src/api/client/accessToken';
import { ScalekitError } from '../../../../src/api/client/scalekitError';
import type { HttpResponse } from '../../../../src/api/client/http';
import { signedJwt } from '../../../support/jwt';

const NOW = Date.UTC(2030, 0, 1);
const MINUTE = 60_000;

function responseWith(body: unknown): HttpResponse {
  return {
    status: 200,
    contentType: 'application/json',
    retryAfter: null,
    traceId: 'trace1',
    text: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function read(body: unknown, now = NOW): AccessToken {
  return readTokenResponse(responseWith(body), now);
}

function reason(body: unknown): string | undefined {
  try {
    read(body);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ScalekitError);
    assert.equal(error.kind, 'protocol');
    assert.equal(error.details.server, 'authorization');
    assert.equal(error.details.traceId, 'trace1');
    return error.details.reason;
  }
}

describe('readTokenResponse', () => {
  it('reads the response that Scalekit documents', () => {
    assert.deepEqual(read({ access_token: 'abc', token_type: 'Bearer', expires_in: 86399, scope: 'openid' }), {
      value: 'abc',
      receivedAt: NOW,
      lifetimeMs: 86_399_000,
      scope: 'openid',
    });
  });

  for (const [name, [body, why]] of Object.entries({
    HTML: ['<html>Sign in</html>', 'webPage'],
    'an empty body': ['', 'empty'],
    'half a JSON object': ['{"access_token":"abc"', 'cutOff'],
    'a JSON string': ['"abc"', 'notJson'],
    null: ['null', 'notJson'],
    'a list': ['[{"access_token":"abc"}]', 'notJson'],
  } as const)) {
    it(`refuses ${name} because it isn’t a JSON object`, () => assert.equal(reason(body), why));
  }

  for (const [name, value] of Object.entries({
    missing: undefined,
    null: null,
    empty: '',
    'a number': 7,
    'an object': {},
    'text with a space': 'a b',
    'text with a line break': 'abc\r\nX-Injected: 1',
    'not ASCII': 'ä',
  })) {
    it(`refuses an access_token that is ${name}`, () =>
      assert.equal(reason({ access_token: value, token_type: 'Bearer' }), 'noAccessToken'));
  }

  it('refuses a token of another type', () => {
    assert.equal(reason({ access_token: 'abc', token_type: 'mac' }), 'notBearer');
    assert.equal(reason({ access_token: 'abc', token_type: 'DPoP' }), 'notBearer');
  });

  it('accepts any capitalization of Bearer, and a token_type that’s missing or not text', () => {
    for (const token_type of ['bearer', 'BEARER', '', null, undefined, 1])
      assert.equal(read({ access_token: 'abc', token_type }).value, 'abc');
  });

  it('ignores a scope that’s null, empty or not text', () => {
    for (const scope of [null, '', 1, undefined]) assert.equal(read({ access_token: 'abc', scope }).scope, undefined);
  });

  it('doesn’t put the response into its error', () => {
    try {
      read('{"refresh_token":"test_verySecretValue"}');
      assert.fail('it was taken');
    } catch (error) {
      assert.ok(
        !JSON.stringify(error).includes('verySecretValue') &&
          !String((error as Error).stack).includes('verySecretValue'),
      );
    }
  });

  for (const [name, expires_in] of Object.entries({
    missing: undefined,
    null: null,
    negative: -1,
    zero: 0,
    'not a number': 'soon',
    blank: ' ',
    'an object': {},
    'not finite': '1e999',
  })) {
    it(`assumes 24 hours if expires_in is ${name} and the token is opaque`, () => {
      assert.equal(read({ access_token: 'opaque', expires_in }).lifetimeMs, LONGEST_LIFETIME_MS);
    });

    it(`uses the JWT’s own lifetime if expires_in is ${name}`, async () => {
      assert.equal(read({ access_token: await signedJwt({ iat: 1000, exp: 1900 }), expires_in }).lifetimeMs, 900_000);
    });
  }

  it('reads expires_in from text', () =>
    assert.equal(read({ access_token: 'opaque', expires_in: '3600' }).lifetimeMs, 3_600_000));

  it('assumes 24 hours at most, even for the underflow that Scalekit once sent', () => {
    assert.equal(read('{"access_token":"opaque","expires_in":18446744064486179580}').lifetimeMs, LONGEST_LIFETIME_MS);
    assert.equal(read({ access_token: 'opaque', expires_in: '18446744064486179580' }).lifetimeMs, LONGEST_LIFETIME_MS);
    assert.equal(read({ access_token: 'opaque', expires_in: 7 * 86_400 }).lifetimeMs, LONGEST_LIFETIME_MS);
  });

  it('uses the shorter of expires_in and the JWT’s lifetime', async () => {
    const jwt = await signedJwt({ iat: 1000, exp: 1900 });
    assert.equal(read({ access_token: jwt, expires_in: 86399 }).lifetimeMs, 900_000);
    assert.equal(read({ access_token: jwt, expires_in: 60 }).lifetimeMs, 60_000);
  });

  it('ignores a JWT whose times give no lifetime', async () => {
    for (const times of [{ exp: 1900 }, { iat: 1900, exp: 1900 }, { iat: 2000, exp: 1900 }]) {
      assert.equal(read({ access_token: await signedJwt(times), expires_in: 60 }).lifetimeMs, 60_000);
    }
  });

  it('says whether the token states its own end, because otherwise the lifetime is a guess', async () => {
    assert.equal(read({ access_token: await signedJwt({ iat: 1000, exp: 1900 }), expires_in: 900 }).statesItsEnd, true);
    for (const access_token of [
      'opaque',
      'a.b.c',
      await signedJwt({ exp: 1900 }),
      await signedJwt({ iat: 1900, exp: 1900 }),
      await signedJwt({ iat: 0, exp: 7 * 86_400 }),
    ]) {
      for (const expires_in of [900, undefined])
        assert.equal(read({ access_token, expires_in }).statesItsEnd, undefined);
    }
  });

  it('reads the server’s clock from the Date header, so that a backdated iat doesn’t lengthen the lifetime', async () => {
    const issued = NOW / 1000;
    const access_token = await signedJwt({ iat: issued - 300, exp: issued + 180 });
    for (const minutesOff of [-10, 0, 10]) {
      const token = readTokenResponse(
        { ...responseWith({ access_token }), date: new Date(NOW).toUTCString() },
        NOW + minutesOff * MINUTE,
      );
      assert.equal(token.lifetimeMs, 180_000);
      assert.equal(token.serverClockAheadMs, 0 - minutesOff * MINUTE);
    }
    for (const date of [undefined, null, '', 'soon']) {
      const token = readTokenResponse({ ...responseWith({ access_token }), date }, NOW);
      assert.equal(token.lifetimeMs, 480_000);
      assert.ok(!('serverClockAheadMs' in token));
    }
  });

  it('counts the lifetime from receipt, even if the local clock is wrong', async () => {
    const issued = NOW / 1000;
    const jwt = await signedJwt({ iat: issued, exp: issued + 3600 });
    for (const minutesOff of [-10, 0, 10]) {
      const local = NOW + minutesOff * MINUTE;
      const token = read({ access_token: jwt, expires_in: 3600 }, local);
      assert.equal(expiresAt(token), local + 60 * MINUTE);
      assert.equal(isDueForRenewal(token, local), false);
      assert.equal(isDueForRenewal(token, local, MIN_LIFE_FOR_COPY_MS), false);
      assert.equal(isDueForRenewal(token, local + 58.9 * MINUTE), false);
      assert.equal(isDueForRenewal(token, local + 59.1 * MINUTE), true);
    }
  });
});

describe('a token', () => {
  const token = (lifetimeMs: number): AccessToken => ({ value: 'abc', receivedAt: NOW, lifetimeMs });

  it('is due for renewal in its last minute', () => {
    const day = token(86_399_000);
    assert.equal(isDueForRenewal(day, NOW + 86_399_000 - MINUTE), false);
    assert.equal(isDueForRenewal(day, NOW + 86_399_000 - MINUTE + 1), true);
  });

  it('is due for renewal in its last tenth if that’s shorter than a minute', () => {
    const short = token(100_000);
    assert.equal(isDueForRenewal(short, NOW + 90_000), false);
    assert.equal(isDueForRenewal(short, NOW + 90_001), true);
  });

  it('is too old to copy in its last 10 minutes, or its last tenth if that’s shorter', () => {
    const day = token(86_399_000);
    assert.equal(isDueForRenewal(day, NOW + 86_399_000 - 10 * MINUTE, MIN_LIFE_FOR_COPY_MS), false);
    assert.equal(isDueForRenewal(day, NOW + 86_399_000 - 10 * MINUTE + 1, MIN_LIFE_FOR_COPY_MS), true);
    const hour = token(60 * MINUTE);
    assert.equal(isDueForRenewal(hour, NOW + 54 * MINUTE, MIN_LIFE_FOR_COPY_MS), false);
    assert.equal(isDueForRenewal(hour, NOW + 54 * MINUTE + 1, MIN_LIFE_FOR_COPY_MS), true);
  });

  it('is due for renewal after it has expired', () => {
    assert.equal(isDueForRenewal(token(5_000), NOW + 60_000), true);
    assert.equal(isDueForRenewal(token(5_000), NOW + 60_000, MIN_LIFE_FOR_COPY_MS), true);
  });

  it('isn’t due for renewal if the clock is set back', () => {
    assert.equal(isDueForRenewal(token(100_000), NOW - 86_400_000), false);
    assert.equal(isDueForRenewal(token(100_000), NOW - 86_400_000, MIN_LIFE_FOR_COPY_MS), false);
  });
});
