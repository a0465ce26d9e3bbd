import assert from 'node:assert/strict';
import { readSecretRecord, secretKey, writeSecretRecord } from '../../../src/environments/secretRecord';

const CREDENTIALS = { environmentUrl: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret: 'test_ "1"\n' };

describe('the secret record', () => {
  it('is read back as it was written', () =>
    assert.deepEqual(readSecretRecord(writeSecretRecord(CREDENTIALS)), CREDENTIALS));

  it('contains the URL, client ID and secret, and nothing else', () => {
    assert.deepEqual(JSON.parse(writeSecretRecord(CREDENTIALS)), {
      url: CREDENTIALS.environmentUrl,
      clientId: 'skc_1',
      clientSecret: CREDENTIALS.clientSecret,
    });
  });

  it('has a separate key for each environment', () =>
    assert.equal(secretKey('acme-scalekit-dev'), 'scalekit.environment.acme-scalekit-dev'));

  const record = { url: 'https://acme.scalekit.dev', clientId: 'skc_1', clientSecret: 'test_1' };
  const damaged: Record<string, string> = {
    empty: '',
    'not JSON': '{"url":',
    'a list': '[]',
    null: 'null',
    'without a URL': JSON.stringify({ ...record, url: undefined }),
    'without a client id': JSON.stringify({ ...record, clientId: '' }),
    'without a secret': JSON.stringify({ ...record, clientSecret: undefined }),
    'with a number for a secret': JSON.stringify({ ...record, clientSecret: 7 }),
    'with a URL that would send the secret in clear text': JSON.stringify({
      ...record,
      url: 'http://acme.scalekit.dev',
    }),
    'with an invalid URL': JSON.stringify({ ...record, url: 'acme dev' }),
  };
  for (const [name, text] of Object.entries(damaged)) {
    it(`is damaged if it’s ${name}`, () => assert.equal(readSecretRecord(text), undefined));
  }

  it('tolerates fields of a later version', () =>
    assert.equal(readSecretRecord(JSON.stringify({ ...record, later: 1 }))?.clientSecret, 'test_1'));
});
