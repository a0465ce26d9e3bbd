import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { ScalekitClient } from '@scalekit-sdk/node';
import { WEBHOOK_EVENT_TYPES } from '../../../src/api/webhooks/eventTypes';
import { samplePayload } from '../../../src/api/webhooks/samplePayload';
import {
  deliveriesOf,
  NotAnObjectError,
  SENDINGS,
  shouldBeTaken,
  type Sending,
  type WebhookDelivery,
} from '../../../src/webhooks/send/brokenWebhook';

const SECRET = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';
const BODY = '{\n  "id": "evt_1",\n  "type": "organization.created",\n  "occurred_at": "2026-01-15T10:30:00Z"\n}\n';

const sdk = new ScalekitClient('https://acme.scalekit.dev', 'skc_1', 'secret');

function verdict({ headers, body }: WebhookDelivery): string {
  try {
    return String(sdk.verifyWebhookPayload(SECRET, Object.fromEntries(headers), body.toString('utf8')));
  } catch (error) {
    return (error as Error).message;
  }
}

const send = (sending: Sending, body = BODY): readonly WebhookDelivery[] =>
  deliveriesOf({ body, secret: SECRET, sending, now: Date.now() });

/** What Scalekit's SDK says about each way to send. */
const VERDICTS: Readonly<Record<Sending, readonly string[]>> = {
  good: ['true'],
  oldTimestamp: ['Message timestamp too old'],
  futureTimestamp: ['Message timestamp too new'],
  milliseconds: ['Message timestamp too new'],
  wrongSecret: ['Invalid Signature'],
  changedByte: ['Invalid Signature'],
  missingHeader: ['Missing required headers'],
  secondSignature: ['true'],
  duplicate: ['true', 'true'],
  outOfOrder: ['true', 'true'],
  slow: ['true'],
  large: ['true'],
};

describe('a webhook that is sent', () => {
  for (const sending of SENDINGS) {
    it(`is judged by Scalekit’s SDK as intended: ${sending}`, () => {
      const verdicts = send(sending).map(verdict);
      assert.deepEqual(verdicts, VERDICTS[sending]);
      const should = shouldBeTaken(sending);
      if (should !== undefined)
        assert.equal(
          verdicts.every((each) => each === 'true'),
          should,
        );
    });
  }

  it('has an ID and a timestamp of its own each time, but a duplicate has the same', () => {
    const [one] = send('good');
    const [other] = send('good');
    assert.notDeepEqual(one?.headers, other?.headers);
    const [first, second] = send('duplicate');
    assert.deepEqual(first, second);
  });

  it('comes before an earlier event with another ID, if out of order', () => {
    const [later, earlier] = send('outOfOrder').map(
      ({ body }) => JSON.parse(body.toString()) as Record<string, string>,
    );
    assert.equal(later?.['occurred_at'], '2026-01-15T10:30:00Z');
    assert.equal(earlier?.['occurred_at'], '2026-01-15T10:29:00.000Z');
    assert.match(earlier['id'] ?? '', /^evt_\d+$/);
    assert.notEqual(earlier['id'], later['id']);
  });

  it('is sent byte for byte as it was edited, even if it isn’t JSON, and has 10 MB if asked', () => {
    assert.equal(send('good', '{ not JSON \r\n')[0]?.body.toString(), '{ not JSON \r\n');
    assert.ok((send('large')[0]?.body.length ?? 0) > 10 * 1_048_576);
    for (const sending of ['outOfOrder', 'large'] as const) assert.throws(() => send(sending, '[1]'), NotAnObjectError);
  });

  it('has no signature without a secret', () => {
    const [unsigned] = deliveriesOf({ body: BODY, secret: undefined, sending: 'good', now: Date.now() });
    assert.deepEqual(
      unsigned?.headers.map(([name]) => name),
      ['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp'],
    );
  });

  it('is verified for every type, by Scalekit’s SDK and by Python’s hmac', () => {
    const all = WEBHOOK_EVENT_TYPES.map((type) => {
      const [delivery] = send('good', JSON.stringify(samplePayload(type, {}, new Date()), undefined, 2));
      return delivery ?? assert.fail();
    });
    assert.equal(all.length, 41);
    assert.deepEqual([...new Set(all.map(verdict))], ['true']);
    const input = all.map(({ headers, body }) => ({ ...Object.fromEntries(headers), body: body.toString('base64') }));
    const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON, SECRET], {
      input: JSON.stringify(input),
      encoding: 'utf8',
    });
    assert.equal(stdout.trim(), '41', stderr);
  });
});

const PYTHON = `
import base64, hashlib, hmac, json, sys
key = base64.b64decode(sys.argv[1].split('_')[1])
right = 0
for each in json.load(sys.stdin):
    text = f"{each['webhook-id']}.{each['webhook-timestamp']}.".encode() + base64.b64decode(each['body'])
    made = 'v1,' + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    right += hmac.compare_digest(made, each['webhook-signature'])
print(right)
`;
