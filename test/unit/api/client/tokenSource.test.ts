import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeFetch } from '../../../../src/api/client/nodeFetch';
import { TokenSource, type TokenSourceOptions } from '../../../../src/api/client/tokenSource';
import { createTransport } from '../../../../src/api/client/transport';
import { sendJson, startHttpServer, type HttpServer } from '../../../support/httpServer';
import { signedJwt } from '../../../support/jwt';
import { rejection } from '../../../support/scalekitErrors';
import { until } from '../../../support/until';

const MINUTE = 60_000;
const SECRET = 'test_ 1/+=&%ü';

describe('TokenSource', () => {
  let server: HttpServer;
  let now: number;
  let issued: number;

  /** Issues a new token each time. */
  const issue: Parameters<typeof startHttpServer>[0] = (_request, response) =>
    sendJson(response, { access_token: `token${++issued}`, token_type: 'Bearer', expires_in: 3600 });

  function source(more: Partial<TokenSourceOptions> = {}): TokenSource {
    const exchange = createTransport({ fetch: nodeFetch, userAgent: 'unit-test/1', now: Date.now });
    return new TokenSource({
      credentials: { environmentUrl: server.url, clientId: 'skc_1', clientSecret: SECRET },
      exchange,
      now: () => now,
      retries: 0,
      ...more,
    });
  }

  beforeEach(async () => {
    now = Date.UTC(2030, 0, 1);
    issued = 0;
    server = await startHttpServer(issue);
  });

  afterEach(() => server.close());

  it('posts the client credentials as a form, without an Authorization header', async () => {
    await source().get();
    const [request] = server.requests;
    assert.equal(request?.method, 'POST');
    assert.equal(request?.path, '/oauth/token');
    assert.equal(request?.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(request?.headers.authorization, undefined);
    assert.deepEqual(
      [...new URLSearchParams(request?.body)],
      [
        ['grant_type', 'client_credentials'],
        ['client_id', 'skc_1'],
        ['client_secret', SECRET],
      ],
    );
  });

  it('makes one request for 100 concurrent calls, and returns the same token to all', async () => {
    const tokens = source();
    const values = await Promise.all(Array.from({ length: 100 }, () => tokens.get()));
    assert.equal(server.requests.length, 1);
    assert.deepEqual(new Set(values.map(({ value }) => value)), new Set(['token1']));
  });

  it('rejects 100 concurrent calls after one request and with one error', async () => {
    server.answerWith((_request, response) => sendJson(response, { error: 'server_error' }, 500));
    const tokens = source();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => tokens.get()));
    const reasons = new Set(
      outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as unknown) : 'a token')),
    );
    assert.equal(reasons.size, 1);
    assert.equal(server.requests.length, 1);
  });

  it('keeps the token until its last minute, then renews it', async () => {
    const tokens = source();
    assert.equal((await tokens.get()).value, 'token1');
    now += 59 * MINUTE;
    assert.equal((await tokens.get()).value, 'token1');
    now += 1;
    assert.equal(tokens.cached(), undefined);
    assert.equal((await tokens.get()).value, 'token2');
    assert.equal(server.requests.length, 2);
  });

  it('renews the token earlier if more lifetime is needed, but not with credentials that have been refused', async () => {
    const tokens = source();
    await tokens.get({ minimumLifeMs: 5 * MINUTE });
    now += 55 * MINUTE;
    assert.equal((await tokens.get({ minimumLifeMs: 5 * MINUTE })).value, 'token1');
    assert.equal(tokens.cached('', 5 * MINUTE)?.value, 'token1');
    now += 1;
    assert.equal(tokens.cached('', 5 * MINUTE), undefined);
    server.answerWith((_request, response) => sendJson(response, { error: 'invalid_client' }, 401));
    for (let time = 0; time < 3; time++) await rejection(tokens.get({ minimumLifeMs: 5 * MINUTE }), 'credentials');
    assert.equal(server.requests.length, 2);
    assert.equal((await tokens.get()).value, 'token1');
    server.answerWith(issue);
    assert.equal((await tokens.fetchNew()).value, 'token2');
    assert.equal((await tokens.get({ minimumLifeMs: 5 * MINUTE })).value, 'token2');
  });

  for (const minutes of [-10, 10]) {
    it(`works the same if the local clock is ${minutes} minutes off`, async () => {
      const serverTime = now / 1000;
      const jwt = await signedJwt({ iat: serverTime, exp: serverTime + 3600 });
      server.answerWith((_request, response) => sendJson(response, { access_token: jwt, expires_in: 3600 }));
      now += minutes * MINUTE;
      const tokens = source();
      const token = await tokens.get();
      assert.equal(token.lifetimeMs, 60 * MINUTE);
      now += 58 * MINUTE;
      assert.equal(await tokens.get(), token);
      assert.equal(server.requests.length, 1);
      now += 2 * MINUTE;
      await tokens.get();
      assert.equal(server.requests.length, 2);
    });
  }

  it('makes no request after its credentials were refused until fetchNew() is called', async () => {
    server.answerWith((_request, response) => sendJson(response, { error: 'invalid_client' }, 401));
    const tokens = source();
    const refusal = await rejection(tokens.get(), 'credentials', {
      server: 'authorization',
      status: 401,
      errorCode: 'invalid_client',
    });
    for (let time = 0; time < 5; time++) {
      now += 60 * MINUTE;
      assert.equal(await rejection(tokens.get(), 'credentials'), refusal);
      assert.equal(await rejection(tokens.get({ scope: 'openid' }), 'credentials'), refusal);
    }
    assert.equal(server.requests.length, 1);

    assert.notEqual(await rejection(tokens.fetchNew(), 'credentials'), refusal);
    assert.equal(server.requests.length, 2);
    await rejection(tokens.get(), 'credentials');
    assert.equal(server.requests.length, 2);

    server.answerWith(issue);
    assert.equal((await tokens.fetchNew()).value, 'token1');
    assert.equal((await tokens.get()).value, 'token1');
    assert.equal(server.requests.length, 3);
  });

  it('makes another request after any failure but refused credentials', async () => {
    const tokens = source();
    server.answerWith((_request, response) => sendJson(response, { error: 'server_error' }, 500));
    await rejection(tokens.get(), 'server');
    server.answerWith((_request, response) => void response.socket?.destroy());
    await rejection(tokens.get(), 'network');
    server.answerWith((_request, response) => void response.end('<html>Sign in</html>'));
    await rejection(tokens.get(), 'protocol', { reason: 'webPage' });
    server.answerWith(issue);
    assert.equal((await tokens.get()).value, 'token1');
  });

  it('retries after a transient server error', async () => {
    server.answerWith((request, response, index) =>
      index === 0 ? sendJson(response, {}, 503, { 'retry-after': '0' }) : issue(request, response, index),
    );
    assert.equal((await source({ retries: 1 }).get()).value, 'token1');
    assert.equal(server.requests.length, 2);
  });

  it('replaces the cached token when fetchNew() is called', async () => {
    const tokens = source();
    await tokens.get();
    assert.equal((await tokens.fetchNew()).value, 'token2');
    assert.equal((await tokens.get()).value, 'token2');
  });

  it('keeps the old token if fetching a new one fails', async () => {
    const tokens = source();
    await tokens.get();
    server.answerWith((_request, response) => sendJson(response, {}, 500));
    await rejection(tokens.fetchNew(), 'server');
    assert.equal((await tokens.get()).value, 'token1');
  });

  it('caches tokens of different scopes separately', async () => {
    const tokens = source();
    const [plain, scoped] = await Promise.all([tokens.get(), tokens.get({ scope: 'openid email' })]);
    assert.equal(server.requests.length, 2);
    assert.notEqual(plain.value, scoped.value);
    assert.equal(
      new URLSearchParams(server.requests.find(({ body }) => body.includes('scope'))?.body).get('scope'),
      'openid email',
    );
    await tokens.fetchNew({ scope: 'openid email' });
    assert.equal((await tokens.get()).value, plain.value);
    assert.equal(tokens.cached()?.value, plain.value);
    assert.equal(tokens.cached('other'), undefined);
  });

  it('doesn’t abort the request when only one of its callers gives up', async () => {
    server.answerWith(async (request, response, index) => {
      await delay(50);
      await issue(request, response, index);
    });
    const tokens = source();
    const leaver = new AbortController();
    const left = tokens.get({ signal: leaver.signal });
    const stayed = tokens.get({ signal: new AbortController().signal });
    await until('the request arrives', () => server.requests.length === 1);
    leaver.abort();
    await rejection(left, 'cancelled', { server: 'authorization' });
    assert.equal((await stayed).value, 'token1');
    assert.equal(server.requests.length, 1);
  });

  it('aborts the request when its last caller gives up, and makes a new one for the next', async () => {
    server.answerWith(() => undefined);
    const tokens = source();
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map(({ signal }) => tokens.get({ signal }));
    await until('the request arrives', () => server.requests.length === 1);
    leavers[0]?.abort();
    await rejection(left[0] ?? Promise.resolve(), 'cancelled');
    assert.equal(server.openSockets, 1);
    leavers[1]?.abort();
    await rejection(left[1] ?? Promise.resolve(), 'cancelled');
    await until('the connection is cut', () => server.openSockets === 0);
    server.answerWith(issue);
    assert.equal((await tokens.get()).value, 'token1');
  });

  it('discards a token that the API has refused, unless a newer one is already cached', async () => {
    const tokens = source();
    const first = await tokens.get();
    tokens.invalidate(first);
    const second = await tokens.get();
    assert.equal(second.value, 'token2');
    tokens.invalidate(first);
    assert.equal(tokens.cached(), second);
  });

  it('reports each token before it returns it', async () => {
    const told: string[] = [];
    const tokens = source({ onToken: ({ value }) => told.push(value) });
    const token = await tokens.get();
    assert.deepEqual(told, [token.value]);
    await tokens.fetchNew();
    assert.deepEqual(told, ['token1', 'token2']);
  });

  it('makes no request for the cached token', () => {
    assert.equal(source().cached(), undefined);
    assert.equal(server.requests.length, 0);
  });

  it('doesn’t put the secret into an error', async () => {
    server.answerWith((request, response) =>
      sendJson(response, { error: 'invalid_client' }, 401, { 'x-echo': encodeURIComponent(request.body) }),
    );
    const error = await rejection(source().get(), 'credentials');
    const shown = `${error.stack}${JSON.stringify(error)}${JSON.stringify(error.details)}`;
    for (const form of [SECRET, encodeURIComponent(SECRET), new URLSearchParams({ s: SECRET }).toString().slice(2)])
      assert.ok(!shown.includes(form));
  });
});
