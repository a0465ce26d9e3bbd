import assert from 'node:assert/strict';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { connect, type AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chromiumFlags, findChromium } from '../host/chromium';
import { startHttpServer } from '../support/httpServer';
import { until } from '../support/until';

const HOSTILE = `"><img src=x onerror="document.title='hacked'"><script>document.title='hacked'</script>`;
const TURNED = 'abc\u202edcba';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request with any headers, also those that fetch wouldn't send. */
function raw(
  base: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = '',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(base);
    const sent = httpRequest({ host: hostname, port, method, path, headers: { host, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject).end(body);
  });
}

/** The beginning of what comes back for bytes that no HTTP client would send. */
function overSocket(base: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1', () => socket.write(bytes));
    socket.once('error', reject);
    socket.once('data', (chunk: Buffer) => {
      socket.destroy();
      resolve(chunk.toString('latin1'));
    });
  });
}

function tokenIn({ text }: Reply): string {
  return /data-token="([^"]+)"/.exec(text)?.[1] ?? '';
}

async function accessToken({ url, clientId, clientSecret }: Sandbox): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** The first organization's ID, which only says that a token is good. */
function listOrganizations({ url }: Sandbox, bearer: string): Promise<Response> {
  return fetch(`${url}/api/v1/organizations?page_size=1`, { headers: { authorization: `Bearer ${bearer}` } });
}

describe('the sandbox’s page, asked by programs,', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ organizations: 3, seed: 7 });
  });
  after(() => sandbox.close());

  const own = () => ({ origin: sandbox.url, 'content-type': 'application/x-www-form-urlencoded' });
  const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = own()) =>
    raw(sandbox.url, 'POST', path, headers, new URLSearchParams(fields).toString());

  it('is refused under any name that isn’t this machine’s', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.evil.example:80']) {
      for (const [method, path] of [
        ['GET', '/'],
        ['GET', '/sandbox'],
        ['GET', '/sandbox/requests.json'],
        ['POST', '/sandbox/secret'],
        ['POST', '/sandbox/faults'],
        ['POST', '/sandbox/time'],
      ] as const)
        assert.equal((await raw(sandbox.url, method, path, { host })).status, 403, `${method} ${path} ${host}`);
    }
    for (const head of [
      'GET / HTTP/1.1\r\nHost:\r\n',
      'GET / HTTP/1.1\r\nHost: evil.example\r\n',
      'GET / HTTP/1.0\r\n',
    ])
      assert.match(await overSocket(sandbox.url, `${head}\r\n`), /^HTTP\/1\.1 403 /, head);
    for (const host of ['localhost', 'app.localhost:9', '[::1]:3000'])
      assert.equal((await raw(sandbox.url, 'GET', '/', { host })).status, 200, host);
  });

  it('has the secret neither in itself nor in its news, and gives it only for its token', async () => {
    const page = await raw(sandbox.url, 'GET', '/');
    const news = await raw(sandbox.url, 'GET', '/sandbox/requests.json?after=0');
    assert.equal(news.status, 200);
    assert.ok(page.text.includes(sandbox.clientId));
    for (const { text } of [page, news]) assert.ok(!text.includes(sandbox.clientSecret));
    for (const page_token of ['', 'wrong', `${tokenIn(page)}x`, 'x'.repeat(tokenIn(page).length)]) {
      for (const path of ['/sandbox/secret', '/sandbox/faults', '/sandbox/time']) {
        const reply = await post(path, { page_token, preset: 'failure', move: '60' });
        assert.equal(reply.status, 403, `${path} ${page_token}`);
        assert.ok(!reply.text.includes(sandbox.clientSecret));
      }
    }
    const good = await post('/sandbox/secret', { page_token: tokenIn(page) });
    assert.equal(good.status, 200);
    assert.equal(
      good.text,
      `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}\n`,
    );
    assert.equal(good.headers['cache-control'], 'no-store');
  });

  it('does nothing for another origin, not even with its token', async () => {
    const page_token = tokenIn(await raw(sandbox.url, 'GET', '/'));
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const foreign: Record<string, string>[] = [
      { ...type },
      { ...type, origin: 'null' },
      { ...type, origin: 'https://evil.example' },
      { ...type, origin: 'http://localhost:3000' },
      { ...own(), 'sec-fetch-site': 'same-site' },
      { ...own(), 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of foreign) {
      for (const path of ['/sandbox/secret', '/sandbox/faults', '/sandbox/time']) {
        const reply = await post(path, { page_token, preset: 'failure', move: '60' }, headers);
        assert.equal(reply.status, 403, `${path} ${JSON.stringify(headers)}`);
        assert.ok(!reply.text.includes(sandbox.clientSecret));
      }
    }
    const reading: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of reading)
      assert.equal((await raw(sandbox.url, 'GET', '/sandbox/requests.json', headers)).status, 403);
    assert.equal((await listOrganizations(sandbox, await accessToken(sandbox))).status, 200, 'no fault was added');
  });

  it('refuses other methods, and fields that it doesn’t know', async () => {
    const page_token = tokenIn(await raw(sandbox.url, 'GET', '/'));
    for (const path of ['/sandbox/secret', '/sandbox/faults', '/sandbox/time'])
      assert.equal((await raw(sandbox.url, 'GET', path)).status, 405, path);
    assert.equal((await raw(sandbox.url, 'POST', '/sandbox/requests.json')).status, 405);
    assert.equal((await raw(sandbox.url, 'POST', '/')).status, 404);
    assert.equal((await post('/sandbox/faults', { page_token, preset: 'constructor' })).status, 400);
    assert.equal((await post('/sandbox/time', { page_token, move: '-60' })).status, 400);
    for (const after of ['x', '-1', '1.5', '1e99'])
      assert.equal((await raw(sandbox.url, 'GET', `/sandbox/requests.json?after=${after}`)).status, 400, after);
  });

  it('shows requests without any value that may be secret, and says why they were refused', async () => {
    const secrets = ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2ln', 'Zk3vQ0m7bH2nT9xR', 'test_Zk3vQ0m7bH2nT9xR4cW8s'];
    for (const secret of secrets) {
      for (const name of ['code', 'token', 'id_token_hint', 'state', secret])
        await fetch(`${sandbox.url}/oidc/logout?${name}=${secret}`);
      await fetch(`${sandbox.url}/api/v1/${secret}`);
      await fetch(`${sandbox.url}/${secret}?${secret}`);
      await fetch(`${sandbox.url}/api/v1/organizations`, { headers: { authorization: `Bearer ${secret}` } });
      for (const fields of [{ grant_type: secret }, { grant_type: 'client_credentials', client_secret: secret }])
        await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields as never) });
      await fetch(`${sandbox.url}/api/v1/organizations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await accessToken(sandbox)}` },
        body: `{"display_name": ${secret}`,
      });
    }
    for (const path of ['/', '/sandbox/requests.json']) {
      const { text } = await raw(sandbox.url, 'GET', path);
      for (const secret of secrets) assert.ok(!text.includes(secret.slice(0, 12)), `${path}: ${secret}`);
      assert.match(text, /GET \/oidc\/logout\?code=…/);
      assert.match(text, /invalid_client/);
      assert.match(text, /unsupported_grant_type: … not supported/);
      assert.match(text, /UNAUTHENTICATED: /);
    }
  });

  it('is in no list of requests itself, and neither are its news', async () => {
    sandbox.clearRequests();
    for (const path of ['/', '/sandbox', '/sandbox/requests.json', '/favicon.ico']) await raw(sandbox.url, 'GET', path);
    assert.deepEqual(sandbox.requests, []);
  });

  it('gives at most 200 rows, and only what is new', async () => {
    for (let sent = 0; sent < 205; sent++) await fetch(`${sandbox.url}/keys`);
    const rowsOf = ({ text }: Reply) => text.split('<li').length - 1;
    const all = await raw(sandbox.url, 'GET', '/sandbox/requests.json');
    const { next, rows } = JSON.parse(all.text) as { next: number; rows: string };
    assert.equal(rows.split('<li').length - 1, 200);
    const page = await raw(sandbox.url, 'GET', '/');
    assert.ok(rowsOf(page) >= 200 && rowsOf(page) < 230, 'other lists of the page have rows too');
    await fetch(`${sandbox.url}/keys`);
    const news = JSON.parse((await raw(sandbox.url, 'GET', `/sandbox/requests.json?after=${next}`)).text) as never;
    assert.equal((news as { rows: string }).rows.split('<li').length - 1, 1);
    assert.equal((news as { next: number }).next, next + 1);
  });

  it('isn’t there if other machines can reach the sandbox', async () => {
    const open = await startSandbox({ host: '0.0.0.0', organizations: 1 });
    try {
      assert.equal((await raw(open.url, 'GET', '/')).status, 404);
      assert.equal((await raw(open.url, 'GET', '/sandbox/requests.json')).status, 404);
      const list = await raw(open.url, 'GET', '/sandbox');
      assert.match(list.text, /href="\/sandbox\/webhooks"/);
      assert.ok(!list.text.includes('data-token'));
      assert.equal((await raw(open.url, 'POST', '/sandbox/secret', { origin: open.url })).status, 404);
      const address = Object.values(networkInterfaces())
        .flat()
        .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
      if (address !== undefined) {
        const { port } = new URL(open.url);
        const reply = await raw(`http://${address}:${port}`, 'GET', '/', { host: `localhost:${port}` });
        assert.equal(reply.status, 404);
      }
    } finally {
      await open.close();
    }
  });
});

describe('the sandbox’s page, in a real Chromium,', () => {
  let browser: Browser;
  let context: BrowserContext;
  let sandbox: Sandbox;
  let page: Page;
  let problems: string[];

  before(async () => {
    browser = await chromium.launch({ executablePath: await findChromium(), args: chromiumFlags() });
  });
  beforeEach(async () => {
    sandbox = await startSandbox({ organizations: 3, seed: 7 });
    context = await browser.newContext();
    page = await context.newPage();
    problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused/i.test(message.text())) problems.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    await sandbox.close();
  });
  after(() => browser.close());

  const open = () => page.goto(`${sandbox.url}/`);
  const rows = () => page.locator('#requests li');

  /** A page of an app that runs at another origin. */
  const startApp = async (html: (sandboxUrl: string) => string): Promise<{ url: string; server: Server }> => {
    const server = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(html(sandbox.url)),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
  };

  it('shows a request when it comes, newest first, with the reason of a refusal, and can leave out the others', async () => {
    await open();
    await page.getByText('Nothing yet.').waitFor();
    const bearer = await accessToken(sandbox);
    await listOrganizations(sandbox, bearer);
    await rows().filter({ hasText: 'GET /api/v1/organizations?page_size=…' }).waitFor();
    await listOrganizations(sandbox, 'bad');
    const refused = rows().filter({ hasText: 'UNAUTHENTICATED: ' });
    await refused.waitFor();
    assert.match((await rows().first().textContent()) ?? '', /^\d\d:\d\d:\d\d 401 \d+ ms GET .*UNAUTHENTICATED: /);
    assert.equal(await rows().count(), 3);
    assert.equal(await page.getByText('Nothing yet.').isVisible(), false);
    await page.getByLabel('Only errors').check();
    assert.deepEqual(
      await rows().evaluateAll((all) => all.map((row) => (row as never as { offsetHeight: number }).offsetHeight > 0)),
      [true, false, false],
    );
    assert.deepEqual(problems, []);
  });

  it('copies the three lines with the secret, which is nowhere in the page', async () => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: sandbox.url });
    await open();
    assert.ok(!(await page.content()).includes(sandbox.clientSecret));
    await page.getByRole('button', { name: 'Copy for .env' }).click();
    await page.getByText('Copied.').waitFor();
    const copied = await page.evaluate('navigator.clipboard.readText()');
    assert.ok(String(copied).includes(`SCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}\n`));
    assert.ok(!(await page.content()).includes(sandbox.clientSecret));
    assert.deepEqual(problems, []);
  });

  it('switches faults on, shows what is left of them, and removes them', async () => {
    await open();
    const bearer = await accessToken(sandbox);
    await page.getByRole('button', { name: '429 once' }).click();
    await page.getByText('status 429 with Retry-After 2: any request, 1 left').waitFor();
    const limited = await listOrganizations(sandbox, bearer);
    assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '2']);
    await page.getByText('No fault is active.').waitFor();
    await page.getByRole('button', { name: '500 three times' }).click();
    await page.getByText('status 500: any request, 3 left').waitFor();
    assert.equal((await listOrganizations(sandbox, bearer)).status, 500);
    await page.getByText('2 left').waitFor();
    await page.getByRole('button', { name: 'Connection closed once' }).click();
    await page.getByText('connection closed: any request, 1 left').waitFor();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByText('No fault is active.').waitFor();
    assert.equal((await listOrganizations(sandbox, bearer)).status, 200);
    assert.equal(page.url(), `${sandbox.url}/`);
    assert.deepEqual(problems, []);
  });

  it('still works while every request of an app fails', async () => {
    sandbox.addFault({ drop: true });
    await open();
    await page.getByText('connection closed: any request, until removed').waitFor();
    await assert.rejects(fetch(`${sandbox.url}/keys`));
    await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByText('No fault is active.').waitFor();
    assert.equal((await fetch(`${sandbox.url}/keys`)).status, 200);
  });

  it('moves time on, by which tokens expire, and goes back to this machine’s', async () => {
    const bearer = await accessToken(sandbox);
    await open();
    await page.getByText('It’s this machine’s time.').waitFor();
    await page.getByRole('button', { name: '1 hour on' }).click();
    await page.getByText(', 1 hour ahead.').waitFor();
    assert.equal((await listOrganizations(sandbox, bearer)).status, 200, 'it lives for nearly a day');
    await page.getByRole('button', { name: '1 day on' }).click();
    await page.getByText(', 1 day 1 hour ahead.').waitFor();
    assert.equal((await listOrganizations(sandbox, bearer)).status, 401);
    const later = await accessToken(sandbox);
    assert.equal((await listOrganizations(sandbox, later)).status, 200);
    await page.getByRole('button', { name: 'Back to this machine’s time' }).click();
    await page.getByText('It’s this machine’s time.').waitFor();
    assert.equal((await listOrganizations(sandbox, later)).status, 401, 'a token of a later time is gone');
    const last = await accessToken(sandbox);
    await page.getByRole('button', { name: 'Expire all access tokens' }).click();
    await until('it is expired', async () => (await listOrganizations(sandbox, last)).status === 401);
    assert.deepEqual(problems, []);
  });

  it('starts a sign-in as a user, after time was moved on too', async () => {
    sandbox.moveTimeOn(3 * 86_400_000);
    await open();
    const user = page.locator('section', { has: page.getByRole('heading', { name: 'Sign in as' }) }).getByRole('link');
    const email = (await user.first().locator('xpath=following-sibling::span[1]').textContent())?.split(',')[0] ?? '';
    assert.match(email, /@/);
    await user.first().click();
    assert.equal(await page.getByRole('textbox', { name: 'Email' }).inputValue(), email);
    await page.getByRole('button', { name: 'Simulate login' }).click();
    await page.getByRole('heading', { name: 'The test sign-in succeeded' }).waitFor();
    const unknown = await page.goto(`${sandbox.url}/sandbox/test-sign-in?user=usr_1`);
    assert.equal(unknown?.status(), 404);
  });

  it('shows the latest webhooks, and leads to them', async () => {
    const app = await startHttpServer((_request, response) => void response.writeHead(200).end());
    try {
      sandbox.addWebhook({ url: app.url });
      await open();
      await page.getByText('Nothing was delivered yet.').waitFor();
      const bearer = await accessToken(sandbox);
      await fetch(`${sandbox.url}/api/v1/organizations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ display_name: 'Seen Corp' }),
      });
      await page.getByText('4 organizations').waitFor();
      await page.getByRole('link', { name: 'organization.created' }).click();
      await page.getByRole('heading', { name: 'organization.created' }).waitFor();
    } finally {
      await app.close();
    }
  });

  it('says that the sandbox has ended, and starts anew with the next one at its address', async () => {
    await open();
    const { port } = new URL(sandbox.url);
    await sandbox.close();
    await page.getByText('The sandbox has ended.').waitFor();
    sandbox = await startSandbox({ organizations: 5, port: Number(port) });
    await page.getByText('5 organizations').waitFor();
    await page.getByText('The sandbox has ended.').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '429 once' }).click();
    await page.getByText('status 429').waitFor();
  });

  it('works without scripts, except for copying', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    try {
      const quiet = await plain.newPage();
      await listOrganizations(sandbox, 'bad');
      await quiet.goto(`${sandbox.url}/sandbox`);
      assert.match((await quiet.locator('#requests li').first().textContent()) ?? '', /401/);
      assert.equal(await quiet.locator('#copy').isVisible(), false);
      await quiet.getByRole('button', { name: '401 once' }).click();
      assert.match((await quiet.locator('#faults').textContent()) ?? '', /status 401/);
      await quiet.getByRole('button', { name: '5 minutes on' }).click();
      assert.match((await quiet.locator('#time').textContent()) ?? '', /5 minutes ahead/);
    } finally {
      await plain.close();
    }
  });

  it('can be neither framed, read nor changed by a page of another origin', async () => {
    const app = await startApp(
      (url) => `<!doctype html><iframe id="frame" src="${url}/"></iframe>
<form id="form" method="post" action="${url}/sandbox/faults"><input name="preset" value="failure"><button>Go</button></form>`,
    );
    try {
      const framed = page.waitForResponse((response) => response.url() === `${sandbox.url}/`);
      await page.goto(app.url);
      assert.match((await framed).headers()['content-security-policy'] ?? '', /frame-ancestors 'none'/);
      const frame = page.frames().find((one) => one !== page.mainFrame());
      assert.equal(await frame?.locator('#requests').count(), 0);
      for (const path of ['/', '/sandbox/requests.json', '/sandbox/secret']) {
        const result = await page.evaluate(
          `fetch(${JSON.stringify(sandbox.url + path)}, { method: ${path.endsWith('secret') ? "'POST'" : "'GET'"} }).then((r) => r.text(), () => 'blocked')`,
        );
        assert.equal(result, 'blocked', path);
      }
      const answered = page.waitForResponse((response) => response.url().endsWith('/sandbox/faults'));
      await page.getByRole('button', { name: 'Go' }).click();
      assert.equal((await answered).status(), 403);
      assert.equal((await fetch(`${sandbox.url}/keys`)).status, 200);
    } finally {
      app.server.closeAllConnections();
      app.server.close();
    }
  });

  it('shows hostile and endless names as texts, and runs nothing of them', async () => {
    const bearer = await accessToken(sandbox);
    const call = async (method: string, path: string, body: unknown) => {
      const response = await fetch(`${sandbox.url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify(body),
      });
      assert.ok(response.ok, await response.clone().text());
      return (await response.json()) as { organization: { id: string } };
    };
    const { organization } = await call('POST', 'organizations', { display_name: HOSTILE });
    for (const [index, name] of [HOSTILE, TURNED, 'x'.repeat(200)].entries())
      await call('POST', `organizations/${organization.id}/users?send_invitation_email=false`, {
        email: `hostile${index}@looney.example`,
        user_profile: { given_name: name, family_name: name },
      });
    sandbox.addFault({ path: HOSTILE, times: 1, status: 500 });
    sandbox.addFault({ path: 'y'.repeat(10_000), status: 500 });
    await fetch(`${sandbox.url}/api/v1/organizations/${encodeURIComponent(HOSTILE)}?${encodeURIComponent(HOSTILE)}=1`);
    for (const javaScriptEnabled of [true, false]) {
      const own = await browser.newContext({ javaScriptEnabled, viewport: { width: 300, height: 600 } });
      const shown = await own.newPage();
      await shown.goto(`${sandbox.url}/`);
      await shown.getByText('status 500: "><img').waitFor();
      assert.equal(await shown.locator('img').count(), 0);
      assert.equal(await shown.locator('script').count(), 1, 'the page’s own');
      assert.match(await shown.title(), /– Scalekit sandbox$/);
      const text = (await shown.locator('main').textContent()) ?? '';
      assert.ok(text.includes('\\u{202e}') && !text.includes('\u202e'));
      assert.ok(!text.includes('x'.repeat(100)) && !text.includes('y'.repeat(300)));
      if (javaScriptEnabled) {
        const isWide = 'document.documentElement.scrollWidth > innerWidth';
        assert.equal(await shown.evaluate(isWide), false, 'it fits into 300 pixels');
      }
      await own.close();
    }
  });

  it('fits into 300 and into 1200 pixels, light and dark', async () => {
    await listOrganizations(sandbox, 'bad');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [300, 1200]) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await open();
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width);
        const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
        assert.equal(background === 'rgb(255, 255, 255)', colorScheme === 'light', String(background));
      }
    }
  });
});
