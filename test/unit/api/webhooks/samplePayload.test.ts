import assert from 'node:assert/strict';
import { ScalekitClient } from '@scalekit-sdk/node';
import { WEBHOOK_EVENT_TYPES } from '../../../../src/api/webhooks/eventTypes';
import { samplePayload } from '../../../../src/api/webhooks/samplePayload';
import { signWebhook } from '../../../../src/api/webhooks/signWebhook';

const SECRET = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';
const NOW = new Date('2026-01-15T10:30:00.123Z');

describe('A sample payload', () => {
  const sdk = new ScalekitClient('http://127.0.0.1:1', 'skc_1', 'test_1');

  for (const type of WEBHOOK_EVENT_TYPES) {
    it(`of ${type.type} is accepted by the SDK`, () => {
      const payload = samplePayload(type, {}, NOW);
      assert.equal(payload.type, type.type);
      assert.equal(payload.object, type.object);
      assert.match(payload.id, /^evt_\d{18}$/);
      assert.equal(payload.organization_id === undefined, /^(role|permission|connected_account)\./.test(type.type));
      assert.ok(Object.keys(payload.data).length > 0);
      const body = JSON.stringify(payload);
      for (const [address] of body.matchAll(/[\w.]+@[\w.]+/g)) assert.match(address, /@example\.com$/);
      const timestamp = Math.floor(Date.now() / 1000);
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signWebhook({ secret: SECRET, id: 'msg_1', timestamp, body }),
      };
      assert.equal(sdk.verifyWebhookPayload(SECRET, headers, body), true);
    });
  }

  it('is about the records that are named', () => {
    const ids = {
      environmentId: 'env_2',
      organizationId: 'org_2',
      organizationName: 'Two',
      userId: 'usr_2',
      email: 'two@example.com',
    };
    const signup = WEBHOOK_EVENT_TYPES.find(({ type }) => type === 'user.signup');
    assert.ok(signup !== undefined);
    const { environment_id, organization_id, data } = samplePayload(signup, ids, NOW);
    const { organization, user } = data as { organization: Record<string, unknown>; user: Record<string, unknown> };
    assert.deepEqual(
      [environment_id, organization_id, organization['id'], organization['display_name'], user['id'], user['email']],
      ['env_2', 'org_2', 'org_2', 'Two', 'usr_2', 'two@example.com'],
    );
  });

  it('has an id of its own each time', () => {
    const [type] = WEBHOOK_EVENT_TYPES;
    assert.ok(type !== undefined);
    const ids = Array.from({ length: 1000 }, () => samplePayload(type, {}, NOW).id);
    assert.equal(new Set(ids).size, 1000);
  });

  it('of a deleted directory user has only what identifies the user', () => {
    const type = WEBHOOK_EVENT_TYPES.find(({ type }) => type === 'organization.directory.user_deleted');
    assert.ok(type !== undefined);
    assert.deepEqual(Object.keys(samplePayload(type, {}, NOW).data), ['id', 'organization_id', 'dp_id', 'email']);
  });
});
