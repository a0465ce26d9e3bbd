import assert from 'node:assert/strict';
import { secretNotes, webhookKey } from '../../../../src/api/webhooks/webhookKey';

function keyText(secret: string): string {
  const found = webhookKey(secret);
  assert.ok('key' in found);
  return Buffer.from(found.key).toString('latin1');
}

describe('webhookKey', () => {
  it('decodes what follows the first underscore', () => {
    assert.equal(keyText('whsec_dGVzdHNlY3JldA=='), 'testsecret');
  });

  it('leaves out what follows the second underscore', () => {
    assert.equal(keyText('whsec_dGVz_dHNlY3JldA=='), 'tes');
  });

  it('reads base64 as leniently as the SDK', () => {
    assert.equal(keyText('whsec_dGVzdHNlY3JldA'), 'testsecret');
    assert.equal(keyText('any_dGVzdHNl Y3JldA==\n'), 'testsecret');
    assert.equal(keyText('whsec_-----w=='), Buffer.from('+++++w==', 'base64').toString('latin1'));
  });

  it('says why a secret has no key', () => {
    assert.deepEqual(webhookKey(''), { problem: 'empty' });
    assert.deepEqual(webhookKey('whsec_'), { problem: 'empty' });
    assert.deepEqual(webhookKey('whsec__x'), { problem: 'empty' });
    assert.deepEqual(webhookKey('dGVzdHNlY3JldA=='), { problem: 'noUnderscore' });
  });
});

describe('secretNotes', () => {
  const secrets: Readonly<Record<string, readonly string[]>> = {
    'whsec_dGVzdHNlY3JldA==': [],
    whsec_dGVzdHNlY3JldA: ['notStrictBase64'],
    'whsec_dGVz_dHNlY3JldA==': ['secondUnderscore'],
    'whsec_dGV-': ['urlSafe', 'notStrictBase64'],
    'whsec_test-secret': ['urlSafe', 'notStrictBase64'],
    'whsec_dG=z': ['notStrictBase64'],
    'whsec_dGVz ': ['notStrictBase64'],
    'no underscore': [],
    '': [],
  };
  for (const [secret, notes] of Object.entries(secrets))
    it(`finds ${notes.join(' and ') || 'nothing'} in ${JSON.stringify(secret)}`, () =>
      assert.deepEqual(secretNotes(secret), notes));
});
