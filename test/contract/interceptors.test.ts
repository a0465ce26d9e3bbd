import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { decodeJwt } from 'jose';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { startHttpServer, type HttpServer } from '../support/httpServer';
import { callbackOf, FormBrowser, type Visit } from './formBrowser';
import { fetchToken } from './restJudge';

const CALLBACK = 'http://localhost:3000/auth/callback';

interface Asked {
  readonly display_name: string;
  readonly trigger_point: string;
  readonly interceptor_context: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('the interceptors of the sandbox, verified by the official SDK,', () => {
  let sandbox: Sandbox;
  let sdk: Sdk;
  let app: HttpServer;
  let looney = '';
  /** What the app decides. */
  let decide: (asked: Asked) => unknown;
  let asked: Asked[];
  const secrets = new Map<string, string>();

  beforeEach(async () => {
    asked = [];
    decide = () => ({ decision: 'ALLOW' });
    app = await startHttpServer(({ headers, body, path }, response) => {
      const all = headers as Record<string, string>;
      const secret = secrets.get(path) ?? '';
      assert.equal(sdk.verifyInterceptorPayload(secret, all, body), true);
      assert.equal(sdk.verifyWebhookPayload(secret, all, body), true);
      const json = JSON.parse(body) as Asked;
      asked.push(json);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(decide(json)));
    });
    sandbox = await startSandbox({ organizations: 3, seed: 7 });
    sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    looney = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ?? '';
  });
  afterEach(async () => {
    await sandbox.close();
    await app.close();
  });

  const add = (trigger: string, more: Readonly<Record<string, unknown>> = {}) => {
    const path = `/${trigger}${Math.random()}`;
    const { secret, interceptor } = sandbox.addInterceptor({
      trigger_point: trigger,
      url: `${app.url}${path}`,
      ...more,
    });
    secrets.set(path, secret);
    return interceptor.id;
  };
  const signUp = async (email: string): Promise<Visit> => {
    const browser = new FormBrowser(sandbox.url);
    const page = await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'create', state: 'xyz' }), {
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
    });
    return browser.submit(await browser.submit(page, { email }), { code: '424242' });
  };
  const tokensOf = async (visit: Visit) => sdk.authenticateWithCode(callbackOf(visit).get('code') ?? '', CALLBACK);

  it('let a sign-up through, and are told of it before the user exists', async () => {
    add('PRE_SIGNUP', { display_name: 'Limit sign-ups' });
    await tokensOf(await signUp('new+sktest@nowhere.example'));
    const [first] = asked;
    assert.deepEqual([asked.length, first?.display_name, first?.trigger_point], [1, 'Limit sign-ups', 'PRE_SIGNUP']);
    const context = first?.interceptor_context ?? {};
    assert.equal(context['user_email'], 'new+sktest@nowhere.example');
    assert.equal('user_id' in context, false);
    assert.match(String(context['environment_id']), /^env_/);
    assert.match(String(context['triggered_at']), /^\d{4}-.*Z$/);
    assert.equal((context['auth_request'] as Record<string, unknown>)['state'], 'xyz');
    assert.deepEqual(first?.data['user'], { email: 'new+sktest@nowhere.example', memberships: [] });
    // A known user doesn't sign up.
    await tokensOf(await signUp('new+sktest@nowhere.example'));
    assert.equal(asked.length, 1);
  });

  it('deny a sign-up: no user, no session, no callback, and the message on the page', async () => {
    add('PRE_SIGNUP');
    decide = () => ({ decision: 'DENY', error: { message: 'By <b>invitation</b> only.' } });
    const visit = await signUp('no+sktest@nowhere.example');
    assert.equal(visit.status, 403);
    assert.match(visit.text, /By &lt;b&gt;invitation&lt;\/b&gt; only\./);
    assert.match(visit.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.deepEqual((await sdk.user.searchUsers('no+sktest@nowhere.example')).users, []);
    assert.equal(sandbox.signInSizes()['sessions'], 0);
    decide = () => ({ decision: 'DENY' });
    assert.match(
      (await signUp('no+sktest@nowhere.example')).text,
      /A policy of the application doesn’t|doesn&#39;t allow/,
    );
  });

  it('make a new user a member of an organization, with roles', async () => {
    add('PRE_SIGNUP');
    decide = () => ({
      decision: 'ALLOW',
      response: { create_organization_membership: { external_organization_id: 'my_unique_id', roles: ['viewer'] } },
    });
    const { accessToken, user } = await tokensOf(await signUp('member+sktest@nowhere.example'));
    const claims = decodeJwt(accessToken);
    assert.deepEqual([claims['oid'], claims['roles']], [looney, ['viewer']]);
    const { user: stored } = await sdk.user.getUser(user.id);
    assert.deepEqual(
      stored?.memberships.map(({ organizationId }) => organizationId),
      [looney],
    );
  });

  it('treat a membership of an unknown organization or role as a failure', async () => {
    add('PRE_SIGNUP', { failure_policy: 'FAIL_CLOSED' });
    for (const membership of [{ organization_id: 'org_1' }, { organization_id: looney, roles: ['no'] }, {}, 'x']) {
      decide = () => ({ decision: 'ALLOW', response: { create_organization_membership: membership } });
      assert.equal((await signUp('other+sktest@nowhere.example')).status, 403, JSON.stringify(membership));
    }
    assert.match(sandbox.interceptorCalls()[0]?.problem ?? '', /names an organization or a role/);
  });

  it('add claims to a session’s access tokens, also after a refresh and at the next silent sign-in', async () => {
    add('PRE_SESSION_CREATION');
    add('PRE_SESSION_CREATION');
    decide = () => ({ decision: 'ALLOW', response: { claims: { plan: 'pro', [`n${asked.length}`]: true } } });
    const browser = new FormBrowser(sandbox.url);
    const scopes = ['openid', 'profile', 'email', 'offline_access'];
    const page = await browser.open(sdk.getAuthorizationUrl(CALLBACK, { organizationId: looney, scopes }));
    const result = await tokensOf(await browser.submit(page, { email: 'bugs@looney.example' }));
    const expected = { plan: 'pro', n1: true, n2: true };
    assert.deepEqual(decodeJwt(result.accessToken)['custom_claims'], expected);
    assert.equal('custom_claims' in decodeJwt(result.idToken), false);
    const context = asked[0]?.interceptor_context ?? {};
    assert.deepEqual([context['user_id'], context['organization_id']], [result.user.id, looney]);
    assert.equal('auth_request' in context, false);
    assert.equal((context['connection_details'] as unknown[]).length, 1);
    const refreshed = await sdk.refreshAccessToken(result.refreshToken ?? '');
    assert.deepEqual(decodeJwt(refreshed.accessToken)['custom_claims'], expected);
    const silent = await tokensOf(await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'none' })));
    assert.deepEqual(decodeJwt(silent.accessToken)['custom_claims'], expected);
    assert.equal(asked.length, 2, 'a session is created once');
  });

  it('deny a session: the user stays, without one', async () => {
    add('PRE_SESSION_CREATION');
    decide = () => ({ decision: 'DENY', error: { message: 'Not today.' } });
    const visit = await signUp('later+sktest@nowhere.example');
    assert.deepEqual([visit.status, /Not today\./.test(visit.text)], [403, true]);
    assert.equal((await sdk.user.searchUsers('later+sktest@nowhere.example')).users.length, 1);
    assert.equal(sandbox.signInSizes()['sessions'], 0);
  });

  it('deny an invitation: the call fails, and nobody is invited', async () => {
    add('PRE_USER_INVITATION');
    decide = () => ({ decision: 'DENY', error: { message: 'Too many seats.' } });
    await assert.rejects(sdk.user.createUserAndMembership(looney, { email: 'guest@example.com' }), /Too many seats\./);
    assert.deepEqual((await sdk.user.searchUsers('guest@example.com')).users, []);
    assert.deepEqual(asked[0]?.data['organization'], { id: looney, name: 'Looney Corp' });
    // Without an invitation, nobody is asked.
    const { user } = await sdk.user.createUserAndMembership(looney, {
      email: 'guest@example.com',
      sendInvitationEmail: false,
    });
    assert.equal(asked.length, 1);
    await sdk.user.deleteMembership(looney, user?.id ?? '');
    await assert.rejects(sdk.user.createMembership(looney, user?.id ?? ''), /Too many seats\./);
    decide = () => ({ decision: 'ALLOW' });
    await sdk.user.createMembership(looney, user?.id ?? '');
    assert.equal(asked.at(-1)?.interceptor_context['user_id'], user?.id);
  });

  it('let only one of two calls create a user, however long they take to decide', async () => {
    add('PRE_USER_INVITATION');
    const results = await Promise.allSettled(
      [1, 2].map(() => sdk.user.createUserAndMembership(looney, { email: 'twin@example.com' })),
    );
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await sdk.user.searchUsers('twin@example.com')).users.length, 1);
  });

  it('add claims to a machine’s token, or deny it, and leave the environment’s own client alone', async () => {
    const { client, plainSecret: clientSecret } = await sdk.m2m.createOrganizationClient(looney, {
      name: 'Robot',
      scopes: ['deploy'],
    } as never);
    const clientId = client?.clientId ?? '';
    add('PRE_M2M_TOKEN_CREATION');
    decide = () => ({ decision: 'ALLOW', response: { claims: { tier: 'gold' } } });
    const token = await fetchToken(sandbox.url, clientId, clientSecret);
    assert.deepEqual(decodeJwt(token)['custom_claims'], { tier: 'gold' });
    assert.equal(asked[0]?.interceptor_context['client_id'], clientId);
    const { client_id: id, claims } = (asked[0]?.data['m2m_token_claims'] ?? {}) as {
      client_id?: string;
      claims?: Record<string, unknown>;
    };
    assert.deepEqual([id, claims?.['oid'], claims?.['scopes']], [clientId, looney, ['deploy']]);
    decide = () => ({ decision: 'DENY', error: { message: 'No robots.' } });
    const denied = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    assert.deepEqual(
      [denied.status, await denied.json()],
      [403, { error: 'access_denied', error_description: 'No robots.' }],
    );
    await fetchToken(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    assert.equal(asked.length, 2);
  });

  it('follow the failure policy when the app gives no usable response', async () => {
    const endless = 'x'.repeat(100_000);
    const bad: readonly (readonly [string, (response: ServerResponse) => unknown])[] = [
      ['status 500', (response) => response.writeHead(500).end('{"decision":"ALLOW"}')],
      ['status 201', (response) => response.writeHead(201).end('{"decision":"DENY"}')],
      ['redirect', (response) => response.writeHead(307, { location: app.url }).end()],
      ['no JSON', (response) => response.end('ALLOW')],
      ['another decision', (response) => response.end('{"decision":"allow"}')],
      ['a list', (response) => response.end('[]')],
      ['empty', (response) => response.end()],
      ['claims as a text', (response) => response.end('{"decision":"ALLOW","response":{"claims":"x"}}')],
      ['too long', (response) => response.end(`{"decision":"ALLOW","x":"${endless}"}`)],
      [
        'cut off',
        (response) => response.writeHead(200, { 'content-length': '99' }).end('{"decision":"ALLOW"}').destroy(),
      ],
      ['hanging', () => undefined],
      ['closed', (response) => response.socket?.destroy()],
    ];
    let count = 0;
    for (const policy of ['FAIL_OPEN', 'FAIL_CLOSED']) {
      const id = add('PRE_SESSION_CREATION', { failure_policy: policy, timeout_ms: 300 });
      for (const [name, act] of bad) {
        app.answerWith((_request, response) => void act(response));
        const visit = await signUp(`f${count++}+sktest@nowhere.example`);
        assert.equal(visit.status, policy === 'FAIL_OPEN' ? 0 : 403, `${policy} ${name}`);
        const [call] = sandbox.interceptorCalls();
        assert.deepEqual([call?.decision, call?.outcome], [undefined, policy === 'FAIL_OPEN' ? 'ALLOW' : 'DENY']);
        assert.match(call?.problem ?? '', /\.$/, name);
      }
      const response = await fetch(`${sandbox.url}/__sandbox/interceptors/${id}`, { method: 'DELETE' });
      assert.equal(response.status, 200);
    }
    await app.close();
    add('PRE_SESSION_CREATION', { failure_policy: 'FAIL_CLOSED' });
    assert.equal((await signUp('down+sktest@nowhere.example')).status, 403);
    assert.equal(sandbox.interceptorCalls()[0]?.problem, 'Nothing listens at this address.');
  });

  it('are refused with a sentence if they can’t be', async () => {
    const url = `${app.url}/`;
    for (const [json, sentence] of [
      [{}, /trigger_point must be one of/],
      [{ trigger_point: 'POST_USER_AUTHENTICATION', url }, /trigger_point must be one of/],
      [{ trigger_point: 'PRE_SIGNUP' }, /url is required/],
      [{ trigger_point: 'PRE_SIGNUP', url: 'http://192.0.2.1/' }, /only to this machine/],
      [{ trigger_point: 'PRE_SIGNUP', url, timeout_ms: 99 }, /from 100 to 30000/],
      [{ trigger_point: 'PRE_SIGNUP', url, timeout_ms: 30_001 }, /from 100 to 30000/],
      [{ trigger_point: 'PRE_SIGNUP', url, timeout_ms: '500' }, /from 100 to 30000/],
      [{ trigger_point: 'PRE_SIGNUP', url, failure_policy: 'OPEN' }, /FAIL_OPEN or FAIL_CLOSED/],
      [{ trigger_point: 'PRE_SIGNUP', url, secret: 'private' }, /secret must be whsec_/],
      [{ trigger_point: 'PRE_SIGNUP', url, uri: 'x' }, /uri isn't a field/],
    ] as const) {
      const response = await fetch(`${sandbox.url}/__sandbox/interceptors`, {
        method: 'POST',
        body: JSON.stringify(json),
      });
      const { error } = (await response.json()) as { error: string };
      assert.equal(response.status, 400);
      assert.match(error, sentence);
      assert.ok(!error.includes('private'));
    }
    assert.equal((await fetch(`${sandbox.url}/__sandbox/interceptors/icp_1`, { method: 'DELETE' })).status, 404);
  });

  it('show their secret only once, and their calls afterwards', async () => {
    const path = '/by-control';
    const response = await fetch(`${sandbox.url}/__sandbox/interceptors`, {
      method: 'POST',
      body: JSON.stringify({ trigger_point: 'PRE_SIGNUP', url: `${app.url}${path}` }),
    });
    const { secret, id } = (await response.json()) as { secret: string; id: string };
    secrets.set(path, secret);
    await signUp('seen+sktest@nowhere.example');
    const texts = await Promise.all(
      ['interceptors', 'interceptor-calls'].map(async (list) =>
        (await fetch(`${sandbox.url}/__sandbox/${list}`)).text(),
      ),
    );
    assert.match(texts[0] ?? '', new RegExp(id));
    const { calls } = JSON.parse(texts[1] ?? '') as { calls: Record<string, unknown>[] };
    assert.deepEqual(
      calls.map((call) => [call['trigger_point'], call['status'], call['decision'], call['outcome']]),
      [['PRE_SIGNUP', 200, 'ALLOW', 'ALLOW']],
    );
    for (const text of texts) assert.ok(!text.includes(secret.slice(6)));
  });
});
