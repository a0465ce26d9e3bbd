import assert from 'node:assert/strict';
import { isPrivateAddress } from '../../../src/mcp/privateAddress';
import { MOST_BYTES, MOST_REQUESTS, Prober, type HostAddress, type ProberOptions } from '../../../src/mcp/prober';
import { startHttpServer, type HttpServer } from '../../support/httpServer';
import { failsWithAbort } from './aborts';

describe('the requests of a check', () => {
  let server: HttpServer;
  /** What names mean, and how often each was asked for. */
  let names: Record<string, HostAddress[]>;
  let asked: string[];
  beforeEach(async () => {
    server = await startHttpServer((_request, response) => void response.end('{}'));
    names = { localhost: [{ address: '127.0.0.1', family: 4 }] };
    asked = [];
  });
  afterEach(() => server.close());

  const local = (): string => server.url.replace('127.0.0.1', 'localhost');
  const prober = (more: Partial<ProberOptions> = {}): Prober =>
    new Prober({
      resolve: async (hostname) => {
        asked.push(hostname);
        return names[hostname] ?? (/^[\d.]+$/.test(hostname) ? [{ address: hostname, family: 4 }] : []);
      },
      typedUrls: [local()],
      userAgent: 'test/1',
      now: () => 0,
      ...more,
    });
  const get = (url: string, from = prober()) => from.send({ method: 'GET', url, readBody: true });

  it('look each host up once, and connect to what was found', async () => {
    const sending = prober();
    await get(`${local()}/1`, sending);
    names = { localhost: [{ address: '192.0.2.1', family: 4 }] };
    const second = await get(`${local()}/2`, sending);
    assert.ok(typeof second !== 'string' && second.status === 200);
    assert.deepEqual(asked, ['localhost']);
    assert.equal(server.requests.length, 2);
  });

  it('never go to a private address behind a public name, typed or not', async () => {
    for (const address of ['127.0.0.1', '10.0.0.5', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1']) {
      names = { 'mcp.example.com': [{ address, family: address.includes(':') ? 6 : 4 }] };
      assert.equal(await get('https://mcp.example.com/'), 'private', address);
      assert.equal(
        await get('https://mcp.example.com/', prober({ typedUrls: ['https://mcp.example.com/mcp'] })),
        'private',
      );
    }
    names = {
      'mcp.example.com': [
        { address: '192.0.0.1', family: 4 },
        { address: '93.184.216.34', family: 4 },
      ],
    };
    assert.equal(await get('https://mcp.example.com/'), 'private', 'one of several');
  });

  it('never go to an address of this machine that nobody typed', async () => {
    const other = prober({ typedUrls: ['http://localhost:1/mcp'] });
    assert.equal(await get(`${local()}/`, other), 'private');
    assert.equal(await get(`${server.url}/`, other), 'private');
    assert.equal(await get('https://[::1]/', other), 'private');
    assert.equal(await get('https://2130706433/', other), 'private');
    assert.equal(server.requests.length, 0);
    assert.deepEqual(asked, []);
  });

  it('take http only for this machine, and no user name', async () => {
    assert.equal(await get('http://mcp.example.com/'), 'insecure');
    assert.equal(await get('https://user@mcp.example.com/'), 'userInfo');
    assert.equal(await get(`http://user:secret@localhost:${new URL(server.url).port}/`), 'userInfo');
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', '/relative', 'https:\\\\x', 'https://a b/', ''])
      assert.equal(await get(url), 'malformed', url);
    assert.deepEqual(asked, []);
  });

  it('end after 256 kB, and after the deadline', async () => {
    let written = 0;
    server.answerWith((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
      };
      response.on('drain', more);
      more();
    });
    assert.equal(await get(`${local()}/`), 'tooLarge');
    assert.ok(written < MOST_BYTES * 40, String(written));
    server.answerWith((_request, response) => void response.write('{'));
    assert.equal(await get(`${local()}/`, prober({ deadlineMs: 200 })), 'timeout');
    const stuck = prober({ deadlineMs: 200, resolve: () => new Promise(() => undefined) });
    assert.equal(await get(`${local()}/`, stuck), 'timeout');
  });

  it('are 10 at most, and don’t follow a redirect', async () => {
    server.answerWith((_request, response) => void response.writeHead(302, { location: 'http://10.0.0.1/' }).end());
    const sending = prober();
    for (let count = 0; count < MOST_REQUESTS; count++) {
      const response = await get(`${local()}/`, sending);
      assert.ok(typeof response !== 'string');
      assert.deepEqual([response.status, response.location], [302, 'http://10.0.0.1/']);
    }
    assert.equal(await get(`${local()}/`, sending), 'limit');
    assert.equal(server.requests.length, MOST_REQUESTS);
    assert.equal(sending.lines.length, MOST_REQUESTS);
  });

  it('stop when the user cancels', async () => {
    const cancel = new AbortController();
    server.answerWith(() => cancel.abort());
    await failsWithAbort(get(`${local()}/`, prober({ signal: cancel.signal })));
    await failsWithAbort(get(`${local()}/`, prober({ signal: cancel.signal })));
    assert.equal(server.requests.length, 1);
  });

  it('say in a line what came of each, without headers and bodies', async () => {
    const sending = prober();
    await sending.send({
      method: 'POST',
      url: `${local()}/mcp`,
      headers: { authorization: 'Bearer secret-token' },
      body: '{"secret":1}',
      readBody: false,
    });
    await get('http://localhost:1/', sending);
    assert.deepEqual(sending.lines, [
      { method: 'POST', url: `${local()}/mcp`, durationMs: 0, withToken: true, status: 200 },
      { method: 'GET', url: 'http://localhost:1/', durationMs: 0, withToken: false, failure: 'private' },
    ]);
    assert.ok(!JSON.stringify(sending.lines).includes('secret'));
    assert.equal(server.requests[0]?.headers['user-agent'], 'test/1');
  });
});

describe('a private address', () => {
  it('is one of this machine, of a private network, or reserved', () => {
    const known =
      '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.1.1 224.0.0.1 255.255.255.255 ' +
      ':: ::1 ::ffff:10.0.0.1 64:ff9b::7f00:1 fc00::1 fdff::1 fe80::1 ff02::1 not-an-address';
    for (const address of known.split(' ')) assert.ok(isPrivateAddress(address), address);
    for (const address of '1.1.1.1 172.32.0.1 93.184.216.34 2606:4700::1111 ::ffff:1.1.1.1'.split(' '))
      assert.ok(!isPrivateAddress(address), address);
  });
});
