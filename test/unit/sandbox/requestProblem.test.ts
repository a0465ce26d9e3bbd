import assert from 'node:assert/strict';
import { Clock } from '../../../src/sandbox/clock';
import { faultText, FAULT_PRESETS, isPending } from '../../../src/sandbox/pages/faultPresets';
import { isOwnPage } from '../../../src/sandbox/pages/ownPages';
import { shownText } from '../../../src/sandbox/pages/shownText';
import { jsonResponse, type SandboxResponse } from '../../../src/sandbox/protocol/response';
import { requestProblem } from '../../../src/sandbox/requestProblem';

describe('the reason of a refusal', () => {
  const redirect = (location: string): SandboxResponse => ({ status: 302, headers: { location }, body: '' });

  it('is the code and the message of either protocol’s error, of a failed sign-in, or a plain text', () => {
    for (const [response, expected] of [
      [jsonResponse(401, { error: 'invalid_client' }), 'invalid_client'],
      [jsonResponse(400, { error: 'invalid_grant', error_description: 'it is used' }), 'invalid_grant: it is used'],
      [
        jsonResponse(404, { code: 5, message: 'organization not found', details: [{ error_code: 'NOT_FOUND' }] }),
        'NOT_FOUND: organization not found',
      ],
      [jsonResponse(404, { code: 5, message: 'Not Found', details: [] }), 'Not Found'],
      [redirect('http://localhost/c?state=x&error=access_denied&error_description=No+way#f'), 'access_denied: No way'],
      [{ status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'No client.\n' }, 'No client.'],
    ] as const)
      assert.equal(requestProblem(response), expected);
  });

  it('isn’t there for what isn’t refused, and for a body that nobody can read', () => {
    for (const response of [
      jsonResponse(200, { error: 'invalid_client' }),
      redirect('http://localhost/c?code=abc'),
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<p>error</p>' },
      { status: 500, headers: {}, body: '{"error":' },
      jsonResponse(500, null),
      jsonResponse(500, 'text'),
    ])
      assert.equal(requestProblem(response), undefined, JSON.stringify(response));
  });

  it('never repeats what may be a secret, a token or a code, and is short', () => {
    for (const secret of [
      'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJl',
      'test_Zk3vQ0m7bH2nT9xR4cW8sL1pY6dF5gJ0aKuEiVoB',
      'live_abcdefghijklmnopqrst',
      'rt_123456789012345678',
      '483920',
    ]) {
      for (const message of [`${secret} not supported`, `of "${secret}`, `(${secret})`, `a:${secret},b`])
        assert.ok(
          !(requestProblem(jsonResponse(400, { error: secret, message })) ?? '').includes(secret.slice(0, 6)),
          message,
        );
    }
    assert.equal(
      requestProblem(jsonResponse(404, { message: 'no org_64444217115541813' })),
      'no org_64444217115541813',
    );
    const long = requestProblem(jsonResponse(400, { message: 'word '.repeat(10_000) }));
    assert.equal(long?.length, 200);
  });
});

describe('the sandbox’s clock', () => {
  it('goes on from where it was moved to, up to ten years ahead, and comes back', () => {
    let base = 1_000;
    const clock = new Clock(() => base);
    clock.moveOn(300_000);
    base += 5;
    assert.deepEqual([clock.now(), clock.realNow(), clock.aheadMs], [301_005, 1_005, 300_000]);
    for (const wrong of [-1, Number.NaN, Infinity, 315_360_000_000])
      assert.throws(() => clock.moveOn(wrong), /ten years/);
    assert.equal(clock.aheadMs, 300_000);
    clock.reset();
    assert.equal(clock.now(), 1_005);
  });
});

describe('a page of the sandbox', () => {
  it('shows any text on one line, cut off, with invisible characters as escapes', () => {
    assert.equal(shownText('a\u202eb\nc\u200dd\u0000'), 'a\\u{202e}b\\u{a}c\\u{200d}d\\u{0}');
    assert.equal(shownText('x'.repeat(10_000), 10), `${'x'.repeat(10)}…`);
    assert.equal(shownText('😀'.repeat(3), 2), '😀😀…');
    assert.equal(shownText('José Müller, 山田'), 'José Müller, 山田');
  });

  it('says in words what a fault does, to which requests and how often yet', () => {
    assert.deepEqual(
      FAULT_PRESETS.map(({ fault }) => faultText(fault, 0)),
      [
        'status 429 with Retry-After 2: any request, 1 left',
        'status 500: any request, 3 left',
        'status 401: any request, 1 left',
        '2000 ms slower: any request, until removed',
        'connection closed: any request, 1 left',
      ],
    );
    assert.equal(
      faultText({ method: 'GET', path: '/keys', after: 2, times: 4, html: true, halfBody: true }, 0),
      'status 502 with a proxy’s page, half a body: GET /keys, 4 left, after the first 2',
    );
    assert.deepEqual([isPending({ times: 1 }, 1), isPending({ times: 2 }, 1), isPending({}, 99)], [false, true, true]);
  });

  it('is told from Scalekit’s addresses by its path', () => {
    for (const path of ['/', '/sandbox', '/sandbox/webhooks', '/favicon.ico']) assert.ok(isOwnPage('GET', path), path);
    for (const path of ['/sandboxes', '/api/v1/organizations', '/sso/v1/test/conn_1'])
      assert.ok(!isOwnPage('GET', path), path);
    assert.ok(!isOwnPage('POST', '/'));
  });
});
