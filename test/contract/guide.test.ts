import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { decodeProtectedHeader, decodeJwt } from 'jose';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';

const run = promisify(execFile);

/** The part of axios that the guide's Node example uses. It's installed, because the SDK depends on it. */
interface Axios {
  post(url: string, body: unknown, options: object): Promise<{ data: Record<string, unknown> }>;
  get(url: string, options: object): Promise<{ data: Record<string, unknown> }>;
}

describe("the code of Scalekit's authentication guide", () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ organizations: 3 });
  });
  after(() => sandbox.close());

  const listAsPrinted = (list: unknown) => {
    assert.deepEqual(Object.keys(list as object), [
      'next_page_token',
      'total_size',
      'organizations',
      'prev_page_token',
    ]);
    const { organizations, ...rest } = list as { organizations: object[] };
    assert.deepEqual(rest, { next_page_token: '', total_size: 3, prev_page_token: '' });
    const [first] = organizations;
    assert.equal(
      JSON.stringify(first),
      JSON.stringify({
        id: 'org_64444217115541813',
        create_time: '2025-03-20T13:55:46.690Z',
        update_time: '2025-03-21T05:55:03.416772Z',
        display_name: 'Looney Corp',
        region_code: 'US',
        external_id: 'my_unique_id',
        metadata: {},
      }),
    );
  };

  it('works with curl against the sandbox', async () => {
    const env = {
      ...process.env,
      SCALEKIT_ENVIRONMENT_URL: sandbox.url,
      SCALEKIT_CLIENT_ID: sandbox.clientId,
      SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
    };
    const shell = (script: string, extra: Record<string, string> = {}) =>
      run('sh', ['-c', script], { env: { ...env, ...extra } });
    const token = await shell(
      `curl -s -X POST \\
        "$SCALEKIT_ENVIRONMENT_URL/oauth/token" \\
        -H "Content-Type: application/x-www-form-urlencoded" \\
        -d "grant_type=client_credentials" \\
        -d "client_id=$SCALEKIT_CLIENT_ID" \\
        -d "client_secret=$SCALEKIT_CLIENT_SECRET" \\
        -d "scope=openid profile email"`,
    );
    const response = JSON.parse(token.stdout) as { access_token: string };
    assert.deepEqual(Object.keys(response), ['access_token', 'token_type', 'expires_in', 'scope']);
    assert.deepEqual(
      { ...response, access_token: '' },
      { access_token: '', token_type: 'Bearer', expires_in: 86399, scope: 'openid profile email' },
    );
    const list = await shell(
      `curl -s --request GET "$SCALEKIT_ENVIRONMENT_URL/api/v1/organizations" \\
        -H "Content-Type: application/json" \\
        -H "Authorization: Bearer $ACCESS_TOKEN"`,
      { ACCESS_TOKEN: response.access_token },
    );
    listAsPrinted(JSON.parse(list.stdout));
  });

  it('works in Node with axios against the sandbox', async () => {
    const axios = createRequire(require.resolve('@scalekit-sdk/node'))('axios') as Axios;
    const params = new URLSearchParams();
    params.append('grant_type', 'client_credentials');
    params.append('client_id', sandbox.clientId);
    params.append('client_secret', sandbox.clientSecret);
    params.append('scope', 'openid email profile');
    const response = await axios.post(`${sandbox.url}/oauth/token`, params, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    assert.equal(response.data['expires_in'], 86399);
    const list = await axios.get(`${sandbox.url}/api/v1/organizations`, {
      headers: { Authorization: `Bearer ${String(response.data['access_token'])}` },
    });
    listAsPrinted(list.data);
  });

  it('sends requests like its Python example, which work against the sandbox', async () => {
    const headers = {
      'User-Agent': 'python-requests/2.32.3',
      'Accept-Encoding': 'gzip, deflate',
      Accept: '*/*',
      Connection: 'keep-alive',
    };
    const form = `grant_type=client_credentials&client_id=${sandbox.clientId}&client_secret=${encodeURIComponent(sandbox.clientSecret)}`;
    const token = await send(
      'POST',
      `${sandbox.url}/oauth/token`,
      { ...headers, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(form.length) },
      form,
    );
    assert.deepEqual(
      Object.keys(token),
      ['access_token', 'token_type', 'expires_in'],
      'no scope was requested, so none is returned',
    );
    listAsPrinted(
      await send('GET', `${sandbox.url}/api/v1/organizations`, {
        ...headers,
        Authorization: `Bearer ${String(token['access_token'])}`,
      }),
    );
  });

  it('gets a token with the header and the claims that Scalekit documents', async () => {
    const response = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: sandbox.clientId,
        client_secret: sandbox.clientSecret,
      }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    const header = decodeProtectedHeader(token);
    assert.deepEqual({ ...header, kid: '' }, { alg: 'RS256', kid: '', typ: 'JWT' });
    assert.match(header.kid ?? '', /^snk_\d+$/);
    const claims = decodeJwt(token);
    assert.deepEqual(
      [claims.iss, claims.sub, claims['client_id'], claims.aud, claims['scopes']],
      [sandbox.url, sandbox.clientId, sandbox.clientId, [sandbox.clientId], []],
    );
    assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 86399);
    assert.equal(claims.nbf, claims.iat);
    assert.match(claims.jti ?? '', /^tkn_\d+$/);
    assert.ok(!('oid' in claims), 'the client belongs to no organization');
    const discovery = (await (await fetch(`${sandbox.url}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >;
    assert.deepEqual(
      [discovery['issuer'], discovery['token_endpoint'], discovery['jwks_uri']],
      [sandbox.url, `${sandbox.url}/oauth/token`, `${sandbox.url}/keys`],
    );
    const { keys } = (await (await fetch(discovery['jwks_uri'] ?? '')).json()) as { keys: Record<string, string>[] };
    assert.deepEqual(
      keys.map((key) => [Object.keys(key).join(), key['kid']]),
      [['use,kty,kid,alg,n,e', header.kid]],
    );
  });

  it('gets OAuth errors like those of zitadel/oidc', async () => {
    const post = async (body: Record<string, string> | string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${sandbox.url}/oauth/token`, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : new URLSearchParams(body),
      });
      return [response.status, await response.json()];
    };
    const good = { grant_type: 'client_credentials', client_id: sandbox.clientId, client_secret: sandbox.clientSecret };
    assert.deepEqual(await post({ ...good, client_secret: 'test_wrong' }), [401, { error: 'invalid_client' }]);
    assert.deepEqual(await post({ ...good, client_id: 'skc_1' }), [401, { error: 'invalid_client' }]);
    assert.deepEqual(await post({ client_id: 'x' }), [
      400,
      { error: 'invalid_request', error_description: 'grant_type missing' },
    ]);
    assert.deepEqual(await post({ ...good, grant_type: 'password' }), [
      400,
      { error: 'unsupported_grant_type', error_description: 'password not supported' },
    ]);
    assert.deepEqual(await post(JSON.stringify(good), { 'content-type': 'application/json' }), [
      400,
      { error: 'invalid_request', error_description: 'grant_type missing' },
    ]);
    const basic = Buffer.from(`${sandbox.clientId}:${encodeURIComponent(sandbox.clientSecret)}`).toString('base64');
    const [status] = await post({ grant_type: 'client_credentials' }, { authorization: `Basic ${basic}` });
    assert.equal(status, 200);
  });
});

function send(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text) as Record<string, unknown>));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
