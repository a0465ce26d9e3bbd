import assert from 'node:assert/strict';
import { ScalekitClient } from '@scalekit-sdk/node';
import { decodeJwt } from 'jose';
import type { LocalSandbox } from '../../src/sandbox/package/api';
import { startLocalSandbox } from '../../src/sandbox/package/startLocalSandbox';
import { startWebhookReceiver } from '../support/webhookReceiver';

describe('a sandbox that a test starts', () => {
  let sandbox: LocalSandbox;
  let sdk: ScalekitClient;
  const data = {
    organizations: [
      {
        id: 'org_acme',
        display_name: 'Acme',
        external_id: 'acme',
        domains: [{ domain: 'acme.example' }],
        connections: [{}],
      },
      { id: 'org_other', display_name: 'Other' },
    ],
    users: [
      { id: 'usr_ann', email: 'ann@acme.example', memberships: [{ organization: 'acme', roles: ['admin'] }] },
      {
        email: 'both@example.com',
        memberships: [{ organization: 'acme' }, { organization: 'org_other', roles: ['viewer'] }],
      },
      { email: 'off@example.com', memberships: [{ organization: 'org_other', status: 'INACTIVE' as const }] },
    ],
  };
  beforeEach(async () => {
    sandbox = await startLocalSandbox({ data });
    sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
  });
  afterEach(() => sandbox.close());
  const names = async () =>
    (await sdk.organization.listOrganization({ pageSize: 10 })).organizations.map(({ displayName }) => displayName);

  it('has the variables that an app needs', async () => {
    assert.deepEqual(sandbox.env, {
      SCALEKIT_ENVIRONMENT_URL: sandbox.url,
      SCALEKIT_CLIENT_ID: sandbox.clientId,
      SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
    });
    assert.deepEqual(await names(), ['Acme', 'Other']);
  });

  it('signs a user in at once, with tokens, a session and a log entry as of a real sign-in', async () => {
    const {
      accessToken,
      idToken = '',
      refreshToken = '',
      expiresIn,
    } = await sandbox.signIn('Ann@acme.example', { nonce: 'n-1' });
    const access = await sdk.validateToken<Record<string, unknown>>(accessToken, {
      issuer: sandbox.url,
      audience: [sandbox.clientId],
    });
    assert.deepEqual(
      [access['sub'], access['oid'], access['xoid'], access['roles']],
      ['usr_ann', 'org_acme', 'acme', ['admin']],
    );
    assert.equal(expiresIn, 299);
    const id = decodeJwt(idToken);
    assert.deepEqual([id['email'], id['nonce'], id['sid']], ['ann@acme.example', 'n-1', access['sid']]);
    const { accessToken: second, refreshToken: next } = await sdk.refreshAccessToken(refreshToken);
    assert.ok(second !== accessToken && next !== refreshToken);
    const session = await sdk.session.getSession(String(access['sid']));
    assert.deepEqual([session.userId, session.status], ['usr_ann', 'active']);
    const { user } = await sdk.user.getUser('usr_ann');
    assert.ok(user?.lastLoginTime !== undefined);
    // It isn't what an app asked.
    assert.ok(sandbox.receivedRequests().every(({ path }) => !path.includes('authorize')));
  });

  it("asks for the organization only of a user who belongs to several, and refuses who can't sign in", async () => {
    await assert.rejects(sandbox.signIn('both@example.com'), {
      message: 'both@example.com belongs to 2 organizations. Say which one with organizationId.',
    });
    const { accessToken } = await sandbox.signIn('both@example.com', { organizationId: 'org_other' });
    assert.deepEqual([decodeJwt(accessToken)['oid'], decodeJwt(accessToken)['roles']], ['org_other', ['viewer']]);
    await assert.rejects(sandbox.signIn('none@example.com'), { message: 'There is no user none@example.com.' });
    await assert.rejects(sandbox.signIn('usr_ann', { organizationId: 'org_none' }), {
      message: 'There is no organization org_none.',
    });
    await assert.rejects(sandbox.signIn('usr_ann', { organizationId: 'org_other' }), /can't sign in: access_denied/);
    await assert.rejects(sandbox.signIn('off@example.com'), /can't sign in: user_not_active/);
  });

  it('signs in with Modular SSO too', async () => {
    await sandbox.close();
    sandbox = await startLocalSandbox({ data, mode: 'modular-sso' });
    const { idToken = '', refreshToken } = await sandbox.signIn('usr_ann');
    assert.deepEqual([decodeJwt(idToken)['email'], refreshToken], ['ann@acme.example', undefined]);
    await assert.rejects(sandbox.signIn('both@example.com', { organizationId: 'org_other' }), /no active connection/);
  });

  it('lets requests go wrong', async () => {
    await names();
    sandbox.faults.add({ path: '/api/v1/organizations', status: 404, message: 'gone', times: 1 });
    await assert.rejects(names(), /gone/);
    assert.deepEqual(
      sandbox.faults.list().map(({ used }) => used),
      [1],
    );
    assert.deepEqual(await names(), ['Acme', 'Other']);
    sandbox.faults.add({ status: 404 });
    sandbox.faults.clear();
    assert.deepEqual([sandbox.faults.list(), await names()], [[], ['Acme', 'Other']]);
    assert.throws(() => sandbox.faults.add({ status: 7 }), {
      message: 'status must be an HTTP status from 200 to 599.',
    });
  });

  it('has a clock that can be moved, so that sessions and refresh tokens end', async () => {
    const { accessToken, refreshToken = '' } = await sandbox.signIn('usr_ann');
    const { sid } = decodeJwt<{ sid: string }>(accessToken);
    const before = sandbox.time.now().getTime();
    sandbox.time.advance(7 * 86_400);
    assert.ok(sandbox.time.now().getTime() >= before + 7 * 86_400_000);
    assert.equal((await sdk.session.getSession(sid)).status, 'expired');
    await assert.rejects(sdk.refreshAccessToken(refreshToken));
    assert.throws(() => sandbox.time.advance(-1), /from 0/);
  });

  it('expires access tokens, after which an app can refresh them', async () => {
    const { accessToken, refreshToken = '' } = await sandbox.signIn('usr_ann');
    const userInfo = (token: string) =>
      fetch(`${sandbox.url}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await userInfo(accessToken)).status, 200);
    sandbox.time.expireTokens();
    assert.equal((await userInfo(accessToken)).status, 401);
    const refreshed = await sdk.refreshAccessToken(refreshToken);
    assert.equal((await userInfo(refreshed.accessToken)).status, 200);
  });

  it('shows what it received', async () => {
    await names();
    assert.ok(sandbox.receivedRequests().some(({ protocol, status }) => protocol === 'oauth' && status === 200));
    assert.ok(sandbox.receivedRequests().some(({ path }) => path.includes('ListOrganization')));
    sandbox.clearReceivedRequests();
    assert.deepEqual(sandbox.receivedRequests(), []);
  });

  it('sends webhooks, and waits until one has arrived', async () => {
    const receiver = await startWebhookReceiver();
    try {
      const { id, secret } = sandbox.webhooks.add({ url: receiver.url });
      receiver.secret = secret;
      assert.deepEqual(sandbox.webhooks.endpoints(), [{ id, url: receiver.url, events: 'all' }]);
      const waiting = sandbox.webhooks.waitForDelivery({ type: 'user.login' });
      await sandbox.signIn('usr_ann');
      const delivery = await waiting;
      assert.deepEqual([delivery.state, delivery.endpointId, delivery.attempts[0]?.status], ['Success', id, 201]);
      assert.equal(delivery.payload['type'], 'user.login');
      const [fired] = sandbox.webhooks.fire({ type: 'role.created', data: { name: 'x' } });
      assert.equal(fired?.state, 'Queued');
      await sandbox.webhooks.waitForDelivery({ id: fired?.id ?? '' });
      assert.deepEqual(receiver.refused, []);
      assert.deepEqual(
        receiver.payloads.map(({ type }) => type),
        ['user.login', 'role.created'],
      );
      sandbox.webhooks.clearDeliveries();
      assert.deepEqual(sandbox.webhooks.deliveries(), []);
      await assert.rejects(sandbox.webhooks.waitForDelivery({ type: 'role.deleted' }, 20), {
        message: 'No delivery of role.deleted reached the state Success within 20 ms.',
      });
      assert.throws(() => sandbox.webhooks.fire({ type: 'none' }), /type must be one of/);
      assert.deepEqual([sandbox.webhooks.remove(id), sandbox.webhooks.remove(id)], [true, false]);
    } finally {
      await receiver.close();
    }
  });

  it("is as it was at the start after a reset, at the same address, and its client's tokens stay good", async () => {
    await names();
    const { refreshToken = '' } = await sandbox.signIn('usr_ann');
    await sdk.organization.createOrganization('New');
    await sdk.organization.deleteOrganization('org_other');
    sandbox.faults.add({ delayMs: 1 });
    sandbox.webhooks.add({ url: 'http://localhost:1/' });
    sandbox.time.advance(60);
    const { url } = sandbox;
    await sandbox.reset();
    assert.equal(sandbox.url, url);
    assert.deepEqual(await names(), ['Acme', 'Other']);
    assert.deepEqual([sandbox.faults.list(), sandbox.webhooks.endpoints()], [[], []]);
    assert.ok(Math.abs(sandbox.time.now().getTime() - Date.now()) < 30_000);
    assert.ok(!sandbox.receivedRequests().some(({ protocol }) => protocol === 'oauth'), 'no new token was needed');
    await assert.rejects(sdk.refreshAccessToken(refreshToken));
    await sandbox.signIn('usr_ann');
  });

  it('has the same samples after a reset', async () => {
    await sandbox.close();
    sandbox = await startLocalSandbox({ organizations: 4 });
    const before = JSON.stringify(sandbox.exportData());
    const samples = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    const [first] = sandbox.exportData().organizations ?? [];
    await samples.organization.deleteOrganization(first?.id ?? '');
    assert.notEqual(JSON.stringify(sandbox.exportData()), before);
    await sandbox.reset();
    assert.equal(JSON.stringify(sandbox.exportData().organizations), JSON.stringify(JSON.parse(before).organizations));
  });

  it("listens no more once it's closed, or couldn't start", async () => {
    await sandbox.close();
    await sandbox[Symbol.asyncDispose]();
    await assert.rejects(fetch(`${sandbox.url}/keys`), TypeError);
    await assert.rejects(sandbox.reset(), { message: 'The sandbox is closed.' });
    const port = Number(new URL(sandbox.url).port);
    await assert.rejects(startLocalSandbox({ port, webhooks: ['http://192.0.2.1/'] }), /only to this machine/);
    await assert.rejects(startLocalSandbox({ port, data: { users: [{ email: 'x' }] } }), {
      message: '/users/0/email must be an email address.',
    });
    await assert.rejects(startLocalSandbox({ data, users: 3 }), /numbers of samples/);
    sandbox = await startLocalSandbox({ port });
    await assert.rejects(startLocalSandbox({ port }), /is in use by another sandbox/);
  });
});
