import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Connections } from '../../../src/sandbox/webhooks/post';
import { selfSignedCertificate } from '../../support/selfSignedCertificate';

describe('a POST of the sandbox', () => {
  const servers: { close(done?: () => void): unknown }[] = [];
  const sockets = new Set<Socket>();
  const open: Connections[] = [];

  afterEach(async () => {
    for (const connections of open.splice(0)) connections.close();
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  });

  /** A server that does this with each request, counted per server. */
  const listen = async (act: (socket: Socket, index: number) => void): Promise<string> => {
    let count = 0;
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.on('data', () => act(socket, count++));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  const to = (url: string) => {
    const connections = new Connections(new URL(url), 2);
    open.push(connections);
    return (timeoutMs = 5_000, signal = new AbortController().signal) =>
      connections.post({ 'x-a': '1' }, '{}', timeoutMs, signal);
  };

  it('keeps its connection, and sends again if the target had closed it meanwhile', async () => {
    const seen: number[] = [];
    const post = to(
      await listen((socket, index) => {
        seen.push(index);
        if (index === 1) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      }),
    );
    assert.deepEqual([(await post()).status, sockets.size], [200, 1]);
    const second = await post();
    assert.deepEqual([second.status, second.body, second.problem], [200, 'ok', undefined]);
    assert.deepEqual(seen, [0, 1, 2]);
  });

  it('says so if a first connection is closed without a response, and sends nothing again', async () => {
    const seen: number[] = [];
    const post = to(
      await listen((socket, index) => {
        seen.push(index);
        socket.destroy();
      }),
    );
    const { status, problem } = await post();
    assert.deepEqual([status, problem], [undefined, 'The target closed the connection without a response.']);
    assert.deepEqual(seen, [0]);
  });

  it('ends at its time limit, before a response or in the middle of one', async () => {
    const silent = await to(await listen(() => undefined))(120);
    assert.deepEqual([silent.status, silent.problem], [undefined, 'No response within 120 ms.']);
    const slow = await to(
      await listen((socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf')),
    )(2_000);
    assert.deepEqual(
      [slow.status, slow.body, slow.problem],
      [200, 'half', "The response didn't end within 2 seconds."],
    );
  });

  it('ends when it’s stopped, before or while it’s sent', async () => {
    const url = await listen(() => controller.abort());
    const controller = new AbortController();
    assert.equal((await to(url)(5_000, controller.signal)).problem, 'It was stopped.');
    assert.equal((await to(url)(5_000, AbortSignal.abort())).problem, 'It was stopped.');
  });

  it('keeps 64 kB of a response, counted in bytes', async () => {
    const body = 'é'.repeat(50_000);
    const {
      status,
      problem,
      body: kept,
    } = await to(
      await listen(
        (socket) => void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
      ),
    )();
    assert.deepEqual([status, problem, kept.length], [200, 'The response is longer than 64 kB.', 32_768]);
  });

  it('doesn’t trust a certificate that the system doesn’t trust', async () => {
    const server = createHttpsServer(selfSignedCertificate('localhost'), (_request, response) => response.end());
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { status, problem } = await to(`https://localhost:${(server.address() as AddressInfo).port}/`)();
    assert.equal(status, undefined);
    assert.match(problem ?? '', /certificate isn't trusted \(\w+\)\.$/);
  });

  it('never reaches a name of another machine', async () => {
    const { status, problem } = await to('http://nothing.invalid:1/')();
    assert.equal(status, undefined);
    assert.match(problem ?? '', /can't be resolved|another machine/);
  });
});
