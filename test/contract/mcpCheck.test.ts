import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { anyFailed, checkServer, type ServerCheck } from '../../src/mcp/serverCheck';
import { Prober, type ProberOptions } from '../../src/mcp/prober';
import type { Step, StepName } from '../../src/mcp/step';
import { callWithToken, checkToken } from '../../src/mcp/tokenCheck';
import type { McpResource } from '../../src/sandbox/mcp/mcpResources';
import type { Sandbox } from '../../src/sandbox/sandboxServer';
import { parseJwt } from '../../src/tokens/inspect/parseJwt';
import { sendJson } from '../support/httpServer';
import type { McpServer, McpServerFaults } from '../support/mcpServer';
import { startSandboxMcpServer } from '../support/sandboxMcpServer';
import { newSigningKey } from '../support/signingKey';

const METADATA = '/.well-known/oauth-protected-resource/mcp';

describe('the check of an MCP server', () => {
  let sandbox: Sandbox;
  let url: string;
  let resource: McpResource;
  let server: McpServer;
  before(async () => {
    ({ sandbox, url, server, resource } = await startSandboxMcpServer(
      { organizations: 2, seed: 3 },
      { scopes: ['todo:read', 'todo:write'], takesResourceIssuer: true },
    ));
  });
  beforeEach(() => {
    server.faults = {};
    sandbox.clearFaults();
    sandbox.clearRequests();
  });
  after(async () => {
    await server.close();
    await sandbox.close();
  });

  const prober = (more: Partial<ProberOptions> = {}): Prober =>
    new Prober({
      resolve: (hostname) => lookup(hostname, { all: true }),
      typedUrls: [server.serverUrl, url],
      userAgent: 'test/1',
      now: Date.now,
      ...more,
    });
  const check = (
    faults: McpServerFaults = {},
    sending = prober(),
    serverUrl = server.serverUrl,
  ): Promise<ServerCheck> => {
    server.faults = faults;
    return checkServer(serverUrl, sending, (address) => new URL(address).origin === url);
  };
  const of = ({ steps }: { steps: readonly Step[] }, name: StepName): string => {
    const step = steps.find((each) => each.name === name) ?? assert.fail(`no step ${name}`);
    return `${step.outcome} ${step.reason}`;
  };
  const failed = ({ steps }: { steps: readonly Step[] }): string[] =>
    steps.filter(({ outcome }) => outcome === 'failed').map(({ name, reason }) => `${name} ${reason}`);

  it('finds nothing wrong with a good one, in 6 requests without a secret', async () => {
    const sending = prober();
    const result = await check({}, sending);
    assert.deepEqual(failed(result), []);
    assert.ok(!anyFailed(result.steps));
    assert.deepEqual(
      result.steps.map(({ name, outcome }) => `${name} ${outcome}`),
      [
        'unauthorized passed',
        'challenge passed',
        'metadataLink passed',
        'metadataAtPath passed',
        'metadataAtRoot notSent',
        'resource passed',
        'authorizationServers passed',
        'serverMetadataAtRoot passed',
        'serverMetadataAtPath passed',
        'issuer passed',
        'pkce passed',
        'endpoints passed',
        'registration passed',
        'scopes passed',
        'keys passed',
      ],
    );
    assert.equal(sending.lines.length, 6);
    assert.ok(!sandbox.requests.some(({ path }) => path.endsWith('clients:register')));
    assert.ok(server.requests.every(({ headers }) => headers.authorization === undefined));
  });

  const answer =
    (
      path: string,
      respond: (response: Parameters<NonNullable<McpServerFaults['respond']>>[1]) => void,
    ): McpServerFaults['respond'] =>
    (request, response) => {
      if (request.path !== path) return false;
      respond(response);
      return true;
    };
  const html = '<!doctype html><html><script>alert(1)</script></html>';

  for (const [fault, faults, expected] of [
    ['no header', () => ({ challenge: undefined }), 'challenge missing'],
    ['another scheme', () => ({ challenge: 'Basic realm="x"' }), 'challenge otherScheme'],
    ['no resource_metadata', () => ({ challenge: 'Bearer realm="OAuth"' }), 'metadataLink missing'],
    [
      'a resource_metadata that isn’t a URL',
      () => ({ challenge: 'Bearer resource_metadata="/x"' }),
      'metadataLink malformed',
    ],
    [
      'a wrong metadata URL',
      () => ({ challenge: `Bearer resource_metadata="${new URL('/wrong', server.serverUrl).href}"` }),
      'linkedMetadata status',
    ],
    ['another resource', () => ({ metadata: { resource: 'https://other.example/mcp' } }), 'resource different'],
    ['a trailing slash', () => ({ metadata: { resource: `${server.serverUrl}/` } }), 'resource trailingSlash'],
    [
      'the root instead of its path',
      () => ({ metadata: { resource: new URL('/', server.serverUrl).href } }),
      'resource otherPath',
    ],
    ['no resource', () => ({ metadata: { resource: undefined } }), 'resource missing'],
    [
      'no authorization_servers',
      () => ({ metadata: { authorization_servers: undefined } }),
      'authorizationServers missing',
    ],
    ['an empty list of them', () => ({ metadata: { authorization_servers: [] } }), 'authorizationServers missing'],
    ['a number instead', () => ({ metadata: { authorization_servers: [7] } }), 'authorizationServers wrongType'],
    [
      'the bare environment',
      () => ({ metadata: { authorization_servers: [url] } }),
      'authorizationServers bareEnvironment',
    ],
    [
      'http on another machine',
      () => ({ metadata: { authorization_servers: ['http://acme.scalekit.dev/resources/res_1'] } }),
      'authorizationServers insecure',
    ],
    [
      'an unknown resource',
      () => ({ metadata: { authorization_servers: [`${url}/resources/res_0`] } }),
      'serverMetadataAtRoot status',
    ],
    ['an unknown scope', () => ({ metadata: { scopes_supported: ['todo:burn'] } }), 'scopes unknownScopes'],
    [
      'HTML',
      () => ({
        respond: answer(METADATA, (response) => void response.setHeader('content-type', 'text/html').end(html)),
      }),
      'metadataAtPath html',
    ],
    [
      'no JSON',
      () => ({ respond: answer(METADATA, (response) => void response.end('[1]')) }),
      'metadataAtPath notJson',
    ],
    [
      'metadata behind the check of the token',
      () => ({ respond: answer(METADATA, (response) => void response.writeHead(401).end()) }),
      'metadataAtPath status',
    ],
    [
      'a redirect to a private address',
      () => ({
        respond: answer(
          METADATA,
          (response) => void response.writeHead(302, { location: 'http://169.254.169.254/x' }).end(),
        ),
      }),
      'metadataAtPath redirect',
    ],
    [
      'an endless response',
      () => ({
        respond: answer(METADATA, (response) => {
          const more = (): void => {
            while (!response.destroyed && response.write('x'.repeat(16_384)));
          };
          response.on('drain', more);
          more();
        }),
      }),
      'metadataAtPath tooLarge',
    ],
    [
      'no check of the token',
      () => ({ respond: answer('/mcp', (response) => sendJson(response, {})) }),
      'unauthorized open',
    ],
    [
      'a web page',
      () => ({ respond: answer('/mcp', (response) => void response.setHeader('content-type', 'text/html').end(html)) }),
      'unauthorized html',
    ],
    [
      '403 for everything',
      () => ({ respond: answer('/mcp', (response) => void response.writeHead(403).end()) }),
      'unauthorized forbidden',
    ],
    [
      'another path',
      () => ({ respond: answer('/mcp', (response) => void response.writeHead(404).end()) }),
      'unauthorized status',
    ],
    [
      'a redirect of the server itself',
      () => ({
        respond: answer('/mcp', (response) => void response.writeHead(307, { location: 'http://10.0.0.1/' }).end()),
      }),
      'unauthorized redirect',
    ],
  ] satisfies [string, () => McpServerFaults, string][]) {
    it(`names ${fault}`, async () => {
      const result = await check(faults());
      assert.ok(failed(result).includes(expected), `${expected} isn't among ${failed(result).join(', ')}`);
    });
  }

  /** The sandbox's metadata, changed. */
  async function withServerMetadata(change: Record<string, unknown>, only?: 'rfc' | 'suffix'): Promise<ServerCheck> {
    const paths = {
      rfc: `/.well-known/oauth-authorization-server/resources/${resource.id}`,
      suffix: `/resources/${resource.id}/.well-known/oauth-authorization-server`,
    };
    const good = (await (await fetch(`${url}${paths.rfc}`)).json()) as Record<string, unknown>;
    for (const [name, path] of Object.entries(paths))
      if (only === undefined || only === name)
        sandbox.addFault({ path, respond: { status: 200, body: { ...good, ...change } } });
    return check();
  }

  for (const [fault, change, expected] of [
    ['another issuer', { issuer: 'https://evil.example' }, 'issuer different'],
    ['no issuer', { issuer: undefined }, 'issuer missing'],
    ['no S256', { code_challenge_methods_supported: ['plain'] }, 'pkce noS256'],
    ['no PKCE at all', { code_challenge_methods_supported: undefined }, 'pkce missing'],
    ['no token endpoint', { token_endpoint: undefined }, 'endpoints missing'],
    ['a token endpoint without https', { token_endpoint: 'http://evil.example/token' }, 'endpoints malformed'],
    ['keys elsewhere', { jwks_uri: undefined }, 'keys missing'],
  ] as [string, Record<string, unknown>, string][]) {
    it(`names an authorization server with ${fault}`, async () => {
      assert.deepEqual(failed(await withServerMetadata(change)), [expected]);
    });
  }

  it('names two documents of the authorization server that disagree', async () => {
    assert.deepEqual(failed(await withServerMetadata({ issuer: url }, 'suffix')), ['issuer disagree']);
  });

  it('takes the environment as the issuer too', async () => {
    assert.equal(of(await withServerMetadata({ issuer: url }), 'issuer'), 'passed environmentIssuer');
  });

  it('says that registration wasn’t sent, since a client’s ID can be entered by hand', async () => {
    assert.equal(of(await withServerMetadata({ registration_endpoint: undefined }), 'registration'), 'notSent missing');
    sandbox.clearFaults();
    const cimd = { registration_endpoint: undefined, client_id_metadata_document_supported: true };
    assert.equal(of(await withServerMetadata(cimd), 'registration'), 'passed clientMetadata');
  });

  it('needs only one of the authorization server’s two documents', async () => {
    sandbox.addFault({ path: `/.well-known/oauth-authorization-server/resources/${resource.id}`, status: 404 });
    const result = await check();
    assert.deepEqual(failed(result), []);
    assert.equal(of(result, 'serverMetadataAtRoot'), 'noticed status');
  });

  it('doesn’t ask an authorization server on this machine that nobody typed or saved', async () => {
    const result = await check({}, prober({ typedUrls: [server.serverUrl] }));
    assert.equal(of(result, 'serverMetadataAtRoot'), 'notRead private');
    assert.equal(sandbox.requests.length, 0);
  });

  it('says of a server that can’t be reached only that it couldn’t be read', async () => {
    const gone = 'http://localhost:1/mcp';
    const result = await check({}, prober({ typedUrls: [gone] }), gone);
    assert.deepEqual([result.responded, failed(result)], [false, []]);
    assert.equal(of(result, 'unauthorized'), 'notRead refused');
  });

  describe('with an access token', () => {
    const seconds = (): number => Math.floor(Date.now() / 1000);
    /** A key of the environment, which the sandbox publishes beside its own. */
    let key: Awaited<ReturnType<typeof newSigningKey>>;
    before(async () => {
      key = await newSigningKey('snk_1');
    });
    beforeEach(() => sandbox.addFault({ path: '/keys', respond: { status: 200, body: { keys: [key.jwk] } } }));

    const claims = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
      iss: url,
      sub: 'usr_1',
      aud: [resource.id, server.serverUrl],
      client_id: 'm2m_1',
      scopes: ['todo:read'],
      exp: seconds() + 300,
      ...more,
    });
    async function withToken(more: Record<string, unknown> = {}, signer = key): Promise<Step[]> {
      const compact = await signer.sign(claims(more));
      const { header, claims: read } = parseJwt(compact);
      const sending = prober();
      const { facts } = await check({}, sending);
      const steps = await checkToken({ compact, header, claims: read }, server.serverUrl, facts, Date.now());
      steps.push(await callWithToken(server.serverUrl, compact, sending));
      const withIt = server.requests.filter(({ headers }) => headers.authorization === `Bearer ${compact}`);
      assert.deepEqual(
        withIt.map(({ path }) => path),
        ['/mcp'],
      );
      assert.ok(sending.lines.length <= 8, String(sending.lines.length));
      assert.ok(!JSON.stringify([steps, sending.lines]).includes(compact));
      return steps;
    }

    it('finds nothing wrong with a good one, of either issuer, and for the ID or the URL alone', async () => {
      for (const more of [
        {},
        { iss: `${url}/resources/${resource.id}` },
        { aud: resource.id },
        { aud: server.serverUrl },
        { scopes: ['todo:read', 'more'] },
      ]) {
        const steps = await withToken(more);
        assert.deepEqual(failed({ steps }), []);
        assert.equal(of({ steps }, 'call'), 'passed ok');
      }
    });

    for (const [fault, more, expected] of [
      ['a wrong audience', { aud: ['res_0', 'https://other.example/mcp'] }, ['aud different', 'call status']],
      ['no audience', { aud: undefined }, ['aud missing', 'call status']],
      ['a slash at the end of its audience', { aud: ['SLASH'] }, ['aud trailingSlash', 'call status']],
      ['a wrong issuer', { iss: 'https://evil.example' }, ['iss different', 'call status']],
      ['no issuer', { iss: undefined }, ['iss missing', 'call status']],
      ['an end in the past', { exp: 1_700_000_000 }, ['exp expired', 'call status']],
      ['no end', { exp: undefined }, ['exp missing']],
      ['a start in the future', { nbf: 4_000_000_000 }, ['nbf future', 'call status']],
      ['a missing scope', { scopes: ['openid'] }, ['tokenScopes noneOfThese', 'call insufficientScope']],
      ['no scopes', { scopes: undefined }, ['tokenScopes noneOfThese', 'call insufficientScope']],
    ] as [string, Record<string, unknown>, string[]][]) {
      it(`names ${fault}`, async () => {
        const said = JSON.parse(JSON.stringify(more).replace('SLASH', `${server.serverUrl}/`)) as Record<
          string,
          unknown
        >;
        const steps = await withToken({
          ...Object.fromEntries(Object.keys(more).map((name) => [name, undefined])),
          ...said,
        });
        assert.deepEqual(failed({ steps }), expected);
      });
    }

    it('names a signature by another key, and one by a key of the same name', async () => {
      assert.deepEqual(failed({ steps: await withToken({}, await newSigningKey('snk_2')) }), [
        'signature unknownKey',
        'call status',
      ]);
      assert.deepEqual(failed({ steps: await withToken({}, await newSigningKey('snk_1')) }), [
        'signature wrongSignature',
        'call status',
      ]);
    });
  });
});
