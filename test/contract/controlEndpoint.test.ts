import assert from 'node:assert/strict';
import { request } from 'node:http';
import { ListOrganizationsResponseSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { callbackOf, FormBrowser } from './formBrowser';
import { fetchToken, judgeError, RestJudge } from './restJudge';

const CALLBACK = 'http://localhost:3000/callback';

describe('the control endpoint of the sandbox', () => {
  let sandbox: Sandbox;
  let rest: RestJudge;
  before(async () => {
    sandbox = await startSandbox({ organizations: 30, seed: 7 });
    rest = new RestJudge(sandbox);
    await rest.token();
  });
  after(() => sandbox.close());
  afterEach(() => order('DELETE', 'faults'));

  const order = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${sandbox.url}/__sandbox/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const list = () => rest.send('GET', 'organizations', ListOrganizationsResponseSchema);
  const raw = async (path = '/api/v1/organizations') =>
    fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${await rest.token()}` } });

  it('makes the next two requests to a path fail, and none to another path', async () => {
    await order('POST', 'faults', {
      path: '/api/v1/organizations',
      times: 2,
      status: 503,
      errorCode: 'DOWN',
      message: 'Down for lunch',
    });
    await rest.fail('GET', 'organizations/org_1', 404);
    for (let i = 0; i < 2; i++) {
      const error = await rest.fail('GET', 'organizations', 503);
      assert.deepEqual([error.code, error.message, error.info?.errorCode], [14, 'Down for lunch', 'DOWN']);
    }
    await list();
    const { body } = await order('GET', 'faults');
    assert.deepEqual(
      (body['faults'] as { used: number }[]).map(({ used }) => used),
      [2],
    );
  });

  it('adds either kind of Retry-After to a 429', async () => {
    for (const retryAfter of [7, 'Wed, 21 Oct 2026 07:28:00 GMT']) {
      await order('POST', 'faults', { status: 429, retryAfter, times: 1 });
      const response = await raw();
      assert.deepEqual([response.status, response.headers.get('retry-after')], [429, String(retryAfter)]);
      assert.equal(judgeError(await response.text()).info?.errorCode, 'RATE_LIMITED');
    }
  });

  it('delays the usual response', async () => {
    await order('POST', 'faults', { delayMs: 150, times: 1 });
    const start = performance.now();
    await list();
    assert.ok(performance.now() - start >= 145);
  });

  it('drops a connection, and cuts a body in half', async () => {
    await order('POST', 'faults', { drop: true, times: 1 });
    await assert.rejects(raw(), TypeError);
    await order('POST', 'faults', { halfBody: true, times: 1 });
    const response = await raw();
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), TypeError);
    await list();
  });

  it("responds with a proxy's HTML, JSON that ends too early, and a custom response", async () => {
    await order('POST', 'faults', { html: true, times: 1 });
    const html = await raw();
    assert.deepEqual([html.status, html.headers.get('content-type')], [502, 'text/html; charset=UTF-8']);
    assert.match(await html.text(), /<h1>502 Bad Gateway<\/h1>/);
    await order('POST', 'faults', { wrongJson: true, times: 1 });
    await assert.rejects((await raw()).json(), SyntaxError);
    await order('POST', 'faults', { respond: { status: 218, headers: { 'x-mine': 'yes' }, body: { a: 1 } }, times: 1 });
    const own = await raw();
    assert.deepEqual([own.status, own.headers.get('x-mine'), await own.json()], [218, 'yes', { a: 1 }]);
  });

  it('gives faults of the token endpoint the form of OAuth errors', async () => {
    await order('POST', 'faults', { path: '/oauth/*', status: 500, times: 1 });
    const response = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST' });
    assert.deepEqual([response.status, await response.json()], [500, { error: 'server_error' }]);
  });

  it('starts a fault with the third request', async () => {
    await order('POST', 'faults', { path: '/api/v1/*', after: 2, status: 500 });
    await list();
    await list();
    await rest.fail('GET', 'organizations', 500);
    await rest.fail('GET', 'organizations', 500);
  });

  it('moves the time on, by which tokens and codes expire', async () => {
    const moved = await startSandbox({ organizations: 1, seed: 7 });
    try {
      const move = async (seconds: unknown) => {
        const response = await fetch(`${moved.url}/__sandbox/time`, {
          method: 'POST',
          body: JSON.stringify({ move_on_seconds: seconds }),
        });
        return { status: response.status, body: (await response.json()) as unknown };
      };
      const bearer = await fetchToken(moved.url, moved.clientId, moved.clientSecret);
      const status = async () =>
        (await fetch(`${moved.url}/api/v1/organizations`, { headers: { authorization: `Bearer ${bearer}` } })).status;
      const browser = new FormBrowser(moved.url);
      const code = async () => {
        const query = new URLSearchParams({
          response_type: 'code',
          client_id: moved.clientId,
          redirect_uri: CALLBACK,
          scope: 'openid',
          organization_id: organization,
          prompt: 'login',
        });
        const page = await browser.open(`/oauth/authorize?${query.toString()}`);
        return callbackOf(await browser.submit(page, { email: 'a@looney.example' })).get('code') ?? '';
      };
      const exchange = async (given: string) => {
        const response = await fetch(`${moved.url}/oauth/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            code: given,
            redirect_uri: CALLBACK,
            client_id: moved.clientId,
            client_secret: moved.clientSecret,
          }),
        });
        return response.status;
      };
      const listed = await fetch(`${moved.url}/api/v1/organizations`, {
        headers: { authorization: `Bearer ${bearer}` },
      });
      const [{ id: organization } = { id: '' }] = ((await listed.json()) as { organizations: { id: string }[] })
        .organizations;
      const early = await code();
      assert.deepEqual(await move(540), { status: 200, body: { ahead_seconds: 540 } });
      assert.equal(await exchange(early), 200, 'a code lives for ten minutes');
      const late = await code();
      assert.deepEqual(await move(660), { status: 200, body: { ahead_seconds: 1200 } });
      assert.equal(await exchange(late), 400);
      assert.equal(await status(), 200);
      await move(86_400);
      assert.equal(await status(), 401);
      for (const wrong of [-1, '60', null, 1e12]) assert.equal((await move(wrong)).status, 400, String(wrong));
    } finally {
      await moved.close();
    }
  });

  it('expires tokens, rotates keys, and limits the requests of a minute', async () => {
    await list();
    await order('POST', 'expire-tokens');
    assert.equal((await rest.fail('GET', 'organizations', 401)).message, 'Token expired');
    rest.forgetToken();
    await list();
    await order('POST', 'rotate-keys', { keep_old: true });
    await list();
    await order('POST', 'rotate-keys');
    assert.equal((await rest.fail('GET', 'organizations', 401)).message, 'Token invalid');
    rest.forgetToken();
    await order('POST', 'rate-limit', { per_minute: 3 });
    for (let i = 0; i < 3; i++) await list();
    assert.equal((await rest.fail('GET', 'organizations', 429)).info?.errorCode, 'RATE_LIMITED');
    await order('POST', 'rate-limit', { per_minute: null });
    await list();
  });

  it('creates clients with fewer permissions, which get a 403 that names the missing one, and revokes secrets', async () => {
    const { body } = await order('POST', 'clients', { permissions: ['organizations_read'] });
    const weak = new RestJudge(sandbox, {
      clientId: String(body['client_id']),
      clientSecret: String(body['client_secret']),
    });
    await weak.send('GET', 'organizations', ListOrganizationsResponseSchema);
    const error = await weak.fail('DELETE', 'organizations/org_64444217115541813', 403);
    assert.deepEqual([error.code, error.info?.resourceInfo?.requiredPermissions], [7, ['organizations_write']]);
    const closed = await order('POST', 'clients', { disallow_scalekit_api_access: true });
    const tokensOnly = new RestJudge(sandbox, {
      clientId: String(closed.body['client_id']),
      clientSecret: String(closed.body['client_secret']),
    });
    await tokensOnly.fail('GET', 'organizations', 403);
    await order('DELETE', `clients/${String(body['client_id'])}/secret`);
    await assert.rejects(
      fetchToken(sandbox.url, String(body['client_id']), String(body['client_secret'])),
      /invalid_client/,
    );
    await weak.send('GET', 'organizations', ListOrganizationsResponseSchema);
    await order('DELETE', `clients/${String(body['client_id'])}`);
    await weak.fail('GET', 'organizations', 401);
  });

  it('counts the requests received, without those to itself and without secrets', async () => {
    await order('DELETE', 'requests');
    await list();
    await list();
    await rest.fail('GET', 'organizations/org_1', 404);
    const { body } = await order('GET', 'requests');
    assert.equal(body['total'], 3);
    assert.deepEqual(body['counts'], { 'GET /api/v1/organizations': 2, 'GET /api/v1/organizations/org_1': 1 });
    assert.ok(!JSON.stringify(body).includes(await rest.token()));
  });

  it('refuses web pages, and says what is wrong with a bad request', async () => {
    assert.equal((await order('POST', 'expire-tokens', undefined, { origin: 'https://evil.example' })).status, 403);
    assert.equal(await statusForHost(sandbox.url, 'evil.example:8787'), 403, 'another host name that leads here');
    assert.equal(await statusForHost(sandbox.url, 'localhost'), 200);
    for (const bad of [
      { color: 'red' },
      { status: 99 },
      { status: '500' },
      { times: -1 },
      { drop: 'yes' },
      { respond: { headers: { 'a b': 'c' } } },
      { respond: { headers: { a: 'b\r\nc' } } },
      [],
    ]) {
      const { status, body } = await order('POST', 'faults', bad);
      assert.equal(status, 400, JSON.stringify(bad));
      assert.match(String(body['error']), /\.$/);
    }
    assert.equal((await order('GET', 'nope')).status, 404);
    assert.equal((await order('POST', 'rate-limit', { per_minute: 0 })).status, 400);
    const { body } = await order('GET', '');
    assert.ok(Object.keys(body).includes('POST /__sandbox/faults'));
    await list();
  });
});

/** The status of a GET of the control endpoint with this Host header, which fetch doesn't let you set. */
function statusForHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/__sandbox/faults`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
