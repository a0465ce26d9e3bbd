import assert from 'node:assert/strict';
import fc from 'fast-check';
import { signWebhook } from '../../src/api/webhooks/signWebhook';
import { explanationText } from '../../src/webhooks/explain/explanationText';
import { findFaults } from '../../src/webhooks/explain/findFaults';
import { parsePastedWebhook } from '../../src/webhooks/explain/pastedWebhook';
import { english } from '../support/english';
import { configureRuns } from './runs';

configureRuns();

const NOW = Date.now();
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['curl ', '-H ', '--data-raw ', "'", '"', "$'", '\\', '\n', '\r\n\r\n', '{', '}', '[', ']', ':', ',', '='],
        ...['webhook-id', 'webhook-timestamp', 'webhook-signature', 'svix-id', 'scalekit-signature', 'headers', 'body'],
        ...['"headers":', '"body":', 'v1,', 't=1,v1=ff', 'msg_1', String(NOW), 'whsec_', '\ufeff', '%zz', '\\u00e'],
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
const secrets = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.base64String({ minLength: 4 }).map((key) => `whsec_${key}`),
);

describe('a pasted webhook', () => {
  it('is read or not, and explained, whatever the text and the secret are', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, fc.string({ unit: 'binary' })), secrets, (text, secret) => {
        const pasted = parsePastedWebhook(text);
        if (pasted !== undefined)
          assert.match(
            explanationText(english, pasted, findFaults(pasted, secret, NOW), (code) => code),
            /^# /,
          );
      }),
    );
  });

  it('is read byte for byte from JSON and HTTP, and its signature holds', () => {
    const secret = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (body) => {
        const timestamp = Math.floor(NOW / 1000);
        const headers = {
          'webhook-id': 'msg_1',
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signWebhook({ secret, id: 'msg_1', timestamp, body }),
        };
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
        for (const text of [JSON.stringify({ headers, body }), `${lines.join('\r\n')}\r\n\r\n${body}`]) {
          const pasted = parsePastedWebhook(text) ?? assert.fail(text);
          assert.equal(pasted.body, body);
          assert.equal(findFaults(pasted, secret, NOW).signature, 'holds');
        }
      }),
    );
  });
});
