import assert from 'node:assert/strict';
import { auth, type OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import type { McpResource } from '../../src/sandbox/mcp/mcpResources';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { startMcpServer, type McpServer } from '../support/mcpServer';
import { callbackOf, FormBrowser } from './formBrowser';

const CALLBACK = 'http://localhost:6274/oauth/callback';

/** An MCP client's memory, as the official SDK wants it. */
class Provider implements OAuthClientProvider {
  client: OAuthClientInformationMixed | undefined;
  saved: OAuthTokens | undefined;
  authorization: URL | undefined;
  private verifier = '';

  constructor(
    private readonly scope: string,
    private readonly method = 'none',
  ) {}

  readonly redirectUrl = CALLBACK;
  get clientMetadata() {
    return {
      client_name: 'Test client',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: this.method,
      scope: this.scope,
    };
  }
  clientInformation = () => this.client;
  saveClientInformation = (client: OAuthClientInformationMixed) => void (this.client = client);
  tokens = () => this.saved;
  saveTokens = (tokens: OAuthTokens) => void (this.saved = tokens);
  redirectToAuthorization = (url: URL) => void (this.authorization = url);
  saveCodeVerifier = (verifier: string) => void (this.verifier = verifier);
  codeVerifier = () => this.verifier;
}

describe('the official MCP TypeScript SDK, with the sandbox as the authorization server of an MCP server:', () => {
  let sandbox: Sandbox;
  let url: string;
  let resource: McpResource;
  let server: McpServer;
  before(async () => {
    sandbox = await startSandbox({ organizations: 5, seed: 3 });
    url = sandbox.url.replace('127.0.0.1', 'localhost');
    server = await startMcpServer({
      authorizationServer: () => `${url}/resources/${resource.id}`,
      issuers: () => [url, `${url}/resources/${resource.id}`],
      audience: (serverUrl) => [resource.id, serverUrl],
      jwksUri: () => `${url}/keys`,
      scope: 'todo:read',
    });
    resource = sandbox.addResource({ url: server.serverUrl, scopes: ['todo:read', 'todo:write'] });
  });
  beforeEach(() => {
    server.faults = {};
  });
  after(async () => {
    await server.close();
    await sandbox.close();
  });

  /** Signs in with a one-time code, up to the callback. */
  async function signIn(address: URL | undefined): Promise<URLSearchParams> {
    const browser = new FormBrowser(url);
    const hosted = await browser.open(address?.href ?? assert.fail('the client didn’t ask'));
    const code = await browser.submit(hosted, { email: 'mcp+sktest@nowhere.example' });
    return callbackOf(await browser.submit(code, { code: '424242' }));
  }
  /** Registers, signs in, and gets tokens, like a client that was given only the server's URL. */
  async function tokensFor(provider: Provider): Promise<OAuthTokens> {
    assert.equal(
      await auth(provider, { serverUrl: server.serverUrl, scope: provider.clientMetadata.scope }),
      'REDIRECT',
    );
    const authorizationCode = (await signIn(provider.authorization)).get('code') ?? assert.fail('no code');
    assert.equal(await auth(provider, { serverUrl: server.serverUrl, authorizationCode }), 'AUTHORIZED');
    return provider.saved ?? assert.fail('no tokens');
  }

  for (const method of ['none', 'client_secret_post', 'client_secret_basic']) {
    it(`registers itself (${method}), gets a token for the resource, and calls the server with it`, async () => {
      const provider = new Provider('todo:read offline_access', method);
      const tokens = await tokensFor(provider);
      const client = provider.client ?? assert.fail('no client');
      assert.match(client.client_id, /^m2m_\d+$/);
      assert.equal('client_secret' in client && client.client_secret !== undefined, method !== 'none');
      const claims = decodeJwt(tokens.access_token);
      assert.deepEqual(claims.aud, [resource.id, server.serverUrl]);
      assert.deepEqual([claims.iss, claims['client_id']], [url, client.client_id]);
      assert.deepEqual(claims['scopes'], ['todo:read', 'offline_access']);
      const before = server.accepted.length;
      const transport = new StreamableHTTPClientTransport(new URL(server.serverUrl), { authProvider: provider });
      const mcp = new Client({ name: 'test', version: '1' });
      await mcp.connect(transport as Parameters<Client['connect']>[0]);
      assert.equal(mcp.getServerVersion()?.name, 'test');
      await mcp.close();
      assert.ok(server.accepted.length > before);

      const old = tokens.refresh_token;
      assert.equal(await auth(provider, { serverUrl: server.serverUrl }), 'AUTHORIZED');
      assert.notEqual(provider.saved?.refresh_token, old);
      assert.deepEqual(decodeJwt(provider.saved?.access_token ?? '').aud, [resource.id, server.serverUrl]);
    });
  }

  it('gets a token with the resource’s own issuer, if the resource is set so', async () => {
    const own = resource;
    resource = sandbox.addResource({ url: server.serverUrl, scopes: ['todo:read'], issuer: 'resource' });
    try {
      const tokens = await tokensFor(new Provider('todo:read'));
      assert.equal(decodeJwt(tokens.access_token).iss, `${url}/resources/${resource.id}`);
      assert.equal(tokens.refresh_token, undefined);
    } finally {
      resource = own;
    }
  });

  it('is refused by the server with the token of another resource, of another issuer, or without the scope', async () => {
    const call = async (token: string): Promise<[number, string]> => {
      const response = await fetch(server.serverUrl, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: '{}',
      });
      return [response.status, response.headers.get('www-authenticate') ?? ''];
    };
    const { access_token: noScope } = await tokensFor(new Provider('openid todo:write'));
    const [status, header] = await call(noScope);
    assert.deepEqual([status, /error="insufficient_scope", scope="todo:read"/.test(header)], [403, true]);

    const own = resource;
    resource = sandbox.addResource({ url: server.serverUrl, scopes: ['todo:read'] });
    const { access_token: other } = await tokensFor(new Provider('todo:read'));
    resource = own;
    assert.equal((await call(other))[0], 200, 'its URL is in the audience too');
    const elsewhere = sandbox.addResource({ url: 'https://elsewhere.example/mcp', scopes: ['todo:read'] });
    const registered = await register(elsewhere.id, {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'client_secret_post',
    });
    const { client_id: clientId, client_secret: secret } = registered.json as {
      client_id: string;
      client_secret: string;
    };
    const machine = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: secret }),
    });
    const { access_token: wrongAudience } = (await machine.json()) as { access_token: string };
    assert.match((await call(wrongAudience))[1], /ERR_JWT_CLAIM_VALIDATION_FAILED/);

    // The same keys, but the token says 127.0.0.1.
    const { access_token: good } = await tokensFor(new Provider('todo:read'));
    assert.equal((await call(good))[0], 200);
    const [, payload] = good.split('.');
    assert.equal((await call(good.replace(`.${payload}.`, `.${payload}x.`)))[0], 401);
  });

  it('finds both metadata documents equal, and RFC 8414’s accepted by oauth4webapi', async () => {
    const issuer = new URL(`${url}/resources/${resource.id}`);
    const options = { algorithm: 'oauth2' as const, [oauth.allowInsecureRequests]: true };
    const read = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
    assert.deepEqual(read.code_challenge_methods_supported, ['S256']);
    const other = await fetch(`${issuer.href}/.well-known/oauth-authorization-server`);
    assert.deepEqual(await other.json(), read);
    for (const path of [
      `/resources/${resource.id}/.well-known/openid-configuration`,
      `/resources/${resource.id}/keys`,
      '/resources/res_0/.well-known/oauth-authorization-server',
    ])
      assert.equal((await fetch(`${url}${path}`)).status, 404, path);
  });

  /** Registers a client without the SDK. */
  async function register(id: string, body: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}/api/v1/resources/${id}/clients:register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return {
      status: response.status,
      json: (await response.json()) as Record<string, unknown>,
      headers: response.headers,
    };
  }

  it('can’t register what isn’t safe', async () => {
    for (const uri of [
      'http://evil.example/callback',
      'javascript:alert(1)',
      'myapp://callback',
      'https://*.example.com/callback',
      'https://me:secret@example.com/',
      'https://example.com/#x',
      'nothing',
      '',
      7,
    ]) {
      const { status, json } = await register(resource.id, { redirect_uris: [uri] });
      assert.deepEqual([status, json['error']], [400, 'invalid_redirect_uri'], String(uri));
    }
    for (const body of [{}, { redirect_uris: [] }, { redirect_uris: Array(21).fill(CALLBACK) }])
      assert.equal((await register(resource.id, body)).json['error'], 'invalid_redirect_uri');
    for (const body of [
      '',
      '[]',
      'null',
      '{',
      { redirect_uris: [CALLBACK], token_endpoint_auth_method: 'private_key_jwt' },
    ])
      assert.equal((await register(resource.id, body)).json['error'], 'invalid_client_metadata');
    assert.equal((await register('res_0', { redirect_uris: [CALLBACK] })).status, 404);
    const asForm = await register(resource.id, { redirect_uris: [CALLBACK] }, { 'content-type': 'text/plain' });
    assert.equal(asForm.status, 400, 'a page elsewhere could send this');
    for (const uri of ['https://claude.example/callback', 'http://127.0.0.1:33418/', 'http://[::1]:1/x'])
      assert.equal((await register(resource.id, { redirect_uris: [uri] })).status, 201, uri);
  });

  it('must use PKCE, its own resource and its own address', async () => {
    const { json } = await register(resource.id, {
      redirect_uris: ['https://client.example/callback'],
      token_endpoint_auth_method: 'none',
    });
    const ask = async (more: Record<string, string>): Promise<Response> => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: String(json['client_id']),
        redirect_uri: 'https://client.example/callback',
        scope: 'todo:read',
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
        ...more,
      });
      return fetch(`${url}/oauth/authorize?${query}`, { redirect: 'manual' });
    };
    const errorOf = async (more: Record<string, string>) =>
      new URL((await ask(more)).headers.get('location') ?? '', url).searchParams.get('error');
    assert.equal(await errorOf({}), null);
    assert.equal(await errorOf({ code_challenge: '' }), 'invalid_request');
    assert.equal(await errorOf({ code_challenge_method: 'plain' }), 'invalid_request');
    assert.equal(await errorOf({ resource: 'https://elsewhere.example/mcp' }), 'invalid_target');
    assert.equal(await errorOf({ resource: server.serverUrl }), null);
    assert.equal(await errorOf({ resource: resource.id }), null);
    assert.equal((await ask({ redirect_uri: 'https://evil.example/callback' })).status, 400);
  });

  it('may be one of 1,000: the oldest registration is forgotten', async function () {
    this.timeout(60_000);
    const first = String((await register(resource.id, { redirect_uris: [CALLBACK] })).json['client_id']);
    for (let count = 0; count < 1_000; count += 50)
      await Promise.all(Array.from({ length: 50 }, () => register(resource.id, { redirect_uris: [CALLBACK] })));
    assert.equal(sandbox.registeredClients, 1_000);
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: first,
      redirect_uri: CALLBACK,
      scope: 'openid',
    });
    const response = await fetch(`${url}/oauth/authorize?${query}`, { redirect: 'manual' });
    assert.deepEqual([response.status, await response.text()], [400, 'unable to retrieve client by id\n']);
  });

  it('is served to a page of this machine, such as MCP Inspector', async () => {
    const origin = 'http://localhost:6274';
    for (const path of [
      `/.well-known/oauth-authorization-server/resources/${resource.id}`,
      `/resources/${resource.id}/.well-known/oauth-authorization-server`,
    ])
      assert.equal(
        (await fetch(`${url}${path}`, { headers: { origin } })).headers.get('access-control-allow-origin'),
        origin,
      );
    const { headers } = await register(resource.id, { redirect_uris: [CALLBACK] }, { origin });
    assert.equal(headers.get('access-control-allow-origin'), origin);
    await register(resource.id, { redirect_uris: ['https://evil.example/callback'] });
    const evil = await register(resource.id, { redirect_uris: [CALLBACK] }, { origin: 'https://evil.example' });
    assert.equal(evil.headers.get('access-control-allow-origin'), null);
  });

  it('is listed, added and deleted by the control endpoint', async () => {
    const control = async (method: string, path = '', body?: unknown) => {
      const response = await fetch(`${url}/__sandbox/resources${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as Record<string, unknown> };
    };
    const { json } = await control('POST', '', { url: 'http://localhost:3002/', scopes: ['a:b'], issuer: 'resource' });
    assert.match(String(json['authorization_server']), /^http:\/\/.+\/resources\/res_\d+$/);
    const listed = (await control('GET')).json['resources'] as { id: string; url: string }[];
    assert.equal(listed[0]?.url, 'http://localhost:3002/mcp', 'the sample');
    assert.ok(listed.some(({ id }) => id === json['id']));
    for (const body of [
      {},
      { url: 'x' },
      { url: 'ftp://a/' },
      { url: 'http://a/', scopes: 'a' },
      { url: 'http://a/', scopes: ['a b'] },
      { url: 'http://a/', issuer: 'x' },
      { url: 'https://u:p@a/' },
    ])
      assert.equal((await control('POST', '', body)).status, 400, JSON.stringify(body));
    assert.equal((await control('DELETE', `/${String(json['id'])}`)).status, 200);
    assert.equal((await control('DELETE', `/${String(json['id'])}`)).status, 404);
  });
});
