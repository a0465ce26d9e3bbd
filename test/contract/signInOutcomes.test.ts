import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScalekitClient } from '@scalekit-sdk/node';
import { decodeJwt } from 'jose';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { projectRoot } from '../host/project';
import { callbackOf, FormBrowser } from './formBrowser';

const CALLBACK = 'http://localhost:3000/callback';
const CONTACT = 'If you have any questions, you may contact the administrator of the application.';

/** The codes that Scalekit's documentation and its OAuth library send to the callback. */
const CODES =
  'invalid_redirect_uri invalid_client application_not_active invalid_request unauthorized user_not_active server_error ' +
  'invalid_connection_selector no_active_connections no_configured_connections connection_not_active ' +
  'invalid_organization_id invalid_connection_id domain_not_found invalid_user_domain mandatory_attribute_missing ' +
  'invalid_id_token failed_to_exchange_token user_info_retrieve_failed authentication_not_completed user_login_required ' +
  'invalid_saml_metadata invalid_saml_request invalid_saml_response malformed_saml_response invalid_saml_form_params ' +
  'signature_validation_failed invalid_acs_url invalid_assertion_url invalid_status assertion_expired response_expired ' +
  'access_denied login_required invalid_state';

describe('every error of a sign-in at the sandbox', () => {
  let sandbox: Sandbox;
  let sdk: ScalekitClient;
  let browser: FormBrowser;
  let looney = '';
  let empty = '';
  let connections: readonly { id: string; enabled: boolean; status: string }[] = [];
  /** What was seen, for people: each case, what came out, and what the SDK made of it. */
  const table: [string, string, string][] = [];

  before(async () => {
    sandbox = await startSandbox({ organizations: 30, seed: 7 });
    sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    looney = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ?? '';
    const list = await fetch(`${sandbox.url}/api/v1/connections?organization_id=${looney}&include=all`, {
      headers: { authorization: `Bearer ${await sdk.getClientAccessToken()}` },
    });
    ({ connections } = (await list.json()) as { connections: typeof connections });
    empty = (await sdk.organization.createOrganization('No connection')).organization?.id ?? '';
  });
  beforeEach(() => {
    browser = new FormBrowser(sandbox.url);
    sandbox.signIn.mode = 'full-stack';
    sandbox.signIn.strictRedirects = false;
  });
  after(async () => {
    await sandbox.close();
    const rows = table.map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
    await mkdir(join(projectRoot(), 'out'), { recursive: true });
    await writeFile(
      join(projectRoot(), 'out', 'sign-in-outcomes.md'),
      `| Case | What came out | What the SDK made of it |\n|---|---|---|\n${rows.join('\n')}\n`,
    );
  });

  /** What the SDK does with a callback when an app has no branch for errors, as many have. */
  const sdkOn = (callback: URLSearchParams, options?: { codeVerifier?: string }): Promise<string> =>
    sdk.authenticateWithCode(callback.get('code') ?? '', CALLBACK, options).then(
      ({ user }) => `signs in ${user.email}`,
      (error: Error & { response?: { data: { error: string; error_description?: string } } }) => {
        const { error: code = '', error_description: description = '' } = error.response?.data ?? {};
        return `${error.constructor.name}: ${error.message}; ${[code, description].filter(Boolean).join(': ')}`;
      },
    );
  const authorize = (parameters: Record<string, string>) =>
    browser.open(`/oauth/authorize?${new URLSearchParams(parameters).toString()}`);
  const base = () => ({
    response_type: 'code',
    client_id: sandbox.clientId,
    redirect_uri: CALLBACK,
    scope: 'openid profile email offline_access',
    state: 'my state',
  });

  describe('that is shown in the browser, because the redirect URI cannot be trusted:', () => {
    const cases: [string, (good: Record<string, string>) => Record<string, string>, string][] = [
      ['no client_id', (good) => ({ ...good, client_id: '' }), 'auth request is missing client_id'],
      ['an unknown client', (good) => ({ ...good, client_id: 'skc_0' }), 'unable to retrieve client by id'],
      ['no redirect_uri', (good) => ({ ...good, redirect_uri: '' }), 'auth request is missing redirect_uri'],
      [
        'a redirect_uri that is elsewhere and not registered',
        (good) => ({ ...good, redirect_uri: 'https://app.example.com/callback' }),
        `The requested redirect_uri is missing in the client configuration. ${CONTACT}`,
      ],
    ];
    for (const [name, change, text] of cases) {
      it(name, async () => {
        const page = await authorize(change(base()));
        assert.deepEqual([page.status, page.text], [400, `${text}\n`]);
        assert.match(page.headers.get('content-type') ?? '', /^text\/plain/);
        table.push([name, `400 ${text}`, 'never called']);
      });
    }
  });

  describe('that the request itself causes at the callback:', () => {
    const off = () => connections.find(({ enabled, status }) => !enabled && status === 'COMPLETED')?.id ?? '';
    const cases: [string, () => Record<string, string>, string, string?][] = [
      [
        'no scope',
        () => ({ ...base(), scope: '' }),
        'invalid_request',
        `The scope of your request is missing. Please ensure some scopes are requested. ${CONTACT}`,
      ],
      [
        'no response_type',
        () => ({ ...base(), response_type: '' }),
        'invalid_request',
        `The response type is missing in your request. ${CONTACT}`,
      ],
      [
        'another response_type',
        () => ({ ...base(), response_type: 'id_token' }),
        'unauthorized_client',
        `The requested response type is missing in the client configuration. ${CONTACT}`,
      ],
      [
        'prompt=none with another value',
        () => ({ ...base(), prompt: 'none login' }),
        'invalid_request',
        'The prompt parameter `none` must only be used as a single value',
      ],
      ['prompt=none without a session', () => ({ ...base(), prompt: 'none' }), 'login_required'],
      [
        'code_challenge_method plain',
        () => ({ ...base(), code_challenge: 'x', code_challenge_method: 'plain' }),
        'invalid_request',
      ],
      ['a request object', () => ({ ...base(), request: 'x.y.z' }), 'request_not_supported'],
      ['an unknown organization', () => ({ ...base(), organization_id: 'org_1' }), 'invalid_organization_id'],
      ['an unknown connection', () => ({ ...base(), connection_id: 'conn_1' }), 'invalid_connection_id'],
      ['a connection that is switched off', () => ({ ...base(), connection_id: off() }), 'connection_not_active'],
      ['an unknown domain', () => ({ ...base(), domain: 'nowhere.example' }), 'domain_not_found'],
      ['a provider that is not configured', () => ({ ...base(), provider: 'gitlab' }), 'no_configured_connections'],
      ['a provider that is not complete', () => ({ ...base(), provider: 'github' }), 'connection_not_active'],
      ['an unknown provider', () => ({ ...base(), provider: 'toString' }), 'invalid_connection_selector'],
    ];
    for (const [name, parameters, error, description] of cases) {
      it(`${name} causes ${error}`, async () => {
        const callback = callbackOf(await authorize(parameters()));
        assert.deepEqual(
          [callback.get('error'), callback.get('state'), callback.get('code')],
          [error, 'my state', null],
        );
        if (description !== undefined) assert.equal(callback.get('error_description'), description);
        assert.notEqual(callback.get('error_description') ?? '', '');
        table.push([name, `error=${error}`, await sdkOn(callback)]);
      });
    }

    const sso: [string, () => Record<string, string>, string][] = [
      ['no selector', base, 'invalid_connection_selector'],
      [
        'an organization without a connection',
        () => ({ ...base(), organization_id: empty }),
        'no_configured_connections',
      ],
      ['a login_hint of a foreign domain', () => ({ ...base(), login_hint: 'a@nowhere.example' }), 'domain_not_found'],
    ];
    for (const [name, parameters, error] of sso) {
      it(`${name} causes ${error} in Modular SSO, and shows the hosted page in full-stack auth`, async () => {
        sandbox.signIn.mode = 'modular-sso';
        const callback = callbackOf(await authorize(parameters()));
        assert.equal(callback.get('error'), error);
        table.push([`${name}, Modular SSO`, `error=${error}`, await sdkOn(callback)]);
        sandbox.signIn.mode = 'full-stack';
        assert.match((await authorize(parameters())).url, /\/login\?authRequestID=req_\d+$/);
      });
    }

    it('an organization whose connections are all switched off causes no_active_connections in Modular SSO', async () => {
      sandbox.signIn.mode = 'modular-sso';
      const active = connections.filter(({ enabled }) => enabled);
      for (const { id } of active) await sdk.connection.disableConnection(looney, id);
      const callback = callbackOf(await authorize({ ...base(), organization_id: looney }));
      for (const { id } of active) await sdk.connection.enableConnection(looney, id);
      assert.equal(callback.get('error'), 'no_active_connections');
      table.push(['no active connection, Modular SSO', 'error=no_active_connections', await sdkOn(callback)]);
    });
  });

  describe('that is ordered on the page of the identity provider:', () => {
    for (const code of CODES.split(' ')) {
      it(code, async () => {
        const page = await authorize({ ...base(), organization_id: looney });
        const callback = callbackOf(await browser.submit(page, { email: 'a@looney.example', outcome: code }));
        assert.deepEqual(
          [callback.get('error'), callback.get('state'), callback.get('code')],
          [code, 'my state', null],
        );
        assert.notEqual(callback.get('error_description') ?? '', '');
        table.push([`ordered: ${code}`, `error=${code}`, await sdkOn(callback)]);
      });
    }
    for (const outcome of ['expired_code', 'used_code']) {
      it(outcome, async () => {
        const page = await authorize({ ...base(), organization_id: looney });
        const callback = callbackOf(await browser.submit(page, { email: 'a@looney.example', outcome }));
        const made = await sdkOn(callback);
        assert.equal(made, 'AxiosError: Request failed with status code 400; invalid_grant: invalid code');
        table.push([`ordered: ${outcome}`, 'a code', made]);
      });
    }
    for (const [outcome, state] of [
      ['wrong_state', 'my state-another'],
      ['missing_state', null],
    ] as const) {
      it(outcome, async () => {
        const page = await authorize({ ...base(), organization_id: looney });
        const callback = callbackOf(await browser.submit(page, { email: 'a@looney.example', outcome }));
        assert.equal(callback.get('state'), state);
        table.push([`ordered: ${outcome}`, `state=${state}`, await sdkOn(callback)]);
      });
    }
    it('wrong_nonce', async () => {
      const page = await authorize({ ...base(), organization_id: looney, nonce: 'mine' });
      const callback = callbackOf(await browser.submit(page, { email: 'a@looney.example', outcome: 'wrong_nonce' }));
      const { idToken } = await sdk.authenticateWithCode(callback.get('code') ?? '', CALLBACK);
      assert.equal(decodeJwt(idToken)['nonce'], 'another-nonce');
      table.push(['ordered: wrong_nonce', 'an ID token with another nonce', 'signs in, as it compares no nonce']);
    });
    it('and with the control endpoint, for as many sign-ins as were ordered, slowly', async () => {
      const control = (method: string, body?: object) =>
        fetch(`${sandbox.url}/__sandbox/outcomes`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
      await control('POST', { outcome: 'assertion_expired', times: 2, delay_ms: 50 });
      const seen: (string | null)[] = [];
      for (let time = 0; time < 3; time++) {
        const page = await authorize({ ...base(), organization_id: looney, prompt: 'login' });
        seen.push(callbackOf(await browser.submit(page, { email: 'a@looney.example' })).get('error'));
      }
      assert.deepEqual(seen, ['assertion_expired', 'assertion_expired', null]);
      for (const wrong of [{ outcome: 'x' }, { outcome: 'success', times: 0 }, { outcome: 'success', delay_ms: 1e9 }])
        assert.equal((await control('POST', wrong)).status, 400);
      await control('POST', { outcome: 'access_denied' });
      await control('DELETE');
      assert.deepEqual(await (await control('GET')).json(), { outcomes: [] });
    });
  });

  describe('at the token endpoint:', () => {
    const codeFor = async (extra: Record<string, string> = {}) => {
      browser = new FormBrowser(sandbox.url);
      const page = await authorize({ ...base(), organization_id: looney, ...extra });
      return callbackOf(await browser.submit(page, { email: 'a@looney.example' })).get('code') ?? '';
    };
    const token = async (body: Record<string, string>) => {
      const response = await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
      const json = (await response.json()) as Record<string, unknown>;
      return { status: response.status, error: json['error'], description: json['error_description'], json };
    };
    const own = () => ({ client_id: sandbox.clientId, client_secret: sandbox.clientSecret });
    const byCode = (code: string) => ({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...own() });
    const cases: [string, () => Promise<Record<string, string>>, number, string, string | undefined][] = [
      ['no code', async () => byCode(''), 400, 'invalid_request', 'code missing'],
      ['an unknown code', async () => byCode('x'), 400, 'invalid_grant', 'invalid code'],
      [
        'another redirect_uri',
        async () => ({ ...byCode(await codeFor()), redirect_uri: `${CALLBACK}/` }),
        400,
        'invalid_grant',
        'redirect_uri does not correspond',
      ],
      [
        'no redirect_uri',
        async () => ({ grant_type: 'authorization_code', code: await codeFor(), ...own() }),
        400,
        'invalid_grant',
        'redirect_uri does not correspond',
      ],
      [
        'a wrong secret',
        async () => ({ ...byCode(await codeFor()), client_secret: 'x' }),
        401,
        'invalid_client',
        undefined,
      ],
      [
        'a code of another client',
        async () => {
          const other = sandbox.addClient();
          return { ...byCode(await codeFor()), client_id: other.clientId, client_secret: other.clientSecret };
        },
        400,
        'invalid_grant',
        undefined,
      ],
      [
        'a public client without PKCE',
        async () => {
          const { clientId } = sandbox.addClient({ type: 'SPA' });
          return {
            grant_type: 'authorization_code',
            code: await codeFor({ client_id: clientId }),
            redirect_uri: CALLBACK,
            client_id: clientId,
          };
        },
        400,
        'invalid_request',
        'PKCE required',
      ],
      [
        'a wrong code_verifier',
        async () => ({
          ...byCode(await codeFor({ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' })),
          code_verifier: 'y',
        }),
        400,
        'invalid_grant',
        'invalid code challenge',
      ],
      [
        'a missing code_verifier',
        async () => byCode(await codeFor({ code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' })),
        400,
        'invalid_request',
        'code_challenge required',
      ],
      [
        'a code_verifier that nobody asked for',
        async () => ({ ...byCode(await codeFor()), code_verifier: 'y' }),
        400,
        'invalid_request',
        'code_verifier unexpectedly provided',
      ],
      [
        'no refresh_token',
        async () => ({ grant_type: 'refresh_token', ...own() }),
        400,
        'invalid_request',
        'refresh_token missing',
      ],
      [
        'an unknown refresh_token',
        async () => ({ grant_type: 'refresh_token', refresh_token: 'rt_x', ...own() }),
        400,
        'invalid_grant',
        undefined,
      ],
      [
        'a wider scope on refresh',
        async () => {
          const { json } = await token(byCode(await codeFor({ scope: 'openid offline_access' })));
          return {
            grant_type: 'refresh_token',
            refresh_token: String(json['refresh_token']),
            scope: 'openid email',
            ...own(),
          };
        },
        400,
        'invalid_scope',
        undefined,
      ],
      [
        'another grant',
        async () => ({ grant_type: 'password', ...own() }),
        400,
        'unsupported_grant_type',
        'password not supported',
      ],
      ['no grant_type', async () => own(), 400, 'invalid_request', 'grant_type missing'],
    ];
    for (const [name, body, status, error, description] of cases) {
      it(`${name} causes ${error}`, async () => {
        const result = await token(await body());
        assert.deepEqual([result.status, result.error, result.description], [status, error, description]);
        table.push([`token endpoint: ${name}`, `${status} ${error} ${description ?? ''}`.trim(), '-']);
      });
    }

    it('a narrower scope on refresh is granted, and a code survives a wrong try', async () => {
      const code = await codeFor();
      assert.equal((await token({ ...byCode(code), redirect_uri: 'http://localhost/' })).status, 400);
      const { json } = await token(byCode(code));
      const refreshed = await token({
        grant_type: 'refresh_token',
        refresh_token: String(json['refresh_token']),
        scope: 'openid',
        ...own(),
      });
      assert.deepEqual([refreshed.status, refreshed.json['scope']], [200, 'openid']);
    });
  });

  describe('in the sign-in log', () => {
    it('a sign-in that failed is there with its reason', async () => {
      const page = await authorize({ ...base(), organization_id: looney });
      await browser.submit(page, { email: 'who@looney.example', outcome: 'signature_validation_failed' });
      const { events } = await sdk.events.listEventsPaginated(1, '', { organizationId: looney });
      assert.deepEqual(
        [events[0]?.type, events[0]?.displayName, events[0]?.data?.['error'], events[0]?.data?.['email']],
        [
          'auth_request.failed',
          'Failed: signature_validation_failed',
          'signature_validation_failed',
          'who@looney.example',
        ],
      );
    });
  });

  describe('of people:', () => {
    const withCode = async (email: string, parameters: Record<string, string> = {}) => {
      const code = await browser.submit(await authorize({ ...base(), ...parameters }), { email });
      return browser.submit(code, { code: '424242' });
    };
    it('somebody who is no member of the organization is denied, and no user is made', async () => {
      const callback = callbackOf(await withCode('no+sktest@nowhere.example', { organization_id: empty }));
      assert.equal(callback.get('error'), 'access_denied');
      assert.deepEqual((await sdk.user.searchUsers('no+sktest@nowhere')).users, []);
    });
    it('a user who was switched off is refused, and one who was invited joins', async () => {
      const { users } = await sdk.user.listOrganizationUsers(looney, { pageSize: 30 });
      const page = () => authorize({ ...base(), organization_id: looney });
      const statusOf = (status: number) => users.find(({ memberships }) => memberships[0]?.membershipStatus === status);
      const [inactive, invited] = [statusOf(2), statusOf(3)];
      const refused = callbackOf(await browser.submit(await page(), { user: inactive?.id ?? '' }));
      assert.equal(refused.get('error'), 'user_not_active');
      const joined = callbackOf(await browser.submit(await page(), { user: invited?.id ?? '' }));
      assert.ok(joined.get('code'));
      const { user } = await sdk.user.getUser(invited?.id ?? '');
      assert.deepEqual([user?.memberships[0]?.membershipStatus, user?.userProfile?.emailVerified], [1, true]);
    });
    it('a wrong one-time code can be tried five times, and a new one can be sent', async () => {
      let page = await browser.submit(await authorize(base()), { email: 'slow@nowhere.example' });
      const statuses: number[] = [];
      for (let time = 0; time < 6; time++) {
        page = await browser.submit(page, { code: '000000' });
        statuses.push(page.status);
      }
      assert.deepEqual(statuses, [400, 400, 400, 400, 400, 429]);
      page = await browser.submit(page, {}, 'resend');
      const code = /id="sent-code">(\d{6})</.exec(page.text)?.[1] ?? '';
      assert.ok(callbackOf(await browser.submit(page, { code })).get('code'));
    });
    it('an email without an address, and an email that leads to an organization, do what they should', async () => {
      const wrong = await browser.submit(await authorize(base()), { email: 'nobody' });
      assert.equal(wrong.status, 400);
      assert.match(wrong.text, /role="alert">Enter an email address/);
      const { domains } = await sdk.domain.listDomains(looney);
      const sent = await browser.submit(wrong, { email: `a@${domains[0]?.domain ?? ''}` });
      assert.match(sent.url, /\/idp\/login\?/);
      const social = await browser.submit(await authorize(base()), {}, connectionIdOf(await authorize(base())));
      assert.match(social.url, /\/idp\/login\?/);
    });
  });
});

/** The connection of the page's "Continue with" button. */
function connectionIdOf({ text }: { text: string }): string {
  return /value="(conn_\d+)"/.exec(text)?.[1] ?? '';
}
