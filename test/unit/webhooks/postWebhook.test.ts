import assert from 'node:assert/strict';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { loopbackAddresses, isLoopbackAddress, parseTarget } from '../../../src/webhooks/send/loopbackTarget';
import { MOST_RESPONSE_BYTES, postWebhook, type WebhookResult } from '../../../src/webhooks/send/postWebhook';
import { startHttpServer, type Answerer, type HttpServer } from '../../support/httpServer';
import { selfSignedCertificate } from '../../support/selfSignedCertificate';
import { freePort } from '../../support/receiverClient';

const BODY = Buffer.from('{"id":"evt_1"}\n');

describe('a webhook on its way', () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  const serve = async (answer: Answerer): Promise<HttpServer> => {
    const server = await startHttpServer(answer);
    open.push(server);
    return server;
  };
  const post = (
    url: string,
    more: { deadlineMs?: number; slowly?: boolean; signal?: AbortSignal; addresses?: string[] } = {},
  ): Promise<WebhookResult> =>
    postWebhook(
      {
        url: new URL(url),
        addresses: more.addresses ?? ['127.0.0.1', '::1'],
        headers: [['webhook-id', 'msg_1']],
        body: BODY,
        slowly: more.slowly,
      },
      more.signal,
      more.deadlineMs,
    );
  const statusOf = (result: WebhookResult): unknown => ('failure' in result ? result.failure : result.status);

  it('arrives byte for byte, with its headers and the name of the host, whole or in pieces', async () => {
    const server = await serve(
      (_seen, response) => void response.writeHead(201, { 'x-own': 'yes' }).end('{"ok":true}'),
    );
    const { port } = new URL(server.url);
    for (const slowly of [false, true]) {
      const result = await post(`http://app.localhost:${port}/hooks?x=1`, { slowly });
      assert.ok('status' in result);
      assert.deepEqual(
        [result.status, result.statusText, result.body.toString(), result.isCut],
        [201, 'Created', '{"ok":true}', false],
      );
      assert.ok(result.headers.some(([name, value]) => name === 'x-own' && value === 'yes'));
    }
    assert.equal(server.requests.length, 2);
    for (const { method, path, headers, body } of server.requests) {
      assert.deepEqual([method, path, headers['webhook-id'], body], ['POST', '/hooks?x=1', 'msg_1', BODY.toString()]);
      assert.equal(headers.host, `app.localhost:${port}`);
    }
  }).timeout(30_000);

  it('follows no redirect, and shows where it leads', async () => {
    const other = await serve((_seen, response) => void response.end());
    const server = await serve((_seen, response) => void response.writeHead(307, { location: `${other.url}/x` }).end());
    const result = await post(server.url);
    assert.ok('status' in result && result.status === 307);
    assert.ok(result.headers.some(([name, value]) => name === 'location' && value === `${other.url}/x`));
    assert.equal(other.requests.length, 0);
  });

  it('reads HTML, an error and an empty response, and 1 MB of an endless one', async () => {
    const server = await serve((seen, response) => {
      if (seen.path === '/html') response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Oops</h1>');
      else if (seen.path === '/empty') response.writeHead(204).end();
      else {
        const write = (): void => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          if (!response.destroyed) response.once('drain', write);
        };
        write();
      }
    });
    const html = await post(`${server.url}/html`);
    assert.ok('status' in html && html.status === 500 && html.body.toString() === '<h1>Oops</h1>');
    const empty = await post(`${server.url}/empty`);
    assert.ok('status' in empty && empty.status === 204 && empty.body.length === 0);
    const endless = await post(`${server.url}/endless`);
    assert.ok('status' in endless && endless.isCut);
    assert.equal(endless.body.length, MOST_RESPONSE_BYTES);
  });

  it('says why no response came: refused, hanging, cut, no HTTP, unknown certificate', async () => {
    const raw = createTcpServer();
    const sockets: Socket[] = [];
    let reply: string | undefined;
    raw.on('connection', (socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        if (reply === '') socket.destroy();
        else if (reply !== undefined) socket.end(reply);
      });
    });
    await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
    open.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        raw.close();
      },
    });
    const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`;
    assert.equal(statusOf(await post(url, { deadlineMs: 100, addresses: ['127.0.0.1'] })), 'timeout');
    reply = '';
    assert.equal(statusOf(await post(url)), 'reset');
    reply = 'SSH-2.0-nothing\r\n\r\n';
    assert.equal(statusOf(await post(url)), 'protocol');
    assert.equal(statusOf(await post(`http://127.0.0.1:${await freePort()}/`)), 'refused');

    const tls = createTlsServer(selfSignedCertificate('127.0.0.1'));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    open.push(tls);
    assert.equal(statusOf(await post(`https://127.0.0.1:${(tls.address() as AddressInfo).port}/`)), 'tls');
  });

  it('ends when it’s cancelled', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const sent = post(server.url, { signal: controller.signal });
    controller.abort();
    await assert.rejects(sent);
  });
});

describe('a webhook’s target', () => {
  it('is this machine only if every address of its host is', async () => {
    const resolve = async (host: string): Promise<readonly string[]> =>
      ({ 'mine.test': ['127.0.0.1', '::1'], 'mixed.test': ['127.0.0.1', '192.0.2.1'], 'other.test': ['192.0.2.1'] })[
        host
      ] ?? Promise.reject(new Error('ENOTFOUND'));
    assert.deepEqual(await loopbackAddresses('mine.test', resolve), ['127.0.0.1', '::1']);
    for (const host of [
      'mixed.test',
      'other.test',
      'unknown.test',
      '192.0.2.1',
      '0.0.0.0',
      '[::ffff:192.0.2.1]',
      '[::]',
    ])
      assert.equal(await loopbackAddresses(host, resolve), undefined, host);
    for (const host of ['localhost', 'a.localhost', 'LOCALHOST'])
      assert.deepEqual(await loopbackAddresses(host, resolve), ['127.0.0.1', '::1'], host);
    assert.deepEqual(await loopbackAddresses('[::1]', resolve), ['::1']);
    assert.ok(
      isLoopbackAddress('127.1.2.3') && isLoopbackAddress('::ffff:127.0.0.1') && !isLoopbackAddress('localhost'),
    );
  });

  it('is a URL without user information or fragment, and http if it has no scheme', () => {
    const good = {
      'localhost:3000/x?y=1': 'http://localhost:3000/x?y=1',
      ' https://a.test/ ': 'https://a.test/',
      '3000': 'http://localhost:3000/',
      ':3000/hooks': 'http://localhost:3000/hooks',
      '3000/hooks': 'http://localhost:3000/hooks',
    };
    for (const [text, href] of Object.entries(good)) {
      const url = parseTarget(text);
      assert.ok(url instanceof URL && url.href === href, text);
    }
    const bad = {
      '': 'notAnUrl',
      'a b': 'notAnUrl',
      'http://': 'notAnUrl',
      '99999': 'notAnUrl',
      'ftp://a': 'notHttp',
      'javascript://x': 'notHttp',
      'http://u:p@localhost': 'userInfo',
      'http://localhost/#x': 'fragment',
    };
    for (const [text, problem] of Object.entries(bad)) assert.equal(parseTarget(text), problem, text);
  });
});
