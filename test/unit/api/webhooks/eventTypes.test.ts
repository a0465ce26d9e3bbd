import assert from 'node:assert/strict';
import { WEBHOOK_EVENT_TYPES } from '../../../../src/api/webhooks/eventTypes';

describe('The types of webhook events', () => {
  it('are 41, each listed once', () => {
    assert.equal(WEBHOOK_EVENT_TYPES.length, 41);
    assert.equal(new Set(WEBHOOK_EVENT_TYPES.map(({ type }) => type)).size, 41);
    assert.equal(new Set(WEBHOOK_EVENT_TYPES.map(({ title }) => title)).size, 41);
  });

  it('belong to ten kinds of objects', () => {
    const counts: Record<string, number> = {};
    for (const { object } of WEBHOOK_EVENT_TYPES) counts[object] = (counts[object] ?? 0) + 1;
    assert.deepEqual(counts, {
      Organization: 7,
      OrgMembership: 5,
      User: 2,
      Directory: 2,
      DirectoryUser: 3,
      DirectoryGroup: 3,
      Connection: 4,
      Role: 3,
      Permission: 3,
      ConnectedAccount: 9,
    });
  });
});
