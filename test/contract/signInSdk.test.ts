import assert from 'node:assert/strict';
import { ScalekitClient, type IdTokenClaim } from '@scalekit-sdk/node';
import { ScalekitValidateTokenFailureException } from '@scalekit-sdk/node';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { callbackOf, FormBrowser } from './formBrowser';

const CALLBACK = 'http://localhost:3000/auth/callback';
const LATER = 'http://localhost:3000/';

describe('signing in at the sandbox with the official Node SDK, unchanged,', () => {
  let sandbox: Sandbox;
  let sdk: ScalekitClient;
  let browser: FormBrowser;
  let now = 0;
  let looney = '';
  let connectionId = '';

  beforeEach(async () => {
    now = Date.now();
    sandbox = await startSandbox({ organizations: 30, seed: 7, now: () => now });
    sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    browser = new FormBrowser(sandbox.url);
    looney = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ?? '';
    connectionId = (await sdk.connection.listConnections(looney)).connections[0]?.id ?? '';
  });
  afterEach(() => sandbox.close());

  const withSso = async (
    values: Record<string, string> = {},
    scopes = ['openid', 'profile', 'email', 'offline_access'],
  ) => {
    const url = sdk.getAuthorizationUrl(CALLBACK, { organizationId: looney, state: 'st&ate =1', nonce: 'n-1', scopes });
    const page = await browser.open(url);
    assert.match(page.url, /\/idp\/login\?authRequestID=req_\d{18}$/);
    return callbackOf(await browser.submit(page, { email: 'bugs@looney.example', given_name: 'Bugs', ...values }));
  };
  const withCode = async (email: string, options: Parameters<ScalekitClient['getAuthorizationUrl']>[1] = {}) => {
    const page = await browser.open(sdk.getAuthorizationUrl(CALLBACK, options));
    const second = await browser.submit(page, { email });
    const code = /id="sent-code">(\d{6})</.exec(second.text)?.[1] ?? '424242';
    return browser.submit(second, { code });
  };

  it('gives a code, a user, an ID token and an access token, each with the claims of full-stack auth', async () => {
    const callback = await withSso({ family_name: "O'Bunny <b>" });
    assert.equal(callback.get('state'), 'st&ate =1');
    const result = await sdk.authenticateWithCode(callback.get('code') ?? '', CALLBACK);
    assert.deepEqual(
      [result.user.email, result.user.emailVerified, result.user.givenName, result.user.familyName, result.user.name],
      ['bugs@looney.example', true, 'Bugs', "O'Bunny <b>", "Bugs O'Bunny <b>"],
    );
    assert.match(result.user.id, /^usr_\d+$/);
    assert.equal(result.expiresIn, 299);
    const id = decodeJwt<IdTokenClaim & Record<string, unknown>>(result.idToken);
    assert.deepEqual(Object.keys(decodeProtectedHeader(result.idToken)), ['alg', 'kid', 'typ']);
    assert.deepEqual(
      [id.iss, id.aud, id['azp'], id['client_id'], id['amr'], id['oid'], id['nonce'], (id.exp ?? 0) - (id.iat ?? 0)],
      [sandbox.url, [sandbox.clientId], sandbox.clientId, sandbox.clientId, [connectionId], looney, 'n-1', 3600],
    );
    for (const name of ['sid', 'at_hash', 'c_hash', 'xoid', 'updated_at'])
      assert.equal(typeof id[name], 'string', name);
    const access = decodeJwt<Record<string, unknown>>(result.accessToken);
    assert.deepEqual(
      [access.iss, access.sub, access.aud, access['client_id'], access['oid'], access['sid'], access['roles']],
      [sandbox.url, result.user.id, [sandbox.clientId], sandbox.clientId, looney, id['sid'], ['member']],
    );
    assert.deepEqual(access['scopes'], ['openid', 'profile', 'email', 'offline_access']);
    assert.equal(access['scope'], 'openid profile email offline_access');
    assert.match(String(access.jti), /^tkn_\d{18}$/);
    assert.deepEqual([(access.exp ?? 0) - (access.iat ?? 0), access.nbf], [300, access.iat]);
    assert.ok((access['permissions'] as string[]).includes('projects:write'));
    assert.ok(!('email' in access) && !('at_hash' in access) && !('amr' in access));
    assert.equal(
      await sdk.validateAccessToken(result.accessToken, { issuer: sandbox.url, audience: [sandbox.clientId] }),
      true,
    );
    await assert.rejects(
      sdk.validateToken(result.accessToken, { requiredScopes: ['a:write'] }),
      (error) =>
        error instanceof ScalekitValidateTokenFailureException &&
        /Token missing required scopes: a:write/.test(error.message),
    );
  });

  it('checks PKCE, and refuses a code the second time', async () => {
    const verifier = 'a-verifier-that-is-long-enough-for-the-standard-0123456789';
    const challenge = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))).toString(
      'base64url',
    );
    const url = sdk.getAuthorizationUrl(CALLBACK, {
      organizationId: looney,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
    });
    const page = await browser.open(url);
    const code = callbackOf(await browser.submit(page, { email: 'a@b.example' })).get('code') ?? '';
    const errorOf = (promise: Promise<unknown>) =>
      promise.then(
        () => assert.fail('it should have failed'),
        (error: { message: string; response?: { data: unknown } }) => [error.message, error.response?.data],
      );
    const status400 = 'Request failed with status code 400';
    assert.deepEqual(await errorOf(sdk.authenticateWithCode(code, CALLBACK)), [
      status400,
      { error: 'invalid_request', error_description: 'code_challenge required' },
    ]);
    assert.deepEqual(await errorOf(sdk.authenticateWithCode(code, CALLBACK, { codeVerifier: `${verifier}x` })), [
      status400,
      { error: 'invalid_grant', error_description: 'invalid code challenge' },
    ]);
    await sdk.authenticateWithCode(code, CALLBACK, { codeVerifier: verifier });
    assert.deepEqual(await errorOf(sdk.authenticateWithCode(code, CALLBACK, { codeVerifier: verifier })), [
      status400,
      { error: 'invalid_grant', error_description: 'invalid code' },
    ]);
  });

  it('refreshes with rotation while the session lasts, and no longer', async () => {
    const { refreshToken, accessToken } = await sdk.authenticateWithCode((await withSso()).get('code') ?? '', CALLBACK);
    assert.match(refreshToken ?? '', /^rt_/);
    now += 300_000;
    const second = await sdk.refreshAccessToken(refreshToken ?? '');
    assert.notEqual(second.accessToken, accessToken);
    assert.notEqual(second.refreshToken, refreshToken);
    await assert.rejects(
      sdk.refreshAccessToken(refreshToken ?? ''),
      /Failed to refresh token: Request failed with status code 400/,
    );
    const sessionId = String(decodeJwt(second.accessToken)['sid']);
    const third = await sdk.refreshAccessToken(second.refreshToken);
    await sdk.session.revokeSession(sessionId);
    await assert.rejects(sdk.refreshAccessToken(third.refreshToken), /status code 400/);

    const again = await sdk.authenticateWithCode((await withSso()).get('code') ?? '', CALLBACK);
    now += 13 * 3_600_000;
    await assert.rejects(
      sdk.refreshAccessToken(again.refreshToken ?? ''),
      /status code 400/,
      'it was idle for too long',
    );
    const without = await withSso({}, ['openid', 'email']);
    const { refreshToken: none } = await sdk.authenticateWithCode(without.get('code') ?? '', CALLBACK);
    assert.equal(none, undefined, 'it was not asked for');
  });

  it('shows a sign-in in the log with its steps, as a session, as the last login, and as a new user', async () => {
    const callback = await withSso({ email: 'new.hire@looney.example', given_name: 'New', family_name: 'Hire' });
    const { user, idToken } = await sdk.authenticateWithCode(callback.get('code') ?? '', CALLBACK);
    const { user: stored } = await sdk.user.getUser(user.id);
    assert.equal(Number(stored?.lastLoginTime?.seconds), Math.floor(now / 1000));
    assert.deepEqual(
      stored?.memberships.map(({ organizationId, membershipStatus }) => [organizationId, membershipStatus]),
      [[looney, 1]],
    );
    const sessions = await sdk.session.getUserSessions(user.id);
    assert.deepEqual(
      sessions.sessions.map(({ sessionId, status, organizationId }) => [sessionId, status, organizationId]),
      [[String(decodeJwt(idToken)['sid']), 'active', looney]],
    );
    const [entry] = await authRequests(sandbox, 'email=new.hire@looney.example');
    assert.deepEqual(
      [
        entry?.['status'],
        entry?.['connection_id'],
        entry?.['organization_id'],
        entry?.['workflow'],
        entry?.['client_id'],
      ],
      ['SUCCESS', connectionId, looney, 'SSO', sandbox.clientId],
    );
    assert.match(String(entry?.['auth_request_id']), /^req_\d{18}$/);
    const { events } = await sdk.events.listEventsPaginated(20, '', {
      authRequestId: String(entry?.['auth_request_id']),
    });
    assert.deepEqual(events.map(({ displayName }) => displayName).reverse(), [
      'Sign-in initiated',
      'Sent to OKTA',
      'Identity received',
      'User created',
      'Organization chosen',
      'Signed in',
    ]);
  });

  it('signs a known user in with a one-time code, lets them in again silently, and signs them out', async () => {
    const first = await withCode('new+sktest@nowhere.example', { prompt: 'create', state: 's' });
    const signedIn = await sdk.authenticateWithCode(callbackOf(first).get('code') ?? '', CALLBACK);
    const { user } = await sdk.user.getUser(signedIn.user.id);
    const own = user?.memberships[0]?.organizationId ?? '';
    assert.equal((await sdk.organization.getOrganization(own)).organization?.displayName, 'nowhere.example');
    assert.deepEqual(decodeJwt(signedIn.accessToken)['roles'], ['admin']);

    const silent = callbackOf(await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'none', state: 's2' })));
    assert.equal(silent.get('state'), 's2');
    const again = await sdk.authenticateWithCode(silent.get('code') ?? '', CALLBACK);
    assert.equal(decodeJwt(again.idToken)['sid'], decodeJwt(signedIn.idToken)['sid'], 'it is the same session');
    assert.match((await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'login' }))).url, /\/login\?/);

    const out = await browser.open(
      sdk.getLogoutUrl({ idTokenHint: again.idToken, postLogoutRedirectUri: LATER, state: 'bye' }),
    );
    assert.equal(out.url, `${LATER}?state=bye`);
    const after = callbackOf(await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'none', state: 's3' })));
    assert.deepEqual([after.get('error'), after.get('state'), after.get('code')], ['login_required', 's3', null]);
    const { sessions } = await sdk.session.getUserSessions(signedIn.user.id);
    assert.deepEqual(
      sessions.map(({ status }) => status),
      ['logout'],
    );
  });

  it('lets a user of several organizations choose one, and switches only with select_account', async () => {
    const [, second] = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations;
    const other = second?.id ?? '';
    const callback = await withCode('both+sktest@nowhere.example');
    const { user } = await sdk.authenticateWithCode(callbackOf(callback).get('code') ?? '', CALLBACK);
    await sdk.user.createMembership(other, user.id, { sendInvitationEmail: false });
    const oidOf = async (visit: Awaited<ReturnType<FormBrowser['open']>>) =>
      decodeJwt((await sdk.authenticateWithCode(callbackOf(visit).get('code') ?? '', CALLBACK)).idToken)['oid'];
    const home = (await sdk.user.getUser(user.id)).user?.memberships[0]?.organizationId;
    assert.equal(await oidOf(await browser.open(sdk.getAuthorizationUrl(CALLBACK, { organizationId: other }))), home);
    const chooser = await browser.open(sdk.getAuthorizationUrl(CALLBACK, { prompt: 'select_account' }));
    assert.match(chooser.text, new RegExp(`nowhere\\.example[\\s\\S]*${second?.displayName ?? '?'}`));
    assert.equal(await oidOf(await browser.submit(chooser, { organization_id: other })), other);
    const switching = { prompt: 'select_account', organizationId: home ?? '' };
    assert.equal(await oidOf(await browser.open(sdk.getAuthorizationUrl(CALLBACK, switching))), home);
    browser = new FormBrowser(sandbox.url);
    const fresh = await withCode('both+sktest@nowhere.example');
    assert.match(fresh.url, /\/login\/organization\?/);
    assert.equal(await oidOf(await browser.submit(fresh, { organization_id: other })), other);
  });

  it('takes a sign-in that the identity provider starts, up to the code', async () => {
    const first = await browser.open(
      `/sandbox/idp-initiated?${new URLSearchParams({ client_id: sandbox.clientId, target: 'http://localhost:3000/start' })}`,
    );
    const sent = await browser.submit(first, {
      connection_id: connectionId,
      email: 'daffy@looney.example',
      given_name: 'Daffy',
      relay_state: 'deep/link?x=1',
    });
    const token = callbackOf(sent).get('idp_initiated_login') ?? '';
    const times = decodeJwt(token);
    const claims = await sdk.getIdpInitiatedLoginClaims(token, { issuer: sandbox.url } as never);
    assert.deepEqual(
      [
        claims.connection_id,
        claims.organization_id,
        claims.login_hint,
        claims.relay_state,
        (times.exp ?? 0) - (times.iat ?? 0),
      ],
      [connectionId, looney, 'daffy@looney.example', 'deep/link?x=1', 300],
    );
    const url = sdk.getAuthorizationUrl(CALLBACK, {
      connectionId: claims.connection_id,
      organizationId: claims.organization_id,
      loginHint: claims.login_hint,
      ...(claims.relay_state === undefined ? {} : { state: claims.relay_state }),
    });
    const callback = callbackOf(await browser.open(url));
    assert.equal(callback.get('state'), 'deep/link?x=1');
    assert.equal(
      (await sdk.authenticateWithCode(callback.get('code') ?? '', CALLBACK)).user.email,
      'daffy@looney.example',
    );
    const late = await browser.submit(first, { connection_id: connectionId, email: 'daffy@looney.example' });
    assert.equal(late.status, 400, 'the form was already sent');
    const old = await browser.submit(await browser.open(first.url), {
      connection_id: connectionId,
      email: 'daffy@looney.example',
      outcome: 'expired_token',
    });
    await assert.rejects(
      sdk.getIdpInitiatedLoginClaims(callbackOf(old).get('idp_initiated_login') ?? ''),
      /"exp" claim timestamp check failed/,
    );
  });

  it('signs in with Modular SSO: no user, no session, no refresh token, and claims of its own', async () => {
    sandbox.signIn.mode = 'modular-sso';
    const callback = await withSso({ attribute_name: 'department', attribute_value: 'carrots' });
    const result = await sdk.authenticateWithCode(callback.get('code') ?? '', CALLBACK);
    assert.deepEqual([result.expiresIn, result.refreshToken], [899, undefined]);
    assert.equal(result.user.id, `${connectionId};bugs@looney.example`);
    assert.deepEqual([result.user.username, result.user.givenName], ['bugs@looney.example', 'Bugs']);
    const id = decodeJwt(result.idToken);
    assert.deepEqual(
      [id['department'], id['oid'], id['amr'], (id.exp ?? 0) - (id.iat ?? 0)],
      ['carrots', looney, [connectionId], 259_200],
    );
    const access = decodeJwt(result.accessToken);
    assert.deepEqual(
      [
        access.sub,
        access['client_id'],
        (access.exp ?? 0) - (access.iat ?? 0),
        'oid' in access,
        'roles' in access,
        'sid' in access,
      ],
      [`${connectionId};bugs@looney.example`, sandbox.clientId, 900, false, false, false],
    );
    const { users } = await sdk.user.searchUsers('bugs@looney.example');
    assert.deepEqual(users, [], 'no user was created');
    const none = callbackOf(
      await browser.open(sdk.getAuthorizationUrl(CALLBACK, { organizationId: looney, prompt: 'none' })),
    );
    assert.equal(none.get('error'), 'login_required', 'there is no session');
  });

  it('refuses at the API what belongs to a person, and at userinfo what belongs to a client', async () => {
    const { accessToken, idToken } = await sdk.authenticateWithCode((await withSso()).get('code') ?? '', CALLBACK);
    const call = (path: string, token: string) =>
      fetch(`${sandbox.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    for (const token of [accessToken, idToken]) {
      assert.equal((await call('/api/v1/organizations', token)).status, 401);
    }
    for (const token of [idToken, await sdk.getClientAccessToken()]) {
      const refused = await call('/userinfo', token);
      assert.deepEqual([refused.status, await refused.text()], [401, 'access token invalid\n']);
    }
    const info = (await (await call('/userinfo', accessToken)).json()) as Record<string, unknown>;
    assert.deepEqual([info['sub'], info['email']], [decodeJwt(idToken).sub, 'bugs@looney.example']);
    sandbox.expireTokens();
    assert.equal((await call('/userinfo', accessToken)).status, 401);
  });
});

/** Entries of the sign-in log. */
async function authRequests(sandbox: Sandbox, query: string): Promise<Record<string, unknown>[]> {
  const token = await fetch(`${sandbox.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
    }),
  });
  const { access_token: bearer } = (await token.json()) as { access_token: string };
  const response = await fetch(`${sandbox.url}/api/v1/logs/authentication/requests?${query}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  return ((await response.json()) as { authRequests: Record<string, unknown>[] }).authRequests;
}
