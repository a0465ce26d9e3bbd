import assert from 'node:assert/strict';
import { request, type IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { PortTakenError } from '../../../src/core/loopbackServer';
import { CallbackReceiver, type CallbackReceiverOptions } from '../../../src/signIn/callbackReceiver';
import { LoopbackReceiver, MOST_REQUESTS } from '../../../src/signIn/loopbackReceiver';
import { SignOutReceiver } from '../../../src/signIn/signOutReceiver';

const STATE = 'the+state&of=this%2B';
const URL_TO_OPEN = 'https://acme.scalekit.dev/oauth/authorize?state=a%2Bb%26c%25';
const pages = { done: 'Done & <dusted>', second: 'Again?', refusal: 'No.' };
const query = (parameters: Record<string, string>): string => new URLSearchParams(parameters).toString();
const good = query({ code: 'c-1', state: STATE });

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

describe('the receiver of the callback', () => {
  let port: number;
  let seconds: number;
  const open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    port = await freePort();
    seconds = 0;
  });
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  const start = async (more: Partial<CallbackReceiverOptions> = {}): Promise<CallbackReceiver> => {
    const receiver = await CallbackReceiver.start({
      port,
      state: STATE,
      authorizationUrl: URL_TO_OPEN,
      pages,
      onSecond: () => seconds++,
      ...more,
    });
    open.push(receiver);
    return receiver;
  };
  const get = (path: string, headers: Record<string, string> = {}, host = '127.0.0.1', method = 'GET'): Promise<Got> =>
    new Promise((resolve, reject) => {
      const sent = { host, port, path, method, headers: { host: `localhost:${port}`, ...headers } };
      request(sent, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      })
        .on('error', reject)
        .end();
    });
  const isWaiting = async (receiver: CallbackReceiver): Promise<boolean> =>
    (await Promise.race([receiver.result, Promise.resolve('waiting')])) === 'waiting';

  it('takes the code that comes with the state, and sends the browser to a page without any of it', async () => {
    const receiver = await start();
    const got = await get(`/auth/callback?${good}`);
    assert.deepEqual([got.status, got.headers.location, got.text], [303, '/done', '']);
    assert.deepEqual(await receiver.result, { kind: 'code', code: 'c-1' });
    const done = await get('/done');
    assert.equal(done.status, 200);
    assert.match(done.text, /<p>Done &amp; &lt;dusted&gt;<\/p>/);
    for (const { headers } of [got, done]) {
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.match(String(headers['content-security-policy']), /^default-src 'none'/);
    }
  });

  it('listens on both loopback addresses', async () => {
    await start();
    for (const host of ['127.0.0.1', '::1']) assert.equal((await get('/done', {}, host)).status, 200, host);
  });

  const foreign: readonly [title: string, path: string, headers?: Record<string, string>, method?: string][] = [
    ['no state', '/auth/callback?code=c-1'],
    ['an empty state', '/auth/callback?code=c-1&state='],
    ['another state', `/auth/callback?${query({ code: 'c-1', state: `${STATE}x` })}`],
    ['the state twice', `/auth/callback?${good}&${query({ state: STATE })}`],
    ['an error without the state', '/auth/callback?error=access_denied'],
    ['an identity provider’s token that nobody waits for', '/auth/callback?idp_initiated_login=e30.e30.x'],
    ['another Host', `/auth/callback?${good}`, { host: 'evil.example' }],
    ['another port in Host', `/auth/callback?${good}`, { host: 'localhost:80' }],
    ['another origin', `/auth/callback?${good}`, { origin: 'https://evil.example' }],
    ['the null origin', `/auth/callback?${good}`, { origin: 'null' }],
    ['an image of another site', `/auth/callback?${good}`, { 'sec-fetch-dest': 'image' }],
    ['a frame of another site', `/auth/callback?${good}`, { 'sec-fetch-dest': 'iframe' }],
    ['a script of another site', `/auth/callback?${good}`, { 'sec-fetch-dest': 'empty' }],
    ['a POST', `/auth/callback?${good}`, {}, 'POST'],
    ['a preflight', `/auth/callback?${good}`, {}, 'OPTIONS'],
  ];
  for (const [title, path, headers, method] of foreign) {
    it(`refuses ${title}, and goes on waiting`, async () => {
      const receiver = await start();
      const got = await get(path, headers, '127.0.0.1', method);
      assert.equal(got.status, 400);
      assert.match(got.text, /<p>No\.<\/p>/);
      assert.ok(await isWaiting(receiver));
      await get(`/auth/callback?${good}`);
      assert.equal((await receiver.result).kind, 'code');
    });
  }

  const answers: readonly [title: string, sent: string, expected: object][] = [
    [
      'an error',
      query({ error: 'access_denied', error_description: 'No', state: STATE }),
      { kind: 'error', error: 'access_denied', description: 'No' },
    ],
    ['an error beside a code', `${good}&error=x`, { kind: 'error', error: 'x', description: undefined }],
    ['no code', query({ state: STATE }), { kind: 'nothing' }],
    ['an empty code', query({ state: STATE, code: '' }), { kind: 'nothing' }],
    ['two codes', `${good}&code=c-2`, { kind: 'repeated', name: 'code' }],
    ['two errors', `${query({ state: STATE })}&error=a&error=b`, { kind: 'repeated', name: 'error' }],
  ];
  for (const [title, sent, expected] of answers) {
    it(`ends with ${title}, if the state is right`, async () => {
      const receiver = await start();
      assert.equal((await get(`/auth/callback?${sent}`)).headers.location, '/done');
      assert.deepEqual(await receiver.result, expected);
    });
  }

  it('keeps only the beginning of a long error', async () => {
    const receiver = await start();
    await get(`/auth/callback?${query({ error: 'x'.repeat(5_000), state: STATE })}`);
    const result = await receiver.result;
    assert.ok(result.kind === 'error' && result.error.length === 300);
  });

  it('tells a second callback, and doesn’t take its code', async () => {
    const receiver = await start();
    await get(`/auth/callback?${good}`);
    const again = await get(`/auth/callback?${query({ code: 'c-2', state: STATE })}`);
    assert.deepEqual([again.status, seconds], [409, 1]);
    assert.match(again.text, /<p>Again\?<\/p>/);
    assert.deepEqual(await receiver.result, { kind: 'code', code: 'c-1' });
  });

  it('leads to the authorization URL, byte for byte, for whoever has the key', async () => {
    const receiver = await start({ startHost: 'scalekit.localhost' });
    const address = new URL(receiver.startAddress);
    assert.equal(address.host, `scalekit.localhost:${port}`);
    const got = await get(`/start${address.search}`, { host: address.host });
    assert.deepEqual([got.status, got.headers.location], [302, URL_TO_OPEN]);
    for (const path of ['/start', '/start?', `/start${address.search}x`]) assert.equal((await get(path)).status, 404);
  });

  it('has nothing anywhere else', async () => {
    const receiver = await start();
    for (const path of ['/', '/auth', '/auth/callback/', '/AUTH/CALLBACK', '/signed-out', '//auth/callback', '*'])
      assert.equal((await get(`${path}?${good}`)).status, 404, path);
    assert.ok(await isWaiting(receiver));
  });

  it('ends a flood after 100 requests', async () => {
    const receiver = await start();
    for (let count = 1; count < MOST_REQUESTS; count++) assert.equal((await get('/auth/callback?state=x')).status, 400);
    assert.ok(await isWaiting(receiver));
    await get('/auth/callback?state=x');
    assert.deepEqual(await receiver.result, { kind: 'flooded' });
    await assert.rejects(get('/done'), { code: 'ECONNREFUSED' });
    assert.equal(receiver.refusals.length, 20);
    assert.deepEqual([...new Set(receiver.refusals)], ['otherState']);
  });

  it('ends when the time is over, and when it’s closed', async () => {
    assert.deepEqual(await (await start({ longestWaitMs: 20 })).result, { kind: 'timedOut' });
    port = await freePort();
    const receiver = await start();
    await receiver.close();
    assert.deepEqual(await receiver.result, { kind: 'closed' });
    await start();
  });

  for (const host of ['127.0.0.1', '::1']) {
    it(`says that the port is taken on ${host}, and leaves the other address free`, async () => {
      const holder = createServer();
      await new Promise<void>((resolve) => holder.listen({ host, port, ipv6Only: true }, resolve));
      open.push({ close: () => new Promise((resolve) => holder.close(() => resolve())) });
      await assert.rejects(start(), (error) => error instanceof PortTakenError && error.port === port);
      await assert.rejects(get('/done', {}, host === '::1' ? '127.0.0.1' : '::1'), { code: 'ECONNREFUSED' });
    });
  }

  it('takes a pasted callback only with the state', async () => {
    const receiver = await start();
    assert.equal(receiver.takePasted('code=c-1&state=x'), false);
    assert.ok(await isWaiting(receiver));
    assert.equal(receiver.takePasted(good), true);
    assert.deepEqual(await receiver.result, { kind: 'code', code: 'c-1' });
    assert.equal(receiver.takePasted(good), false);
  });

  it('sends a sign-in that an identity provider started on, and still waits for the state', async () => {
    const receiver = await start({
      initiated: async (token) => (token === 'good' ? { location: URL_TO_OPEN } : 'foreign'),
    });
    assert.equal((await get('/auth/callback?idp_initiated_login=bad')).status, 400);
    assert.equal((await get('/auth/callback?idp_initiated_login=good&idp_initiated_login=good')).status, 400);
    assert.equal((await get('/auth/callback?error=server_error')).status, 400);
    assert.deepEqual(receiver.refusals, ['initiated', 'noState', 'initiatedError']);
    const got = await get('/auth/callback?idp_initiated_login=good');
    assert.deepEqual([got.status, got.headers.location], [303, URL_TO_OPEN]);
    assert.ok(await isWaiting(receiver));
    await get(`/auth/callback?${good}`);
    assert.equal((await receiver.result).kind, 'code');
  });

  it('ends if such a token is the environment’s, but can’t be used', async () => {
    const receiver = await start({ initiated: async () => 'invalid' });
    assert.equal((await get('/auth/callback?idp_initiated_login=x')).status, 400);
    assert.deepEqual(await receiver.result, { kind: 'initiatedInvalid' });
  });

  it('puts the logout URL into a redirect, once, and knows the browser that comes back', async () => {
    const signOut = await SignOutReceiver.start({ port, logoutUrl: URL_TO_OPEN, state: 's+1', pages });
    open.push(signOut);
    const { pathname, search } = new URL(signOut.startAddress);
    assert.equal((await get(`${pathname}?x`)).status, 404);
    const got = await get(pathname + search);
    assert.deepEqual([got.status, got.headers.location], [303, URL_TO_OPEN]);
    assert.equal((await get(pathname + search)).status, 404);
    assert.equal((await get('/signed-out?state=s')).status, 400);
    assert.equal((await get(`/signed-out?${query({ state: 's+1' })}`)).headers.location, '/done');
    assert.equal(await signOut.result, 'signedOut');
  });

  it('is over as soon as the browser was sent to sign out, if Scalekit doesn’t come back', async () => {
    const signOut = await SignOutReceiver.start({ port, logoutUrl: URL_TO_OPEN, state: undefined, pages });
    open.push(signOut);
    const { pathname, search } = new URL(signOut.startAddress);
    await get(pathname + search);
    assert.equal(await signOut.result, 'opened');
  });

  it('responds with no more than a sentence if its own code fails', async () => {
    const receiver = await LoopbackReceiver.start({
      port,
      respond: () => Promise.reject(new Error('secret')),
      onEnd: () => undefined,
      refusal: 'No.',
    });
    open.push(receiver);
    const got = await get('/x');
    assert.equal(got.status, 500);
    assert.ok(!got.text.includes('secret'));
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : assert.fail('no port');
}
