import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { nodeFetch } from '../../../../src/api/client/nodeFetch';
import { createTransport } from '../../../../src/api/client/transport';
import {
  MAX_RESPONSE_BYTES,
  type RequestLogEntry,
  type HttpResponse,
  type HttpRequest,
} from '../../../../src/api/client/http';
import { startHttpServer, type HttpServer } from '../../../support/httpServer';
import { rejection } from '../../../support/scalekitErrors';
import { until } from '../../../support/until';

const SECRET = 'test_verySecretValue';

describe('the transport', () => {
  const reports: RequestLogEntry[] = [];
  const exchange = createTransport({
    fetch: nodeFetch,
    userAgent: 'unit-test/1',
    now: Date.now,
    onRequest: (report) => reports.push(report),
  });
  const closers: (() => Promise<unknown> | void)[] = [];

  async function server(...parameters: Parameters<typeof startHttpServer>): Promise<HttpServer> {
    const started = await startHttpServer(...parameters);
    closers.push(() => started.close());
    return started;
  }

  async function rawServer(onSocket: (socket: Socket) => void): Promise<string> {
    const tcp: Server = createTcpServer(onSocket);
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    closers.push(() => void tcp.close());
    return `http://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
  }

  function send(url: string, more: Partial<HttpRequest> = {}): Promise<HttpResponse> {
    return exchange({ server: 'api', method: 'GET', url, headers: {}, deadlineMs: 1_500, ...more });
  }

  beforeEach(() => {
    reports.length = 0;
  });

  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  it('sends the request unchanged and returns the whole response, whatever its status', async () => {
    const { url, requests } = await server((_request, response) => {
      response
        .writeHead(404, { 'content-type': 'application/json', 'x-trace-id': 'a1b2', 'retry-after': '3' })
        .end('{"ä":1}');
    });
    const received = await send(`${url}/oauth/token?x=1`, {
      method: 'POST',
      headers: { Authorization: 'Bearer abc', 'Content-Type': 'text/plain' },
      body: 'grüße',
    });
    assert.deepEqual(received, {
      status: 404,
      contentType: 'application/json',
      retryAfter: '3',
      traceId: 'a1b2',
      text: '{"ä":1}',
    });
    const [request] = requests;
    assert.equal(request?.method, 'POST');
    assert.equal(request?.path, '/oauth/token?x=1');
    assert.equal(request?.body, 'grüße');
    assert.equal(request?.headers.authorization, 'Bearer abc');
    assert.equal(request?.headers['user-agent'], 'unit-test/1');
    assert.equal(request?.headers.accept, 'application/json');
  });

  it('reads a compressed response', async () => {
    const { url } = await server((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"zipped":true}'));
    });
    assert.equal((await send(url)).text, '{"zipped":true}');
  });

  it('ignores a trace ID that doesn’t look like one', async () => {
    const { url } = await server((_request, response, index) => {
      response.writeHead(200, { 'x-trace-id': index === 0 ? 'has spaces and <b>' : 'x'.repeat(65) }).end();
    });
    assert.equal((await send(url)).traceId, undefined);
    assert.equal((await send(url)).traceId, undefined);
  });

  describe('at its deadline', () => {
    it('gives up before any response, and closes the connection', async () => {
      const quiet = await server(() => undefined);
      const startedAt = performance.now();
      await rejection(send(quiet.url, { deadlineMs: 120, server: 'authorization' }), 'timeout', {
        server: 'authorization',
        maybeReceived: true,
        status: undefined,
      });
      const took = performance.now() - startedAt;
      assert.ok(took >= 110, `${took} ms`);
      await until('the socket closes', () => quiet.openSockets === 0);
    });

    it('gives up in the middle of a slow body', async () => {
      const slow = await server((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      });
      const startedAt = performance.now();
      await rejection(send(slow.url, { deadlineMs: 150 }), 'timeout', { status: 200 });
      const took = performance.now() - startedAt;
      assert.ok(took >= 140, `${took} ms`);
      await until('the socket closes', () => slow.openSockets === 0);
    });

    it('gives up if a server accepts the connection and sends nothing', async () => {
      const url = await rawServer((socket) => void socket.on('error', () => undefined));
      await rejection(send(url, { deadlineMs: 100 }), 'timeout');
    });
  });

  describe('with an abort signal', () => {
    it('sends nothing if it’s already aborted', async () => {
      const { url, requests } = await server((_request, response) => void response.end());
      await rejection(send(url, { signal: AbortSignal.abort() }), 'cancelled');
      await delay(20);
      assert.equal(requests.length, 0);
    });

    it('ends the request when it’s aborted, before or during the body', async () => {
      const quiet = await server((request, response) => {
        if (request.path === '/body') response.writeHead(200).write('{');
      });
      for (const path of ['/head', '/body']) {
        const controller = new AbortController();
        const sent = send(quiet.url + path, { signal: controller.signal });
        await until('the request arrives', () => quiet.requests.some((request) => request.path === path));
        await delay(20);
        controller.abort();
        await rejection(sent, 'cancelled');
      }
      await until('the sockets close', () => quiet.openSockets === 0);
    });

    it('leaves no listener on it', async () => {
      const { url } = await server((_request, response) => void response.end('{}'));
      const controller = new AbortController();
      let listeners = 0;
      const { signal } = controller;
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (...parameters: Parameters<typeof addEventListener>) => {
        listeners++;
        addEventListener.apply(signal, parameters);
      };
      signal.removeEventListener = (...parameters: Parameters<typeof removeEventListener>) => {
        listeners--;
        removeEventListener.apply(signal, parameters);
      };
      await send(url, { signal });
      assert.equal(listeners, 0);
    });
  });

  it('reads a response up to the size limit, and refuses a larger one, even if it’s compressed', async () => {
    const { url } = await server((request, response) => {
      switch (request.path) {
        case '/at':
          response.end(Buffer.alloc(MAX_RESPONSE_BYTES, 32));
          break;
        case '/over':
          response.end(Buffer.alloc(MAX_RESPONSE_BYTES + 1, 32));
          break;
        case '/bomb':
          response
            .writeHead(200, { 'content-encoding': 'gzip' })
            .end(gzipSync(Buffer.alloc(MAX_RESPONSE_BYTES + 1, 32)));
      }
    });
    assert.equal((await send(`${url}/at`)).text.length, MAX_RESPONSE_BYTES);
    await rejection(send(`${url}/over`), 'protocol', { reason: 'tooLarge', status: 200 });
    await rejection(send(`${url}/bomb`), 'protocol', { reason: 'tooLarge', status: 200 });
  });

  it('stops reading an endless response at the size limit', async () => {
    const endless = await server((_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1_000_000)));
        response.once('drain', more);
      };
      more();
    });
    await rejection(send(endless.url), 'protocol', { reason: 'tooLarge' });
    await until('the socket closes', () => endless.openSockets === 0);
  });

  for (const status of [301, 302, 303, 307, 308]) {
    it(`doesn’t follow a ${status}, so the other server receives nothing`, async () => {
      const other = await server((_request, response) => void response.end('{}'));
      const first = await server((request, response) => {
        response
          .writeHead(status, { location: request.path.startsWith('/same') ? '/elsewhere' : `${other.url}/catch` })
          .end();
      });
      const body = `client_secret=${SECRET}`;
      await rejection(send(`${first.url}/oauth/token`, { method: 'POST', body }), 'protocol', { reason: 'redirect' });
      await rejection(send(`${first.url}/same`, { headers: { Authorization: 'Bearer x' } }), 'protocol', {
        reason: 'redirect',
      });
      await delay(30);
      assert.equal(other.requests.length, 0);
      assert.deepEqual(
        first.requests.map(({ path }) => path),
        ['/oauth/token', '/same'],
      );
    });
  }

  it('reports a host name that doesn’t exist', async () => {
    const error = await rejection(send('http://no-such-host.invalid/'), 'network', { maybeReceived: false });
    assert.match(error.details.reason ?? '', /^(ENOTFOUND|EAI_AGAIN)$/);
  });

  it('reports a refused connection', async () => {
    const gone = await startHttpServer(() => undefined);
    await gone.close();
    await rejection(send(gone.url), 'network', { reason: 'ECONNREFUSED', maybeReceived: false });
  });

  it('reports a connection that’s reset before a response', async () => {
    const url = await rawServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await rejection(send(url), 'network', { reason: 'ECONNRESET', maybeReceived: true });
  });

  it('reports a connection that’s closed before a response', async () => {
    const url = await rawServer((socket) => socket.once('data', () => socket.destroy()));
    await rejection(send(url), 'network', { maybeReceived: true });
  });

  it('never mistakes half a body for a whole one', async () => {
    const { url } = await server((request, response) => {
      const whole = JSON.stringify({ organizations: [], total_size: 0 });
      response.writeHead(
        200,
        request.path === '/length' ? { 'content-length': whole.length } : { 'transfer-encoding': 'chunked' },
      );
      response.write(whole.slice(0, 10), () => response.socket?.destroy());
    });
    await rejection(send(`${url}/length`), 'network', { status: 200, maybeReceived: true });
    await rejection(send(`${url}/chunked`), 'network', { status: 200, maybeReceived: true });
  });

  it('reports a response that isn’t HTTP', async () => {
    const url = await rawServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    const error = await rejection(send(url), 'protocol');
    assert.match(error.details.reason ?? '', /^HPE_/);
  });

  it('reports a body that can’t be decompressed', async () => {
    const { url } = await server(
      (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no gzip'),
    );
    const error = await rejection(send(url), 'protocol');
    assert.match(error.details.reason ?? '', /^Z_/);
  });

  describe('over TLS', () => {
    let folder: string;

    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'scalekit-workbench-'));
      const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
      const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          ...kind,
          ...files,
          '-days',
          '2',
          '-subj',
          '/CN=localhost',
          '-addext',
          'subjectAltName=DNS:localhost',
        ],
        { stdio: 'pipe' },
      );
    });

    after(() => rmSync(folder, { recursive: true, force: true }));

    it('sends nothing to a server whose certificate isn’t trusted', async () => {
      let requests = 0;
      const https = createHttpsServer(
        { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) },
        (_request, response) => {
          requests++;
          response.end('{}');
        },
      );
      https.listen(0, '127.0.0.1');
      await once(https, 'listening');
      closers.push(() => void https.close());
      const port = (https.address() as AddressInfo).port;
      const body = `client_secret=${SECRET}`;
      await rejection(send(`https://localhost:${port}/oauth/token`, { method: 'POST', body }), 'tls', {
        reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        maybeReceived: false,
      });
      assert.equal(requests, 0);
    });

    it('reports a port that speaks plain HTTP', async () => {
      const { url } = await server((_request, response) => void response.end('{}'));
      const error = await rejection(send(url.replace('http:', 'https:')), 'tls', { maybeReceived: false });
      assert.match(error.details.reason ?? '', /EPROTO|WRONG_VERSION/);
    });
  });

  it('reports each request without its query, headers or body', async () => {
    const { url } = await server((request, response) => {
      if (request.path.startsWith('/drop')) response.socket?.destroy();
      else response.writeHead(200, { 'x-trace-id': 'trace9', 'set-cookie': SECRET }).end(SECRET);
    });
    const request = { method: 'POST', headers: { Authorization: `Bearer ${SECRET}` }, body: `client_secret=${SECRET}` };
    await send(`${url}/oauth/token?secret=${SECRET}`, request);
    const dropped = await rejection(send(`${url}/drop?a=${SECRET}&b=?`, request), 'network');
    assert.equal(reports.length, 2);
    const [first, second] = reports;
    assert.deepEqual(
      { ...first, durationMs: 0 },
      { method: 'POST', url: `${url}/oauth/token`, status: 200, traceId: 'trace9', durationMs: 0 },
    );
    assert.equal(second?.url, `${url}/drop`);
    assert.equal(second?.failure, 'ECONNRESET');
    assert.ok((first?.durationMs ?? -1) >= 0 && (first?.durationMs ?? 0) < 1_500);
    assert.ok(!JSON.stringify(reports).includes(SECRET));
    assert.ok(!`${dropped.stack}${JSON.stringify(dropped)}`.includes(SECRET));
    assert.equal(dropped.cause, undefined);
  });
});
