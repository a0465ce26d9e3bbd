import assert from 'node:assert/strict';
import { detectSecret } from '../../../src/core/detectSecret';

describe('detectSecret', () => {
  for (const secret of [
    'test_aVeryLongSecretValue',
    'live_aVeryLongSecretValue',
    'prod_a_very-long_secret-value',
    'test_AbCd1234EfGh56/9f+Kq=7Z',
    'test_AbCd1234EfGh56.9f~Kq=7Z',
    'test_AbCd.1234EfGh56.9fKqZ7',
    'test_a+b/c=d&e%f?g#h%20;i',
    'test_Marker+9f/Kq=7Z%r&m"W\\x41~ secret',
    'test_pässwört-密碼-🔑-and-more',
    `test_${'x9+/'.repeat(1024)}`,
  ]) {
    it(`finds ${secret.slice(0, 40)} even with spaces around it`, () => {
      for (const text of [secret, `  ${secret}\n`]) assert.deepEqual(detectSecret(text), { isNamed: false, secret });
    });
  }

  it('finds a secret that was pasted after other text', () => {
    const secret = 'test_AbCd1234EfGh56/9f+Kq=7Z';
    for (const before of ['https://acme.scalekit.dev', 'https://', 'skc_123', 'acme ']) {
      assert.deepEqual(detectSecret(`${before}${secret}`), { isNamed: false, secret }, before);
    }
  });

  it('finds a secret by its name, whatever it looks like', () => {
    for (const [text, secret] of [
      ['SCALEKIT_CLIENT_SECRET=s3cr+t/=', 's3cr+t/='],
      ['SCALEKIT_ENVIRONMENT_URL=https://acme.scalekit.dev SCALEKIT_CLIENT_SECRET="a secret" X=1', 'a secret'],
      ["export SCALEKIT_CLIENT_SECRET='a \"secret'", 'a "secret'],
      ['{"client_id":"skc_1","client_secret":"s3cret","url":"https://acme.scalekit.dev"}', 's3cret'],
      ['{ clientSecret: s3cret}', 's3cret'],
    ] as const) {
      assert.deepEqual(detectSecret(text), { isNamed: true, secret }, text);
    }
  });

  it('doesn’t mistake a URL or client ID for a secret, even while it’s typed', () => {
    for (const text of [
      'https://acme.scalekit.dev',
      'https://test_acme-with-a-long-name.scalekit.dev',
      'test_x.scalekit.dev',
      'test_x.scalekit.dev:8443/oauth/token',
      'http://localhost:8787',
      'skc_1234567890123456789',
      'prd_skc_1234567890123456789',
      'm2morg_1234567890123456789',
      'test_short',
    ]) {
      for (let length = 1; length <= text.length; length++)
        assert.equal(detectSecret(text.slice(0, length)), undefined, text.slice(0, length));
    }
  });
});
