import assert from 'node:assert/strict';
import { failureReason, signInOf } from '../../../src/api/signInEvents';

describe('failureReason', () => {
  const cases: readonly (readonly [string, unknown, string | undefined])[] = [
    [
      'a description and a code',
      { error: 'access_denied', error_description: 'The user declined' },
      'The user declined (access_denied)',
    ],
    ['only a description', { failure_reason: 'Certificate expired' }, 'Certificate expired'],
    ['only a code', { error_code: 'IDP_TIMEOUT' }, 'IDP_TIMEOUT'],
    [
      'a nested error',
      { status: 'FAILED', error: { code: 'x509', message: 'Wrong certificate' } },
      'Wrong certificate (x509)',
    ],
    ['empty texts', { error: '', error_description: '' }, undefined],
    ['other types', { error: 7, message: ['a'], reason: null }, undefined],
    ['nothing', {}, undefined],
    ['no data', undefined, undefined],
    ['data that isn’t an object', 'failed', undefined],
  ];
  for (const [what, data, reason] of cases) {
    it(`reads ${what}`, () => assert.equal(failureReason([{ id: 'evt_1', data }]), reason));
  }

  it('uses the first event that has a reason', () => {
    assert.equal(
      failureReason([{ data: { status: 'INITIATED' } }, { data: { error: 'denied' } }, { data: { error: 'later' } }]),
      'denied',
    );
    assert.equal(failureReason([]), undefined);
  });
});

describe('signInOf', () => {
  it('reads the ID of the sign-in, and tolerates anything else', () => {
    assert.equal(signInOf({ data: { auth_request_id: 'auth_1' } }), 'auth_1');
    for (const data of [undefined, null, 'x', [], {}, { auth_request_id: 7 }, { auth_request_id: '' }])
      assert.equal(signInOf({ data }), undefined);
  });
});
