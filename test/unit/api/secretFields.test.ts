import assert from 'node:assert/strict';
import fc from 'fast-check';
import { REDACTED, redactSecrets } from '../../../src/api/secretFields';

describe('redactSecrets', () => {
  const redactedValue = (name: string, value: unknown): unknown =>
    (redactSecrets({ [name]: value }).json as Record<string, unknown>)[name];

  for (const name of [
    'client_secret',
    'clientSecret',
    'plain_secret',
    'secret',
    'secrets',
    'txt_record_secret',
    'secret_access_key',
    'token',
    'access_token',
    'accessToken',
    'refresh_token',
    'session_token',
    'link_token',
    'id_token',
    'password',
    'private_key',
    'api_key',
    'apiKey',
    'x-api-key',
    'Authorization',
  ]) {
    it(`redacts ${name}`, () => {
      assert.equal(redactedValue(name, 'hunter2'), REDACTED);
      assert.deepEqual(redactedValue(name, ['hunter2', '']), [REDACTED, '']);
    });
  }

  for (const name of [
    'page_token',
    'next_page_token',
    'prev_page_token',
    'nextPageToken',
    'secret_suffix',
    'token_type',
    'token_id',
    'token_suffix',
    'token_expires_at',
    'token_endpoint',
    'access_token_expiry',
    'client_secret_expires_at',
    'credential_id',
    'authorization_type',
    'display_name',
    'id',
    'name',
  ]) {
    it(`keeps ${name}`, () => assert.equal(redactedValue(name, 'shown'), 'shown'));
  }

  it('redacts links that grant access to whoever opens them, but no other location', () => {
    const body = {
      link: { id: 'lnk_1', location: 'https://acme.scalekit.dev/magicLink/0f', expire_time: '2026-01-01T00:00:00Z' },
    };
    assert.deepEqual(redactSecrets(body), { json: { link: { ...body.link, location: REDACTED } }, redacted: true });
    assert.equal(redactedValue('link', 'https://acme.scalekit.dev/magicLink/0f'), REDACTED);
    assert.deepEqual(redactedValue('location', { city: 'Berlin' }), { city: 'Berlin' });
    assert.equal(redactedValue('location', 'Berlin'), 'Berlin');
  });

  it('redacts all free-form credentials of a connected account, whatever their names', () => {
    const details = { username: 'ada', pin: 1234, nested: { anything: ['x'] }, empty: '', on: true };
    assert.deepEqual(redactedValue('static_auth', { details }), {
      details: { username: REDACTED, pin: REDACTED, nested: { anything: [REDACTED] }, empty: '', on: true },
    });
  });

  it('finds secrets at any depth and in lists, and keeps everything around them', () => {
    const json = {
      clients: [
        { id: 'm2morg_1', secrets: [{ id: 'sks_1', plain_secret: 'p', secret_suffix: 'abcd' }], count: 2, none: null },
      ],
    };
    assert.deepEqual(redactSecrets(json), {
      json: {
        clients: [
          {
            id: 'm2morg_1',
            secrets: [{ id: 'sks_1', plain_secret: REDACTED, secret_suffix: 'abcd' }],
            count: 2,
            none: null,
          },
        ],
      },
      redacted: true,
    });
  });

  it('says if nothing was redacted', () => {
    assert.deepEqual(redactSecrets({ organizations: [], next_page_token: '>:x', client_secret: '' }), {
      json: { organizations: [], next_page_token: '>:x', client_secret: '' },
      redacted: false,
    });
  });

  it('returns JSON without secret names unchanged, including keys such as __proto__', () => {
    const odd = JSON.parse('{"__proto__":{"a":1},"constructor":"b","toString":null}') as unknown;
    assert.equal(JSON.stringify(redactSecrets(odd).json), JSON.stringify(odd));
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const { json: shown, redacted } = redactSecrets(json);
        if (!redacted) assert.deepEqual(shown, json);
      }),
    );
  });

  it('cuts off nesting that’s too deep to print', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`) as unknown;
    const { json, redacted } = redactSecrets(deep);
    assert.equal(redacted, true);
    assert.ok(JSON.stringify(json).length < 1000);
  });
});
