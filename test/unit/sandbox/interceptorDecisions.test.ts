import assert from 'node:assert/strict';
import { claimsIn, membershipIn, readDecision } from '../../../src/sandbox/interceptors/decision';

describe('the decision of an interceptor', () => {
  it('allows, with what it adds', () => {
    assert.deepEqual(readDecision('{"decision":"ALLOW"}'), { decision: 'ALLOW', response: {} });
    assert.deepEqual(readDecision('{"decision":"ALLOW","response":{"claims":{"a":1}}}'), {
      decision: 'ALLOW',
      response: { claims: { a: 1 } },
    });
  });

  it('denies, with its message or a general one', () => {
    assert.deepEqual(readDecision('{"decision":"DENY","error":{"message":" No. "}}'), {
      decision: 'DENY',
      message: 'No.',
    });
    for (const body of [
      '{"decision":"DENY"}',
      '{"decision":"DENY","error":{"message":" "}}',
      '{"decision":"DENY","error":1}',
    ])
      assert.match((readDecision(body) as { message: string }).message, /^A policy/);
    const long = readDecision(JSON.stringify({ decision: 'DENY', error: { message: 'x'.repeat(5000) } }));
    assert.equal((long as { message: string }).message.length, 1000);
  });

  it('can’t be read from anything else', () => {
    for (const body of ['', 'x', '1', 'null', '[]', '{}', '{"decision":"deny"}', '{"decision":"ALLOW","response":[]}'])
      assert.equal(readDecision(body), undefined, body);
  });

  it('adds claims and a membership only if they have the right form', () => {
    assert.deepEqual(claimsIn({ claims: { a: 1 } }), { a: 1 });
    for (const claims of [undefined, {}, [], 'x', null]) assert.equal(claimsIn({ claims }), undefined);
    assert.deepEqual(membershipIn({ create_organization_membership: { organization_id: 'org_1', roles: ['a', 1] } }), {
      organizationId: 'org_1',
      externalOrganizationId: undefined,
      roles: ['a'],
    });
    for (const wanted of [undefined, {}, [], 'x', { organization_id: 5 }])
      assert.equal(membershipIn({ create_organization_membership: wanted }), undefined);
  });
});
