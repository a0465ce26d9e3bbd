import assert from 'node:assert/strict';
import { ApiClients, newApplication } from '../../../src/sandbox/oauth/apiClients';
import { formTarget, page } from '../../../src/sandbox/pages/page';
import { html } from 'hono/html';
import { FormTokens } from '../../../src/sandbox/pages/forms';
import { cookiesOf } from '../../../src/sandbox/pages/cookies';
import type { HttpRequest } from '../../../src/sandbox/protocol/response';
import { SeededRandom } from '../../../src/sandbox/random';
import { Interceptors } from '../../../src/sandbox/interceptors/interceptors';
import { createModels } from '../../../src/sandbox/resources/models';
import { Grants, type Grant } from '../../../src/sandbox/signIn/grants';
import { mayRedirectTo, redirectUriProblem, withParameters } from '../../../src/sandbox/signIn/redirectUris';
import { BoundedMap } from '../../../src/sandbox/store/boundedMap';
import { page as pageOf } from '../../../src/sandbox/store/pages';

describe('redirect URIs', () => {
  it('are good or bad for registration, as documented for a development environment', () => {
    for (const uri of [
      'http://localhost:3000/cb',
      'https://*.example.com/cb',
      'myapp://cb',
      'https://{{org_slug}}.example.com/cb',
    ])
      assert.equal(redirectUriProblem(uri), undefined, uri);
    for (const uri of [
      '/cb',
      'https://*.com/cb',
      'https://a.*.example.com/',
      'https://*.*.example.com/',
      'https://a/?x',
      'https://a/#x',
      `https://a/${'x'.repeat(250)}`,
      'javascript:x',
    ])
      assert.notEqual(redirectUriProblem(uri), undefined, uri);
  });

  it('match exactly, with one label for a wildcard and the organization’s values for placeholders', () => {
    const organization = { slug: 'acme', externalId: 'x/1', metadata: { region: 'eu' } };
    const may = (uri: string, ...registered: string[]) => mayRedirectTo(uri, registered, true, organization);
    assert.ok(may('https://acme.example.com/cb', 'https://{{org_slug}}.example.com/cb'));
    assert.ok(may('https://a.example.com/x%2F1/eu', 'https://a.example.com/{{external_id}}/{{region}}'));
    assert.ok(!may('https://other.example.com/cb', 'https://{{org_slug}}.example.com/cb'));
    assert.ok(!may('https://a.example.com/', 'https://a.example.com/{{missing}}'));
    assert.ok(may('https://one.example.com/cb', 'https://*.example.com/cb'));
    assert.ok(!may('https://example.com/cb', 'https://*.example.com/cb'));
    assert.ok(!may('http://localhost:3000/', 'http://localhost:3000'));
    assert.ok(
      !mayRedirectTo('https://acme.example.com/cb', ['https://{{org_slug}}.example.com/cb'], true),
      'no organization',
    );
  });

  it('keep their query and fragment when parameters are added', () => {
    assert.equal(withParameters('http://a/?x=1#f', { code: 'a b', state: undefined }), 'http://a/?x=1&code=a+b#f');
    assert.equal(withParameters('myapp://cb', { code: '1' }), 'myapp://cb?code=1');
    assert.equal(withParameters('http://a/', { state: '' }), 'http://a/');
  });
});

describe('a page', () => {
  it('escapes every text, and names in its policy only what can be a source', async () => {
    const { body, headers } = await page({
      title: '<b>"\'&',
      main: html`<p>${'<script>'}</p>`,
      formTargets: ['myapp:'],
    });
    assert.ok(body.includes('<h1>&lt;b&gt;&quot;&#39;&amp;</h1>') && body.includes('<p>&lt;script&gt;</p>'));
    assert.ok(headers['content-security-policy']?.includes("form-action 'self' myapp:;"));
    assert.deepEqual(
      ['http://a:1/x', 'https://a/', 'myapp://x', 'nothing', 'http://[::1]:3/'].map((address) => formTarget(address)),
      ['http://a:1', 'https://a', 'myapp:', undefined, 'http://[::1]:3'],
    );
  });

  it('has forms whose token counts once, for its form alone, and for an hour', () => {
    let now = 0;
    const tokens = new FormTokens(() => now);
    const [first, second] = [tokens.issue('/a'), tokens.issue('/a')];
    assert.equal(tokens.take(first, '/b'), false);
    assert.equal(tokens.take(first, '/a'), true);
    assert.equal(tokens.take(first, '/a'), false);
    now = 3_600_000;
    assert.equal(tokens.take(second, '/a'), false);
    assert.equal(tokens.size, 0);
  });

  it('reads cookies, and of two with one name the first', () => {
    const request = { headers: { cookie: 'a=1; b=x=y;a=2; =z; c' } } as unknown as HttpRequest;
    assert.deepEqual(
      [...cookiesOf(request)],
      [
        ['a', '1'],
        ['b', 'x=y'],
      ],
    );
  });
});

describe('what a sign-in leaves', () => {
  it('is forgotten when there is more of it, the oldest first', () => {
    const map = new BoundedMap<string, number>(2);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    map.set('c', 4);
    assert.deepEqual(
      [...map.entries()],
      [
        ['a', 3],
        ['c', 4],
      ],
    );
  });

  it('is a code for ten minutes, and nothing after its session has ended', () => {
    let now = 0;
    const grants = new Grants(() => now);
    const grant = { clientId: 'skc_1', subject: { mode: 'full-stack', sessionId: 'ses_1' } } as unknown as Grant;
    const code = grants.newCode(grant);
    now = 599_999;
    assert.equal(grants.ofCode(code), grant);
    now = 600_000;
    assert.equal(grants.ofCode(code), undefined);
    const token = grants.newRefreshToken(grant);
    grants.addAccessToken('tkn_1', { grant, scopes: [] });
    grants.endSession('ses_2');
    assert.equal(grants.ofRefreshToken(token), grant);
    grants.endSession('ses_1');
    assert.deepEqual(grants.sizes, { codes: 0, refreshTokens: 0, accessTokens: 0 });
  });

  it('is an entry in the log before the samples, on the same page in both directions', () => {
    const clients = new ApiClients();
    clients.put({ clientId: 'skc_1', secrets: [], application: newApplication('WEB', 0) });
    const world = {
      seed: new SeededRandom(7),
      organizations: 3,
      users: 12,
      environmentId: 'env_1',
      startedAt: 1_000_000,
      firstStartedAt: 1_000_000,
      now: () => 2_000_000,
      url: () => 'http://x',
      clients,
      events: { emit: () => undefined },
      interceptors: new Interceptors({ environmentId: 'env_1', now: () => 0, url: () => 'http://x' }),
    };
    const { logs } = createModels(world, 'skc_1');
    const samples = logs.size;
    const idsOf = (token: string) => {
      const { items, nextPageToken, prevPageToken } = pageOf(logs, { pageSize: 3, pageToken: token }, 'log');
      return { ids: items.map(({ authRequestId }) => authRequestId.slice(0, 5)), nextPageToken, prevPageToken };
    };
    for (const number of [1, 2, 3, 4]) logs.record(`req_${number}`, { status: 'INITIATED', text: 'Sign-in initiated' });
    logs.record('req_2', { status: 'FAILED', text: 'Failed', failure: ['access_denied', 'No'] });
    assert.equal(logs.size, samples + 4);
    const first = idsOf('');
    assert.deepEqual(first.ids, ['req_4', 'req_3', 'req_2']);
    logs.record('req_5', { status: 'INITIATED', text: 'Sign-in initiated' });
    const second = idsOf(first.nextPageToken);
    assert.deepEqual(second.ids, ['req_1', 'auth_', 'auth_'], 'a new entry shifts nothing');
    assert.deepEqual(idsOf(second.prevPageToken).ids, ['req_4', 'req_3', 'req_2']);
    const entry = [...logs.after(-1)].map(([, login]) => login).find(({ authRequestId }) => authRequestId === 'req_2');
    assert.ok(entry);
    assert.deepEqual(logs.failureOf(entry), ['access_denied', 'No']);
    assert.deepEqual(
      logs.stepsOf(entry).map(({ text }) => text),
      ['Sign-in initiated', 'Failed'],
    );
    for (let number = 6; number <= 10_010; number++) logs.record(`req_${number}`, { status: 'INITIATED', text: 'x' });
    assert.equal(logs.liveCount, 10_000);
    const all = [...logs.after(-1)];
    assert.equal(all.length, 10_000 + samples);
    assert.deepEqual(
      [...logs.before(2_000_000_000)].reverse().map(([at]) => at),
      all.map(([at]) => at),
    );
  });
});
