import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeFetch } from '../../../../src/api/client/nodeFetch';
import { ScalekitClient } from '../../../../src/api/client/scalekitClient';
import { TokenSource } from '../../../../src/api/client/tokenSource';
import { createTransport } from '../../../../src/api/client/transport';
import { sendJson, startHttpServer, type HttpServer, type SeenRequest } from '../../../support/httpServer';
import { rejection } from '../../../support/scalekitErrors';
import { until } from '../../../support/until';

const UNAUTHENTICATED = { code: 16, message: 'Token expired', details: [{ error_code: 'UNAUTHENTICATED' }] };

describe('ScalekitClient', () => {
  let server: HttpServer;
  let client: ScalekitClient;
  let now: number;
  let issued: number;
  /** Which tokens the API accepts. They're numbered from 1. */
  let accepts: (token: string) => boolean;
  let tokenEndpoint: (response: ServerResponse) => void;
  let api: (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

  const tokenRequests = (): number => server.requests.filter(({ path }) => path === '/oauth/token').length;
  const apiRequests = (): SeenRequest[] => server.requests.filter(({ path }) => path.startsWith('/api/'));

  beforeEach(async () => {
    now = Date.UTC(2030, 0, 1);
    issued = 0;
    accepts = () => true;
    tokenEndpoint = (response) => sendJson(response, { access_token: `token${++issued}`, expires_in: 3600 });
    api = (request, response) => sendJson(response, { path: request.path });
    server = await startHttpServer((request, response) => {
      if (request.path === '/oauth/token') return tokenEndpoint(response);
      const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
      return accepts(token) ? api(request, response) : sendJson(response, UNAUTHENTICATED, 401);
    });
    const exchange = createTransport({ fetch: nodeFetch, userAgent: 'unit-test/1', now: Date.now });
    const credentials = { environmentUrl: server.url, clientId: 'skc_1', clientSecret: 'test_1' };
    const tokens = new TokenSource({ credentials, exchange, now: () => now, retries: 0 });
    client = new ScalekitClient({ environmentUrl: server.url, tokens, exchange, now: () => now, retries: 0 });
  });

  afterEach(() => server.close());

  it('reads by POST once for each filter', async () => {
    api = (request, response) => sendJson(response, { filter: JSON.parse(request.body) as unknown });
    const read = (filter: unknown): Promise<unknown> =>
      client.readJsonByPost('/api/v1/events/paginated', { page_size: 100 }, filter);
    assert.deepEqual(await Promise.all([read({ a: 1 }), read({ a: 1 })]), [{ filter: { a: 1 } }, { filter: { a: 1 } }]);
    assert.deepEqual(await read({ a: 2 }), { filter: { a: 2 } });
    assert.deepEqual(
      apiRequests().map(({ method, path }) => `${method} ${path}`),
      Array(2).fill('POST /api/v1/events/paginated?page_size=100'),
    );
    accepts = (token) => token !== 'token1';
    assert.deepEqual(await read({ a: 3 }), { filter: { a: 3 } }, 'a 401 gets one new token');
  });

  it('sends the bearer token and no secret', async () => {
    assert.deepEqual(await client.getJson('/api/v1/things'), { path: '/api/v1/things' });
    const [request] = apiRequests();
    assert.equal(request?.method, 'GET');
    assert.equal(request?.headers.authorization, 'Bearer token1');
    assert.equal(request?.body, '');
    assert.ok(!JSON.stringify(request).includes('test_1'));
  });

  it('leaves out empty parameters and repeats lists', async () => {
    await client.getJson('/api/v1/things', {
      page_size: 100,
      page_token: undefined,
      external_id: '',
      features: ['sso', 'dir_sync'],
      all: false,
    });
    assert.equal(apiRequests()[0]?.path, '/api/v1/things?page_size=100&features=sso&features=dir_sync&all=false');
  });

  it('requests one token for 100 calls that start at once', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, index) => client.getJson(`/api/v1/things/${index}`)));
    assert.equal(tokenRequests(), 1);
    assert.equal(apiRequests().length, 100);
  });

  it('gets a new token and retries once after a 401', async () => {
    accepts = (token) => token === 'token2';
    assert.deepEqual(await client.getJson('/api/v1/things'), { path: '/api/v1/things' });
    assert.equal(tokenRequests(), 2);
    assert.deepEqual(
      apiRequests().map(({ headers }) => headers.authorization),
      ['Bearer token1', 'Bearer token2'],
    );
  });

  it('reports a second 401 as forbidden, because the API doesn’t accept this client', async () => {
    accepts = () => false;
    await rejection(client.getJson('/api/v1/things'), 'forbidden', {
      server: 'api',
      status: 401,
      errorCode: 'UNAUTHENTICATED',
    });
    assert.equal(tokenRequests(), 2);
    assert.equal(apiRequests().length, 2);
  });

  it('reports wrong credentials if the secret was revoked in the meantime', async () => {
    await client.getJson('/api/v1/things');
    accepts = () => false;
    tokenEndpoint = (response) => sendJson(response, { error: 'invalid_client' }, 401);
    await rejection(client.getJson('/api/v1/others'), 'credentials', {
      server: 'authorization',
      errorCode: 'invalid_client',
    });
    await rejection(client.getJson('/api/v1/others'), 'credentials', { server: 'authorization' });
    assert.equal(tokenRequests(), 2);
    assert.equal(apiRequests().length, 2);
  });

  it('shares one new token among calls that are refused at the same time', async () => {
    await client.getJson('/api/v1/things');
    accepts = (token) => token === 'token2';
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.getJson(`/api/v1/things/${index}`)));
    assert.equal(tokenRequests(), 2);
    assert.equal(apiRequests().length, 1 + 40);
  });

  it('doesn’t discard the new token when a late 401 arrives for the old one', async () => {
    await client.getJson('/api/v1/things');
    accepts = () => true;
    api = async (request, response) => {
      const old = request.headers.authorization === 'Bearer token1';
      if (old && request.path.endsWith('/slow')) await delay(80);
      sendJson(response, old ? UNAUTHENTICATED : { path: request.path }, old ? 401 : 200);
    };
    await Promise.all([client.getJson('/api/v1/slow'), client.getJson('/api/v1/fast')]);
    assert.equal(tokenRequests(), 2);
  });

  it('serves a second read from its cache', async () => {
    await client.getJson('/api/v1/things', { page_size: 1 });
    await client.getJson('/api/v1/things', { page_size: 1 });
    assert.equal(apiRequests().length, 1);
    await client.getJson('/api/v1/things', { page_size: 2 });
    await client.getJson('/api/v1/things', { page_size: 1 }, { fresh: true });
    assert.equal(apiRequests().length, 3);
  });

  it('refuses a response that isn’t JSON', async () => {
    api = (_request, response) => void response.writeHead(200, { 'x-trace-id': 'abc' }).end('<html>Sign in</html>');
    await rejection(client.getJson('/api/v1/things'), 'protocol', { reason: 'webPage', status: 200, traceId: 'abc' });
  });

  it('distinguishes the API’s failures', async () => {
    const kinds = {
      400: 'invalid',
      403: 'forbidden',
      404: 'notFound',
      409: 'conflict',
      429: 'rateLimit',
      500: 'server',
    } as const;
    for (const [status, kind] of Object.entries(kinds)) {
      api = (_request, response) => sendJson(response, { message: 'no' }, Number(status));
      await rejection(client.getJson(`/api/v1/${status}`), kind, {
        server: 'api',
        status: Number(status),
        serverMessage: 'no',
      });
    }
  });

  it('retries a GET after a transient server error', async () => {
    const { tokens } = client;
    const exchange = createTransport({ fetch: nodeFetch, userAgent: 'unit-test/1', now: Date.now });
    const patient = new ScalekitClient({ environmentUrl: server.url, tokens, exchange, now: () => now, retries: 1 });
    let failures = 1;
    api = (request, response) =>
      failures-- > 0 ? sendJson(response, {}, 503, { 'retry-after': '0' }) : sendJson(response, { path: request.path });
    assert.deepEqual(await patient.getJson('/api/v1/things'), { path: '/api/v1/things' });
    assert.equal(apiRequests().length, 2);
    assert.equal(tokenRequests(), 1);
  });

  it('ends a call when its only caller gives up, even while it waits to retry', async () => {
    api = () => undefined;
    const during = new AbortController();
    const hanging = client.getJson('/api/v1/things', {}, { signal: during.signal });
    await until('the call arrives', () => apiRequests().length === 1);
    during.abort();
    await rejection(hanging, 'cancelled');
    await until('the connection is cut', () => server.openSockets === 0);

    const exchange = createTransport({ fetch: nodeFetch, userAgent: 'unit-test/1', now: Date.now });
    const patient = new ScalekitClient({
      environmentUrl: server.url,
      tokens: client.tokens,
      exchange,
      now: () => now,
      retries: 3,
    });
    api = (_request, response) => sendJson(response, {}, 429, { 'retry-after': '20' });
    const waiting = new AbortController();
    const limited = patient.getJson('/api/v1/limited', {}, { signal: waiting.signal });
    await until('the call arrives', () => apiRequests().length === 2);
    await delay(20);
    waiting.abort();
    await rejection(limited, 'cancelled');
    assert.equal(apiRequests().length, 2);
  });
});
