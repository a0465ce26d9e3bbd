import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ScalekitClient } from '@scalekit-sdk/node';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chromiumFlags, findChromium } from '../host/chromium';
import { projectRoot } from '../host/project';

const HOSTILE = `"><script>document.title='hacked'</script><img src=x onerror=alert(1)>' & <b>`;

/** The quickstart of full-stack auth for a web app, written anew: what Scalekit's guide has an app do, and no more. */
async function startWebApp(sandbox: Sandbox): Promise<{ url: string; errors: string[]; server: Server }> {
  const scalekit = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
  const errors: string[] = [];
  let url = '';
  const cookieOf = (request: IncomingMessage, name: string) =>
    new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1] ?? '';
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = new URL(request.url ?? '/', url);
    const callback = `${url}/auth/callback`;
    const go = (location: string, cookies: string[] = []) =>
      response.writeHead(302, { location, 'set-cookie': cookies }).end();
    const show = (text: string, cookies: string[] = []) =>
      response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': cookies }).end(`<p id="result">${text}</p>`);
    const option = (name: string) => asked.searchParams.get(name) ?? undefined;
    switch (asked.pathname) {
      case '/login': {
        const claimed = option('idp_initiated_login');
        const claims = claimed === undefined ? undefined : await scalekit.getIdpInitiatedLoginClaims(claimed);
        const state = randomBytes(12).toString('hex');
        const given = Object.fromEntries(asked.searchParams);
        delete given['idp_initiated_login'];
        go(
          scalekit.getAuthorizationUrl(callback, {
            scopes: ['openid', 'profile', 'email', 'offline_access'],
            state,
            ...given,
            ...(claims === undefined
              ? {}
              : {
                  connectionId: claims.connection_id,
                  organizationId: claims.organization_id,
                  loginHint: claims.login_hint,
                }),
          }),
          [`state=${state}; HttpOnly; SameSite=Lax; Path=/`],
        );
        return;
      }
      case '/auth/callback': {
        const error = option('error');
        if (error !== undefined) return void show(`error ${error}`);
        if (option('state') !== cookieOf(request, 'state')) return void show('error state');
        const {
          user,
          idToken,
          refreshToken = '',
        } = await scalekit.authenticateWithCode(option('code') ?? '', callback);
        return void go(`/dashboard?who=${encodeURIComponent(user.email)}`, [
          `id=${idToken}; HttpOnly; Path=/`,
          `refresh=${refreshToken}; HttpOnly; Path=/`,
        ]);
      }
      case '/dashboard':
        return void show(`signed in as ${option('who') ?? ''}`);
      case '/refresh': {
        const { accessToken, refreshToken } = await scalekit.refreshAccessToken(cookieOf(request, 'refresh'));
        const isValid = await scalekit.validateAccessToken(accessToken, {
          issuer: sandbox.url,
          audience: [sandbox.clientId],
        });
        return void show(`refreshed ${isValid}`, [`refresh=${refreshToken}; HttpOnly; Path=/`]);
      }
      case '/logout':
        return void go(
          scalekit.getLogoutUrl({ idTokenHint: cookieOf(request, 'id'), postLogoutRedirectUri: `${url}/bye` }),
          ['id=; Max-Age=0; Path=/', 'refresh=; Max-Age=0; Path=/'],
        );
      default:
        return void show('signed out');
    }
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      errors.push(String(error));
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return { url, errors, server };
}

/** The quickstart of a single-page app, written anew: no secret and no server, everything in the browser. */
async function startSinglePageApp(sandbox: Sandbox): Promise<{ url: string; server: Server }> {
  const { clientId } = sandbox.addClient({ type: 'SPA' });
  const program = `
const environment = ${JSON.stringify(sandbox.url)}, client_id = ${JSON.stringify(clientId)}, redirect_uri = location.origin + '/';
const result = document.getElementById('result');
const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
const post = async (body) => (await fetch(facts.token_endpoint, { method: 'POST', body: new URLSearchParams({ client_id, ...body }) })).json();
let facts;
async function main() {
  facts = await (await fetch(environment + '/.well-known/openid-configuration')).json();
  const query = new URLSearchParams(location.search);
  if (!query.has('code')) {
    const verifier = text(crypto.getRandomValues(new Uint8Array(32))), state = text(crypto.getRandomValues(new Uint8Array(16)));
    sessionStorage.setItem('pending', JSON.stringify({ verifier, state }));
    const code_challenge = text(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
    location.href = facts.authorization_endpoint + '?' + new URLSearchParams({ response_type: 'code', client_id, redirect_uri,
      scope: 'openid profile email offline_access', state, code_challenge, code_challenge_method: 'S256' });
    return;
  }
  const { verifier, state } = JSON.parse(sessionStorage.getItem('pending'));
  if (query.get('state') !== state) throw new Error('state');
  const first = await post({ grant_type: 'authorization_code', code: query.get('code'), redirect_uri, code_verifier: verifier });
  const second = await post({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
  const info = await (await fetch(facts.userinfo_endpoint, { headers: { authorization: 'Bearer ' + second.access_token } })).json();
  const keys = await (await fetch(facts.jwks_uri)).json();
  const closed = await fetch(environment + '/oauth/introspect', { method: 'POST', body: new URLSearchParams({ token: 'x' }) }).then(() => 'open', () => 'closed');
  document.getElementById('out').href = facts.end_session_endpoint + '?' + new URLSearchParams({ id_token_hint: second.id_token, post_logout_redirect_uri: location.origin + '/bye' });
  result.textContent = ['signed in as', info.email, keys.keys.length, closed].join(' ');
}
if (location.pathname === '/bye') result.textContent = 'signed out';
else main().catch((error) => { result.textContent = 'failed: ' + error; });
`;
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return void response.writeHead(404).end();
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<p id="result"></p><a id="out" href="#">Sign out</a><script type="module">${program}</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, server };
}

describe('the sign-in pages of the sandbox, in a real Chromium,', () => {
  let browser: Browser;
  let sandbox: Sandbox;
  let app: Awaited<ReturnType<typeof startWebApp>>;
  let looney = '';
  let connectionId = '';
  const contexts: BrowserContext[] = [];
  /** What the browser complained about, for example a blocked style or redirect. */
  const complaints: string[] = [];

  before(async function () {
    this.timeout(180_000);
    browser = await chromium.launch({ executablePath: await findChromium(), args: chromiumFlags() });
    sandbox = await startSandbox({ organizations: 30, seed: 7 });
    app = await startWebApp(sandbox);
    const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    looney = (await sdk.organization.listOrganization({ pageSize: 10 })).organizations[0]?.id ?? '';
    connectionId = (await sdk.connection.listConnections(looney)).connections[0]?.id ?? '';
  });
  after(async () => {
    await browser.close();
    app.server.closeAllConnections();
    app.server.close();
    await sandbox.close();
  });
  beforeEach(() => {
    complaints.length = 0;
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    sandbox.signIn.mode = 'full-stack';
    assert.deepEqual(complaints, []);
    assert.deepEqual(app.errors, []);
  });

  const open = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => {
    const context = await browser.newContext(options);
    contexts.push(context);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Refused/.test(message.text()))
        complaints.push(message.text());
    });
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return page;
  };
  const result = (page: Page) => page.locator('#result').textContent();
  const picture = (page: Page, name: string) =>
    page.screenshot({ path: join(projectRoot(), 'out/screenshots', `sign-in-${name}.png`), fullPage: true });
  /** Every control has a name, the page has one heading, a title and a language. */
  const isAccessible = async (page: Page) => {
    for (const control of await page.locator('input:not([type=hidden]), select').all())
      assert.ok(((await control.getAttribute('id')) ?? '') !== '' && (await labelOf(page, control)) !== '');
    for (const button of await page.getByRole('button').all()) assert.notEqual(await button.textContent(), '');
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
    assert.equal(await page.getByRole('main').count(), 1);
    assert.match(await page.title(), /– Scalekit sandbox$/);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  };
  const labelOf = async (page: Page, control: ReturnType<Page['locator']>): Promise<string> =>
    (await page.locator(`label[for="${await control.getAttribute('id')}"]`).textContent()) ?? '';

  it('sign a person in, refresh and sign out with the web quickstart, without scripts', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.goto(`${app.url}/login`);
    await page.getByLabel('Email').fill('person@nowhere.example');
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    await page.getByLabel('Code').fill((await page.locator('#sent-code').textContent()) ?? '');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.waitForURL(`${app.url}/dashboard**`);
    assert.equal(await result(page), 'signed in as person@nowhere.example');
    await page.goto(`${app.url}/refresh`);
    assert.equal(await result(page), 'refreshed true');
    await page.goto(`${app.url}/login`);
    assert.equal(await result(page), 'signed in as person@nowhere.example', 'silently, by the cookie');
    await page.goto(`${app.url}/logout`);
    assert.equal(page.url(), `${app.url}/bye`);
    await page.goto(`${app.url}/login?prompt=none`);
    assert.equal(await result(page), 'error login_required');
    await page.goto(`${app.url}/login`);
    assert.match(page.url(), /\/login\?authRequestID=/, 'the session has ended');
  });

  it('sign a person in with the single-page quickstart, whose own code calls what CORS lets it call', async () => {
    const spa = await startSinglePageApp(sandbox);
    try {
      const page = await open();
      await page.goto(spa.url);
      await page.getByLabel('Email').fill('spa+sktest@nowhere.example');
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await page.getByLabel('Code').fill('424242');
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByText('signed in as').waitFor();
      assert.equal(await result(page), 'signed in as spa+sktest@nowhere.example 1 closed');
      await page.getByText('Sign out').click();
      await page.getByText('signed out').waitFor();
    } finally {
      spa.server.closeAllConnections();
      spa.server.close();
    }
  });

  it('work with the keyboard alone, and name every control, in light and in dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await open({ colorScheme, viewport: { width: 900, height: 700 } });
      await page.goto(`${app.url}/login?prompt=create`);
      await isAccessible(page);
      await picture(page, `create-${colorScheme}`);
      await page.keyboard.press('Tab');
      await page.keyboard.type(`keys.${colorScheme}+sktest@nowhere.example`);
      await page.keyboard.press('Tab');
      await page.keyboard.type('Key');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/login\/code/);
      await isAccessible(page);
      await picture(page, `code-${colorScheme}`);
      await page.keyboard.press('Tab');
      await page.keyboard.type('1');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
      await picture(page, `wrong-code-${colorScheme}`);
      await page.keyboard.press('Tab');
      await page.keyboard.type('424242');
      await page.keyboard.press('Enter');
      await page.waitForURL(`${app.url}/dashboard**`);
      await page.goto(`${app.url}/login?prompt=select_account`);
      await isAccessible(page);
      await picture(page, `organization-${colorScheme}`);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForURL(`${app.url}/dashboard**`);

      await page.goto(`${app.url}/login?organizationId=${looney}&prompt=login`);
      await isAccessible(page);
      await picture(page, `provider-${colorScheme}`);
      const background = await page
        .locator('body')
        .evaluate(
          (body) =>
            (
              globalThis as never as { getComputedStyle(element: unknown): { backgroundColor: string } }
            ).getComputedStyle(body).backgroundColor,
        );
      assert.equal(background === 'rgb(255, 255, 255)', colorScheme === 'light', background);
      for (const [name, path] of [
        ['home', '/sandbox'],
        ['initiated', '/sandbox/idp-initiated'],
        ['ended', '/login'],
        ['logout', '/oidc/logout'],
      ] as const) {
        await page.goto(`${sandbox.url}${path}`);
        await isAccessible(page);
        await picture(page, `${name}-${colorScheme}`);
      }
    }
  });

  it('sign in at an identity provider with any user, attribute and outcome, in both products', async () => {
    const page = await open();
    await page.goto(`${app.url}/login?organizationId=${looney}`);
    const users = await page.getByLabel('User of the organization').locator('option').allTextContents();
    assert.equal(users.length, 13);
    await page.getByLabel('User of the organization').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Add attribute' }).click();
    assert.equal(await page.locator('input[name=attribute_name]').count(), 3);
    assert.equal((await page.getByLabel('User of the organization').inputValue()) !== '', true, 'the choice stays');
    await page.getByRole('button', { name: 'Simulate login' }).click();
    await page.waitForURL(`${app.url}/dashboard**`);
    assert.match((await result(page)) ?? '', /^signed in as .+@.+\.com$/);

    sandbox.signIn.mode = 'modular-sso';
    await page.goto(`${app.url}/login?organizationId=${looney}`);
    await page.getByRole('textbox', { name: 'Email' }).fill('modular@looney.example');
    await page.getByRole('button', { name: 'Simulate login' }).click();
    await page.waitForURL(`${app.url}/dashboard**`);
    for (const [outcome, seen] of [
      ['access_denied', 'error access_denied'],
      ['wrong_state', 'error state'],
    ] as const) {
      await page.goto(`${app.url}/login?organizationId=${looney}`);
      await page.getByRole('textbox', { name: 'Email' }).fill('modular@looney.example');
      await page.getByLabel('Outcome').selectOption(outcome);
      await page.getByRole('button', { name: 'Simulate login' }).click();
      await page.waitForURL(`${app.url}/auth/callback**`);
      assert.equal(await result(page), seen);
    }
  });

  it('show the result of a connection’s test sign-in, with the email address that was typed', async () => {
    const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    const { connection } = await sdk.connection.getConnection(looney, connectionId);
    const page = await open();
    await page.goto(connection?.testConnectionUri ?? '');
    await page.getByRole('textbox', { name: 'Email' }).fill('tester@looney.example');
    await page.getByRole('button', { name: 'Simulate login' }).click();
    await page.getByRole('heading', { name: 'The test sign-in succeeded' }).waitFor();
    await isAccessible(page);
    await picture(page, 'test-result');
    await page.goto(connection?.testConnectionUri ?? '');
    await page.getByRole('textbox', { name: 'Email' }).fill('tester@looney.example');
    await page.getByLabel('Outcome').selectOption('access_denied');
    await page.getByRole('button', { name: 'Simulate login' }).click();
    await page.getByRole('heading', { name: 'The test sign-in failed' }).waitFor();
    assert.match(await page.getByRole('main').innerText(), /access_denied/);
    const unknown = await page.goto(`${sandbox.url}/sso/v1/test/conn_1`);
    assert.equal(unknown?.status(), 404);

    // A person types the address of an organization's domain at the hosted page.
    const url = sdk.getAuthorizationUrl('http://localhost:3000/callback', { prompt: 'login' });
    await page.goto(url);
    await page.getByLabel('Email').fill('typed@looneycorp.com');
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Email' }).inputValue(), 'typed@looneycorp.com');
  });

  it('start a sign-in at the identity provider, and go through the app to its dashboard', async () => {
    const page = await open();
    await page.goto(`${sandbox.url}/sandbox`);
    await page.getByRole('link', { name: 'Sign-in that the identity provider starts' }).click();
    await page.getByLabel('Initiate login URL').fill(`${app.url}/login`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await isAccessible(page);
    await picture(page, 'initiated-second');
    await page.getByLabel('Connection').fill(connectionId);
    await page.getByRole('textbox', { name: 'Email' }).fill('idp@looney.example');
    await page.getByRole('button', { name: 'Simulate login' }).click();
    await page.waitForURL(`${app.url}/dashboard**`);
    assert.equal(await result(page), 'signed in as idp@looney.example');
  });

  it('show hostile texts as texts, and run nothing of them', async () => {
    const api = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: sandbox.clientId,
        client_secret: sandbox.clientSecret,
      }),
    });
    const { access_token: bearer } = (await api.json()) as { access_token: string };
    const change = (method: string, path: string, body: unknown) =>
      fetch(`${sandbox.url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify(body),
      });
    await change('PATCH', `organizations/${looney}`, { display_name: HOSTILE });
    await change('PATCH', `clients/${sandbox.clientId}`, { name: HOSTILE });
    const { user } = (await (
      await change('POST', `organizations/${looney}/users?send_invitation_email=false`, {
        email: 'hostile@looney.example',
        user_profile: { given_name: HOSTILE, family_name: HOSTILE },
      })
    ).json()) as { user: { id: string } };
    const page = await open();
    const authorize = (parameters: Record<string, string>) =>
      page.goto(
        `${sandbox.url}/oauth/authorize?${new URLSearchParams({ response_type: 'code', client_id: sandbox.clientId, redirect_uri: `${app.url}/bye?x=${encodeURIComponent(HOSTILE)}`, scope: 'openid', state: HOSTILE, login_hint: HOSTILE, ...parameters })}`,
      );
    const isHarmless = async () => {
      assert.equal(await page.locator('script, img').count(), 0);
      assert.match(await page.title(), /– Scalekit sandbox$/);
    };
    await authorize({});
    await isHarmless();
    assert.ok((await page.locator('main').textContent())?.includes(HOSTILE));
    assert.equal(await page.getByLabel('Email').inputValue(), HOSTILE);
    await authorize({ organization_id: looney });
    await isHarmless();
    assert.ok((await page.locator('main').textContent())?.includes(HOSTILE));
    await page.getByLabel('Name 1').fill(HOSTILE);
    await page.getByLabel('Value 1').fill(HOSTILE);
    await page.getByRole('button', { name: 'Add attribute' }).click();
    await isHarmless();
    assert.equal(await page.getByLabel('Value 1').inputValue(), HOSTILE);
    await page.getByLabel('User of the organization').selectOption(user.id);
    await page.getByRole('button', { name: 'Simulate login' }).click();
    await page.waitForURL(`${app.url}/bye**`);
    assert.equal(new URL(page.url()).searchParams.get('state'), HOSTILE, 'the state comes back as it was');
    await authorize({ prompt: 'select_account' });
    await isHarmless();
    assert.ok((await page.locator('main').textContent())?.includes(HOSTILE));
    await page.goto(
      `${sandbox.url}/sandbox/idp-initiated?${new URLSearchParams({ client_id: sandbox.clientId, target: `${app.url}/bye?${HOSTILE}` })}`,
    );
    await isHarmless();
    await page.goto(`${sandbox.url}/sandbox/idp-initiated`);
    await isHarmless();
  });
});
