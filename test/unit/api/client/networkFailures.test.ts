import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent, createServer as createHttpsServer, type ServerOptions } from 'node:https';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import { mayRetry } from '../../../../src/api/client/retry';
import { listOrganizations } from '../../../../src/api/organizations';
import { ScalekitClient } from '../../../../src/api/client/scalekitClient';
import { isOutcomeUnknown, ScalekitError } from '../../../../src/api/client/scalekitError';
import { TokenSource } from '../../../../src/api/client/tokenSource';
import { createTransport } from '../../../../src/api/client/transport';
import type { Send, HttpRequest } from '../../../../src/api/client/http';
import { callMessage } from '../../../../src/ui/callMessage';
import { english } from '../../../support/english';
import { sendJson, startHttpServer, type Answerer } from '../../../support/httpServer';
import { selfSignedCertificate } from '../../../support/selfSignedCertificate';
import { patient } from '../../../host/patience';

describe('A network failure', () => {
  const closers: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** Sends requests with these connection options, which simulate what VS Code or the system does. */
  function exchangeWith(
    options: AgentOptions & ConstructorParameters<typeof HttpsAgent>[0] = {},
    agent?: HttpAgent,
  ): Send {
    const [http, https] = [new HttpAgent(options), new HttpsAgent(options)];
    closers.push(() => (http.destroy(), https.destroy()));
    return createTransport({
      fetch: async (url, init) => {
        const { default: fetch } = await import('node-fetch');
        if (Object.keys(options).length === 0 && agent === undefined) return fetch(url, init);
        return fetch(url, { ...init, agent: agent ?? (url.startsWith('https:') ? https : http) });
      },
      userAgent: 'unit-test/1',
      now: Date.now,
    });
  }

  async function failureOf(
    url: string,
    { exchange = exchangeWith(), ...more }: Partial<HttpRequest> & { exchange?: Send } = {},
  ): Promise<ScalekitError> {
    const error: unknown = await exchange({
      server: 'api',
      method: 'PATCH',
      url,
      headers: {},
      body: '{"a":1}',
      ...more,
    }).then(
      ({ status }) => assert.fail(`it was answered with ${status}`),
      (reason: unknown) => reason,
    );
    return error instanceof ScalekitError ? error : assert.fail(String(error));
  }

  /** The message without the environment's name. */
  const said = (error: ScalekitError): string => callMessage(english, error, 'acme').text.replace(/^acme: /, '');
  const buttons = (error: ScalekitError): readonly string[] => callMessage(english, error, 'acme').remedies;

  async function port(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    return (server.address() as AddressInfo).port;
  }

  async function tlsServer(options: ServerOptions): Promise<string> {
    const server = createHttpsServer(options, (_request, response) => void response.end('{}'));
    server.on('tlsClientError', () => undefined);
    const url = `https://localhost:${await port(server)}`;
    closers.push(() => server.closeAllConnections());
    return url;
  }

  const toAddresses =
    (...addresses: { address: string; family: number }[]): LookupFunction =>
    (_host, _options, callback) =>
      callback(null, addresses);

  describe('before a connection exists', () => {
    const nothingSent = (error: ScalekitError): void => {
      assert.equal(error.details.maybeReceived, false);
      assert.equal(isOutcomeUnknown(error), false);
      assert.equal(mayRetry(error, false), true, 'a change may be made again');
      assert.deepEqual(buttons(error), ['retry']);
    };

    it('says that nothing was sent if some addresses time out and others refuse', async () => {
      // The error that Node reports if an IPv4 address doesn't answer in time and an IPv6 address refuses.
      const inTime = Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'connect' });
      const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
      const agent = new HttpAgent();
      agent.createConnection = () => {
        const socket = connect({ host: 'dual.example', port: 80, lookup: () => undefined });
        setImmediate(() => socket.destroy(Object.assign(new AggregateError([inTime, refused]), { code: 'ETIMEDOUT' })));
        return socket;
      };
      const error = await failureOf('http://dual.example/', { exchange: exchangeWith({}, agent) });
      nothingSent(error);
      assert.equal(error.kind, 'network');
      assert.match(said(error), /^the connection wasn’t made in time, so nothing was sent\./);
    });

    it('says that the connection was refused if all addresses refuse', async () => {
      const gone = createTcpServer();
      const number = await port(gone);
      await new Promise((resolve) => gone.close(resolve));
      closers.splice(0);
      const lookup = toAddresses({ address: '127.0.0.1', family: 4 }, { address: '127.0.0.2', family: 4 });
      const error = await failureOf(`http://dual.example:${number}/`, {
        exchange: exchangeWith({
          lookup,
          autoSelectFamily: true,
          // On a busy machine, Node's 250 ms for one address can pass before its refusal is read.
          autoSelectFamilyAttemptTimeout: patient(5_000),
        } as AgentOptions),
      });
      nothingSent(error);
      assert.equal(
        said(error),
        'nothing responds at this address (connection refused). Check the environment URL and its port.',
      );
    });

    it('says that nothing was sent if the deadline comes first', async () => {
      const error = await failureOf('http://slow.example/', {
        exchange: exchangeWith({ lookup: () => undefined }),
        deadlineMs: 100,
      });
      nothingSent(error);
      assert.equal(error.kind, 'timeout');
      assert.equal(
        said(error),
        'the connection wasn’t made in time, so nothing was sent. Check the network, VPN and proxy, then try again.',
      );
    });

    it('knows that nothing was sent if a TLS server accepts the connection and stays silent', async () => {
      const sockets: Socket[] = [];
      const number = await port(createTcpServer((socket) => void sockets.push(socket.on('error', () => undefined))));
      closers.push(() => sockets.forEach((socket) => socket.destroy()));
      nothingSent(await failureOf(`https://127.0.0.1:${number}/`, { deadlineMs: 150 }));
    });

    for (const [code, sentence] of Object.entries({
      EAI_AGAIN:
        /^the host name couldn’t be looked up \(DNS, EAI_AGAIN\)\. Check the network and VPN, then try again\.$/,
      EHOSTUNREACH: /^this network can’t reach the server \(EHOSTUNREACH\)\. Check the network and VPN/,
      ENETUNREACH: /^this network can’t reach the server \(ENETUNREACH\)/,
      EACCES: /^this computer doesn’t allow the connection \(EACCES\)\. Check its firewall/,
    })) {
      it(`explains ${code}`, async () => {
        const lookup: LookupFunction = (_host, _options, callback) =>
          callback(
            Object.assign(new Error(code), { code, syscall: code.startsWith('EAI') ? 'getaddrinfo' : 'connect' }),
            '',
            4,
          );
        const error = await failureOf('http://gone.example/', { exchange: exchangeWith({ lookup }) });
        nothingSent(error);
        assert.match(said(error), sentence);
      });
    }
  });

  describe('after the request was sent', () => {
    it('has an unknown outcome at the deadline', async () => {
      const { url, close } = await startHttpServer(() => undefined);
      closers.push(close);
      const error = await failureOf(url, { deadlineMs: 300 });
      assert.deepEqual(
        [error.kind, error.details.maybeReceived, isOutcomeUnknown(error), mayRetry(error, false)],
        ['timeout', true, true, false],
      );
      assert.equal(said(error), 'Scalekit didn’t respond in time. Check the network, then try again.');
    });

    it('has an unknown outcome if the server closes a reused connection', async () => {
      const number = await port(
        createTcpServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => {
            socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
            socket.once('data', () => socket.resetAndDestroy());
          });
        }),
      );
      const exchange = exchangeWith({ keepAlive: true, maxSockets: 1 });
      const url = `http://127.0.0.1:${number}/`;
      await exchange({ server: 'api', method: 'GET', url, headers: {} });
      const error = await failureOf(url, { exchange });
      assert.deepEqual([error.kind, error.details.maybeReceived, isOutcomeUnknown(error)], ['network', true, true]);
      assert.equal(mayRetry(error, true), true);
    });

    it('says that the connection was lost in the middle of the response', async () => {
      const { url, close } = await startHttpServer((_request, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"a":', () => response.socket?.destroy());
      });
      closers.push(close);
      assert.match(
        said(await failureOf(url)),
        /^the connection was lost in the middle of the response \(\w+\)\. Try again\.$/,
      );
    });
  });

  describe('in TLS', () => {
    const cases: Readonly<Record<string, readonly [() => ServerOptions, RegExp]>> = {
      'explains an expired certificate': [
        () => selfSignedCertificate('localhost', { expired: true }),
        /^by this computer’s clock, the server’s TLS certificate has expired \(CERT_HAS_EXPIRED\)\. Check the date and time; if they are right, whoever runs the server must renew it\.$/,
      ],
      'explains a certificate that isn’t valid yet': [
        () => selfSignedCertificate('localhost', { notYetValid: true }),
        /^by this computer’s clock, the server’s TLS certificate isn’t valid yet \(CERT_NOT_YET_VALID\)\. Check the date and time\.$/,
      ],
      'explains a certificate of another host': [
        () => selfSignedCertificate('other.example'),
        /^the server’s TLS certificate is for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)\. Check the environment URL\.$/,
      ],
      'explains that the server wants a client certificate': [
        () => ({
          ...selfSignedCertificate('localhost'),
          requestCert: true,
          rejectUnauthorized: true,
          minVersion: 'TLSv1.3',
        }),
        /^the server wants a client certificate from you \(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\)/,
      ],
      'explains that the server’s TLS version is too old': [
        () => ({
          ...selfSignedCertificate('localhost'),
          minVersion: 'TLSv1',
          maxVersion: 'TLSv1.1',
          ciphers: 'DEFAULT@SECLEVEL=0',
        }),
        /^the server and VS Code have no TLS version or cipher in common \(ERR_SSL_\w+\)/,
      ],
      'explains that no cipher is in common': [
        () => ({
          ...selfSignedCertificate('localhost'),
          maxVersion: 'TLSv1.2',
          ciphers: 'ECDHE-RSA-AES128-GCM-SHA256',
        }),
        /^the server and VS Code have no TLS version or cipher in common \(ERR_SSL_\w+\)/,
      ],
    };
    for (const [name, [options, sentence]] of Object.entries(cases)) {
      it(name, async () => {
        const server = options();
        // Trust is checked first, so these certificates must be trusted.
        const exchange = exchangeWith({ ca: [String(server.cert)] });
        const error = await failureOf(await tlsServer(server), { exchange });
        assert.deepEqual([error.kind, error.details.maybeReceived], ['tls', false]);
        assert.match(said(error), sentence);
        assert.deepEqual(buttons(error), ['retry']);
      });
    }

    it('explains an untrusted certificate', async () => {
      const error = await failureOf(await tlsServer(selfSignedCertificate('localhost')));
      assert.match(
        said(error),
        /^the server’s TLS certificate isn’t trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)\. Check the URL. Behind a company proxy/,
      );
    });
  });

  describe('caused by something that responds in Scalekit’s place', () => {
    const LOGIN = '<!DOCTYPE html><html><title>Guest Wi-Fi</title></html>';

    /** The error of a call if the API, or only the token endpoint, responds like this. */
    async function told(answer: Answerer, where: 'token' | 'api'): Promise<{ error: ScalekitError; requests: number }> {
      const server = await startHttpServer((request, response, index) => {
        if (where === 'api' && request.path === '/oauth/token')
          sendJson(response, { access_token: 'token', token_type: 'Bearer' });
        else return answer(request, response, index);
      });
      closers.push(server.close);
      const exchange = exchangeWith();
      const credentials = { environmentUrl: server.url, clientId: 'skc_1', clientSecret: 'test_secret' };
      const tokens = new TokenSource({ credentials, exchange, now: Date.now, retries: 1 });
      const client = new ScalekitClient({ environmentUrl: server.url, tokens, exchange, now: Date.now, retries: 1 });
      const error: unknown = await listOrganizations(client, {}).then(
        () => assert.fail('it was answered'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof ScalekitError)) throw error;
      return {
        error,
        requests: server.requests.filter(({ path }) => (path === '/oauth/token') === (where === 'token')).length,
      };
    }

    for (const where of ['token', 'api'] as const) {
      for (const [body, contentType] of [
        [LOGIN, 'text/html'],
        ['', 'text/plain'],
        ['{"message":"auth"}', 'application/json'],
      ] as const) {
        it(`names a proxy that wants a password (${where} request, ${contentType})`, async () => {
          const { error, requests } = await told(
            (_request, response) =>
              void response
                .writeHead(407, { 'content-type': contentType, 'proxy-authenticate': 'Basic realm="x"' })
                .end(body),
            where,
          );
          assert.equal(
            said(error),
            'the proxy on the way to Scalekit wants you to sign in (HTTP 407). Check the setting http.proxy and its user name and password, then try again.',
          );
          assert.deepEqual([isOutcomeUnknown(error), requests], [false, 1]);
        });
      }

      it(`names a network that wants a sign-in (${where} request)`, async () => {
        const { error } = await told(
          (_request, response) => void response.writeHead(511, { 'content-type': 'text/html' }).end(LOGIN),
          where,
        );
        assert.match(
          said(error),
          /^this network wants you to sign in first \(HTTP 511\)\. Open any web page in a browser to do so/,
        );
      });

      it(`recognizes a sign-in page with status 200 (${where} request)`, async () => {
        for (const contentType of ['text/html; charset=utf-8', 'application/json']) {
          const { error } = await told(
            (_request, response) => void response.writeHead(200, { 'content-type': contentType }).end(LOGIN),
            where,
          );
          assert.match(
            said(error),
            /^this doesn’t look like Scalekit: a web page came instead of JSON\. If this network, VPN or proxy wants you to sign in, do so in a browser/,
          );
          assert.deepEqual(buttons(error), ['retry', 'testConnection']);
        }
      });

      it(`explains an empty or truncated response with status 200 (${where} request)`, async () => {
        const empty = await told((_request, response) => void response.writeHead(200).end(), where);
        assert.match(said(empty.error), /^this doesn’t look like Scalekit: the response is empty\. Try again/);
        const half = await told(
          (_request, response) => void response.writeHead(200).end('{"access_token": "a", "organ'),
          where,
        );
        assert.equal(said(half.error), 'the response is damaged or was cut off on its way. Try again.');
      });

      it(`explains an encoding that wasn’t requested (${where} request)`, async () => {
        const { error } = await told(
          (_request, response) => void response.writeHead(200, { 'content-encoding': 'zstd' }).end('(\xb5/\xfd'),
          where,
        );
        assert.equal(error.details.reason, 'encoding');
        assert.match(said(error), /^the response is compressed in an unexpected way/);
      });
    }
  });

  it('says how long to wait after too many requests, but never “0 seconds”', () => {
    const waits: readonly (readonly [number | undefined, string])[] = [
      [undefined, 'Wait a minute, then try again.'],
      [0, 'Wait a minute, then try again.'],
      [400, 'Wait a minute, then try again.'],
      [1_000, 'Try again in a second.'],
      [1_500, 'Try again in 2 seconds.'],
      [119_000, 'Try again in 119 seconds.'],
      [600_000, 'Try again in 10 minutes.'],
      [3 * 3_600_000, 'Try again in 3 hours.'],
      [24 * 3_600_000, 'Try again in a day.'],
      [9e15, 'Try again in more than a day.'],
    ];
    for (const [retryAfterMs, sentence] of waits) {
      const error = new ScalekitError('rateLimit', { server: 'api', status: 429, maybeReceived: true, retryAfterMs });
      assert.equal(said(error), `too many requests for this environment. ${sentence}`);
    }
  });
});
