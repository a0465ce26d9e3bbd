import assert from 'node:assert/strict';
import type { WebhookPayload } from '../../src/api/webhooks/webhookPayload';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { startHttpServer, type HttpServer } from '../support/httpServer';
import { until } from '../support/until';
import { FormBrowser } from './formBrowser';

const HOSTILE = '"><script>alert(1)</script>\'&<b>';

describe('the sandbox’s pages about webhooks and interceptors', () => {
  let sandbox: Sandbox;
  let browser: FormBrowser;
  let app: HttpServer;

  beforeEach(async () => {
    app = await startHttpServer((_request, response) => void response.writeHead(200).end(HOSTILE));
    sandbox = await startSandbox({ organizations: 2, seed: 7 });
    browser = new FormBrowser(sandbox.url);
  });
  afterEach(async () => {
    await sandbox.close();
    await app.close();
  });

  const addEndpoint = async () =>
    browser.submit(await browser.open('/sandbox/webhooks/endpoints/new'), { url: `${app.url}/hooks` });

  it('are listed on the home page', async () => {
    const home = await browser.open('/sandbox');
    assert.match(home.text, /href="\/sandbox\/webhooks"/);
    assert.match(home.text, /href="\/sandbox\/interceptors"/);
  });

  it('add an endpoint, show its secret once, and delete it', async () => {
    const added = await addEndpoint();
    const secret = /id="secret">([^<]+)</.exec(added.text)?.[1] ?? '';
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const overview = await browser.open('/sandbox/webhooks');
    assert.match(overview.text, /Endpoints \(1\)/);
    assert.ok(!overview.text.includes(secret.slice(6)));
    const [, id = ''] = /endpoints\/(ep_\d+)/.exec(overview.text) ?? [];
    const one = await browser.open(`/sandbox/webhooks/endpoints/${id}`);
    assert.ok(!one.text.includes(secret.slice(6)));
    const after = await browser.submit(one);
    assert.match(after.text, /Endpoints \(0\)/);
    assert.equal((await browser.submit(one)).status, 400, 'a form counts once');
  });

  it('say what is wrong with an endpoint, and keep what was entered', async () => {
    const form = await browser.open('/sandbox/webhooks/endpoints/new');
    const bad = await browser.submit(form, { url: 'http://192.0.2.1/', events: `role.created ${HOSTILE}`, secret: '' });
    assert.equal(bad.status, 400);
    assert.match(bad.text, /only to this machine/);
    assert.match(bad.text, /value="http:\/\/192\.0\.2\.1\/"/);
    assert.ok(!bad.text.includes('<script'));
    const worse = await browser.submit(bad, { url: app.url });
    assert.match(worse.text, /isn(&#39;|’|')t a type of event/);
    assert.ok(!worse.text.includes('<script'));
    const unsafe = await browser.submit(worse, { events: '', secret: 'private-text' });
    assert.equal(unsafe.status, 400);
    assert.ok(!unsafe.text.includes('private-text'), 'a secret isn’t shown again');
    const good = await browser.submit(unsafe, { events: 'role.created, role.deleted' });
    assert.match(good.text, /SCALEKIT_WEBHOOK_SECRET/);
    assert.deepEqual(sandbox.webhooks.endpoints()[0]?.events, ['role.created', 'role.deleted']);
  });

  it('fire an event, show the delivery with every text escaped, and resend it', async () => {
    const nobody = await browser.submit(await browser.open('/sandbox/webhooks/events/new?type=user.login'));
    assert.match(nobody.text, /No endpoint wants/);
    await addEndpoint();
    const form = await browser.open('/sandbox/webhooks/events/new?type=connected_account.created');
    assert.match(form.text, /connected_account\.created \(only when you fire it\)/);
    const payload = JSON.stringify({ type: 'role.created', data: { name: HOSTILE } });
    const delivery = await browser.submit(form, { payload });
    await until('it came', () => app.requests.length === 1);
    assert.match(delivery.url, /\/sandbox\/webhooks\/deliveries\/msg_\d+$/);
    assert.equal((JSON.parse(app.requests[0]?.body ?? '') as WebhookPayload).data['name'], HOSTILE);
    await until('it is done', async () => /Success/.test((await browser.open(delivery.url)).text));
    const done = await browser.open(delivery.url);
    assert.match(done.text, /Attempts \(1\)/);
    assert.ok(!done.text.includes('<script'));
    await browser.submit(done);
    await until('it came again', () => app.requests.length === 2);
    const overview = await browser.open('/sandbox/webhooks');
    assert.match(overview.text, /role\.created<\/a> Success, 2 attempts/);
    const broken = await browser.submit(await browser.open('/sandbox/webhooks/events/new'), { payload: '{' });
    assert.deepEqual([broken.status, /must be JSON/.test(broken.text)], [400, true]);
  });

  it('add an interceptor, show its secret once, say what is wrong, and delete it', async () => {
    const form = await browser.open('/sandbox/interceptors/new');
    const bad = await browser.submit(form, { url: app.url, timeout_ms: 'soon', display_name: HOSTILE });
    assert.match(bad.text, /timeout_ms must be a whole number/);
    assert.ok(!bad.text.includes('<script'));
    const added = await browser.submit(bad, { timeout_ms: '500', trigger_point: 'PRE_SIGNUP' });
    const secret = /id="secret">([^<]+)</.exec(added.text)?.[1] ?? '';
    assert.match(secret, /^whsec_/);
    const overview = await browser.open('/sandbox/interceptors');
    assert.ok(!overview.text.includes(secret.slice(6)) && !overview.text.includes('<script'));
    const [, id = ''] = /interceptors\/(icp_\d+)/.exec(overview.text) ?? [];
    const after = await browser.submit(await browser.open(`/sandbox/interceptors/${id}`));
    assert.match(after.text, /There are no interceptors yet/);
  });

  it('refuse foreign hosts, foreign origins, other methods, and what isn’t there', async () => {
    for (const path of ['/sandbox/webhooks', '/sandbox/interceptors']) {
      const put = await fetch(`${sandbox.url}${path}`, { method: 'PUT' });
      assert.equal(put.status, 405);
      const post = await fetch(`${sandbox.url}${path}/${path.endsWith('s') ? 'x' : ''}`, { method: 'DELETE' });
      assert.ok(post.status >= 400);
    }
    for (const path of [
      '/sandbox/webhooks/endpoints/ep_1',
      '/sandbox/webhooks/deliveries/msg_1',
      '/sandbox/webhooks/events/other',
      '/sandbox/interceptors/icp_1',
    ])
      assert.equal((await browser.open(path)).status, 404, path);
    const foreign = await fetch(`${sandbox.url}/sandbox/webhooks/endpoints/new`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ url: app.url }),
    });
    assert.equal(foreign.status, 403);
    assert.equal(sandbox.webhooks.endpoints().length, 0);
  });
});
