import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { ScalekitClient } from '@scalekit-sdk/node';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { callbackOf, FormBrowser } from './formBrowser';

const CALLBACK = 'http://localhost:3000/callback';
/** More than are kept of anything. */
const SIGN_INS = 10_000;

describe('an attack on the sign-in of the sandbox', () => {
  let sandbox: Sandbox;
  let browser: FormBrowser;
  let looney = '';
  before(async () => {
    sandbox = await startSandbox({ organizations: 30, seed: 7 });
    const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    looney = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ?? '';
  });
  beforeEach(() => {
    browser = new FormBrowser(sandbox.url);
    sandbox.signIn.strictRedirects = false;
  });
  after(() => sandbox.close());

  const authorizeUrl = (parameters: Record<string, string> = {}) =>
    `/oauth/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: sandbox.clientId,
      redirect_uri: CALLBACK,
      scope: 'openid email offline_access',
      ...parameters,
    }).toString()}`;
  const signIn = async (parameters: Record<string, string> = {}) => {
    const page = await browser.open(authorizeUrl({ organization_id: looney, ...parameters }));
    return callbackOf(await browser.submit(page, { email: 'a@looney.example' })).get('code') ?? '';
  };
  const exchange = async (body: Record<string, string>) => {
    const { clientId, clientSecret } = sandbox;
    const response = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, redirect_uri: CALLBACK, ...body }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, string> };
  };
  /** With a Host of its own, which fetch wouldn't send. */
  const raw = (method: string, path: string, headers: Record<string, string>, body = '') =>
    new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      const { port } = new URL(sandbox.url);
      const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      sent.on('error', reject).end(body);
    });

  it('by DNS rebinding gets nothing but a refusal, from every page and endpoint of a sign-in', async () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example:80',
      '127.0.0.1.evil.example',
      '10.0.0.1',
      'localhost@evil.example',
    ]) {
      for (const [method, path] of [
        ['GET', authorizeUrl()],
        ['POST', '/oauth/authorize'],
        ['GET', '/login?authRequestID=req_1'],
        ['POST', '/login/code?authRequestID=req_1'],
        ['GET', '/idp/login?authRequestID=req_1'],
        ['GET', '/sandbox'],
        ['GET', '/sandbox/idp-initiated'],
        ['GET', '/oidc/logout'],
        ['GET', '/userinfo'],
        ['POST', '/oauth/introspect'],
        ['POST', '/revoke'],
      ] as const) {
        const { status, headers } = await raw(method, path, { host });
        assert.deepEqual(
          [status, headers['location'], headers['set-cookie']],
          [403, undefined, undefined],
          `${method} ${path} ${host}`,
        );
      }
      const form = { host, 'content-type': 'application/x-www-form-urlencoded' };
      const { status } = await raw('POST', '/oauth/token', form, 'grant_type=authorization_code&code=x');
      assert.equal(status, 403);
    }
    for (const host of ['localhost', 'LOCALHOST:80', 'app.localhost:9', '127.0.0.9', '[::1]:3000'])
      assert.equal((await raw('GET', '/sandbox', { host })).status, 200, host);
  });

  it('sees the issuer of the Host that a request names, if that is this machine', async () => {
    const { port } = new URL(sandbox.url);
    const issuerOf = async (host: string) =>
      (JSON.parse((await raw('GET', '/.well-known/openid-configuration', { host })).text) as { issuer: string }).issuer;
    assert.equal(await issuerOf(`localhost:${port}`), `http://localhost:${port}`);
    assert.equal(await issuerOf(`tenant.localhost:${port}`), `http://tenant.localhost:${port}`);
    assert.equal(await issuerOf('evil.example'), sandbox.url);
  });

  it('by a form of another site is refused, and so is a form that is sent twice or without its token', async () => {
    const page = await browser.open(authorizeUrl({ organization_id: looney }));
    const { pathname, search } = new URL(page.url);
    const path = `${pathname}${search}`;
    const token = /name="form_token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const good = new URLSearchParams({ form_token: token, email: 'a@looney.example' }).toString();
    const host = new URL(sandbox.url).host;
    const type = { host, 'content-type': 'application/x-www-form-urlencoded' };
    const foreignHeaders: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:3000' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreignHeaders) {
      const { status } = await raw('POST', path, { ...type, ...headers }, good);
      assert.equal(status, 403, JSON.stringify(headers));
    }
    assert.equal((await raw('POST', path, type, 'email=a@looney.example')).status, 400, 'without a token');
    assert.equal((await raw('POST', path, { host, 'content-type': 'text/plain' }, good)).status, 400, 'not a form');
    const other = await browser.open(authorizeUrl({ organization_id: looney }));
    const foreign = new URL(other.url);
    assert.equal(
      (await raw('POST', `${foreign.pathname}${foreign.search}`, type, good)).status,
      400,
      'of another form',
    );
    assert.equal((await raw('POST', path, type, good)).status, 302);
    assert.equal((await raw('POST', path, type, good)).status, 400, 'the second time');
  });

  it('by an open redirect ends on a text, at every address that takes a target', async () => {
    const targets = [
      'https://evil.example/',
      'http://localhost.evil.example/',
      'http://localhost@evil.example/',
      'http://user:secret@localhost:3000/',
      'http://127.0.0.1.evil.example/',
      '//evil.example/',
      '/\\evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      'http://localhost:3000/\r\nset-cookie: a=b',
      'http://local\thost/',
      'myapp://callback',
      'file:///etc/passwd',
      'not a URL',
    ];
    for (const target of targets) {
      const shown = await browser.open(authorizeUrl({ redirect_uri: target }));
      assert.equal(shown.status, 400, target);
      const out = await browser.open(`/oidc/logout?${new URLSearchParams({ post_logout_redirect_uri: target })}`);
      assert.equal(out.status, 400, target);
      const initiated = new URLSearchParams({ client_id: sandbox.clientId, target });
      assert.equal((await browser.open(`/sandbox/idp-initiated?${initiated}`)).status, 400, target);
    }
    sandbox.signIn.strictRedirects = true;
    assert.equal((await browser.open(authorizeUrl())).status, 400, 'not registered');
    const { json } = await exchange({ grant_type: 'client_credentials' });
    const patched = await fetch(`${sandbox.url}/api/v1/clients/${sandbox.clientId}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${json['access_token']}` },
      body: JSON.stringify({ post_login_uris: [CALLBACK, 'https://*.example.com/cb'] }),
    });
    assert.ok(patched.ok);
    assert.equal((await browser.open(authorizeUrl())).status, 200);
    for (const close of [
      `${CALLBACK}/`,
      `${CALLBACK}?x=1`,
      'http://localhost:3001/callback',
      'HTTP://localhost:3000/callback',
      'https://a.b.example.com/cb',
      'https://evil.example/.example.com/cb',
    ])
      assert.equal((await browser.open(authorizeUrl({ redirect_uri: close }))).status, 400, close);
    assert.equal((await browser.open(authorizeUrl({ redirect_uri: 'https://shop.example.com/cb' }))).status, 200);
    assert.equal((await browser.open('/oidc/logout?post_logout_redirect_uri=http://localhost:3000/')).status, 400);
  });

  it('by replay gets one answer for each code and each refresh token, also at the same time', async () => {
    const code = await signIn();
    const both = await Promise.all([1, 2, 3].map(() => exchange({ grant_type: 'authorization_code', code })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 400, 400]);
    const refreshToken = both.find(({ status }) => status === 200)?.json['refresh_token'] ?? '';
    const refreshed = await Promise.all(
      [1, 2, 3].map(() => exchange({ grant_type: 'refresh_token', refresh_token: refreshToken })),
    );
    assert.deepEqual(refreshed.map(({ status }) => status).sort(), [200, 400, 400]);
  });

  it('with a token in a query finds it in no list of requests', async () => {
    const { json } = await exchange({ grant_type: 'authorization_code', code: await signIn() });
    const idToken = json['id_token'] ?? '';
    await browser.open(`/oidc/logout?id_token_hint=${idToken}&post_logout_redirect_uri=${CALLBACK}`);
    const seen = JSON.stringify(sandbox.requests);
    assert.ok(seen.includes('/oidc/logout?id_token_hint=***'));
    assert.ok(!seen.includes(idToken) && !/req_\d/.test(seen));
  });

  it('from a page of elsewhere reads nothing, and a page of this machine only the four open addresses', async () => {
    const allowed = async (path: string, origin: string, method = 'GET') =>
      (await fetch(`${sandbox.url}${path}`, { method, headers: { origin } })).headers.get(
        'access-control-allow-origin',
      );
    const open = ['/.well-known/openid-configuration', '/keys', '/oauth/token', '/userinfo'];
    const shut = ['/oauth/introspect', '/revoke', '/oauth/authorize', '/login', '/api/v1/organizations', '/sandbox'];
    for (const path of open) {
      assert.equal(await allowed(path, 'http://localhost:5173'), 'http://localhost:5173', path);
      assert.equal(await allowed(path, 'https://evil.example'), null, path);
    }
    for (const path of shut) assert.equal(await allowed(path, 'http://localhost:5173'), null, path);
    const preflight = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'OPTIONS',
      headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' },
    });
    assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-methods')], [204, 'GET, POST']);
    assert.equal(preflight.headers.get('access-control-allow-credentials'), null);
  });

  it('sees on every page a policy that lets forms go to this request’s app alone, and a cookie that no script reads', async () => {
    const page = await browser.open(authorizeUrl({ organization_id: looney }));
    assert.match(
      page.headers.get('content-security-policy') ?? '',
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self' http:\/\/localhost:3000; frame-ancestors 'none'; base-uri 'none'$/,
    );
    assert.match((await browser.open('/sandbox')).headers.get('content-security-policy') ?? '', /form-action 'self';/);
    const { port } = new URL(sandbox.url);
    await browser.submit(page, { email: 'a@looney.example' });
    assert.deepEqual([...browser.cookies.keys()], [`scalekit_sandbox_${port}`]);
    const second = await raw('GET', '/oidc/logout', { host: `localhost:${port}` });
    assert.deepEqual(second.headers['set-cookie'], [
      `scalekit_sandbox_${port}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`,
    ]);
  });

  it(`by ${SIGN_INS + 100} sign-ins fills no memory: of each kind, no more than 10,000 are kept`, async function () {
    this.timeout(600_000);
    const { host } = new URL(sandbox.url);
    for (let count = 0; count < SIGN_INS + 100; count++) {
      const path = authorizeUrl({ organization_id: looney, prompt: 'login', state: String(count) });
      const { headers } = await raw('GET', path, { host });
      const { pathname, search } = new URL(String(headers['location']), sandbox.url);
      assert.equal((await raw('GET', pathname + search, { host })).status, 200);
    }
    let code = '';
    for (let count = 0; count < 30; count++) code = await signIn({ prompt: 'login' });
    assert.equal((await exchange({ grant_type: 'authorization_code', code })).status, 200);
    for (const [name, size] of Object.entries(sandbox.signInSizes())) assert.ok(size <= 10_000, `${name}: ${size}`);
    const { attempts, forms, log } = sandbox.signInSizes();
    assert.deepEqual(
      [attempts, forms, log].map((size) => (size ?? 0) > 9_000),
      [true, true, true],
    );
  });
});
