import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { ScalekitClient } from '@scalekit-sdk/node';
import { signWebhook } from '../../../../src/api/webhooks/signWebhook';

const VECTOR = {
  secret: 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=',
  id: 'msg_1',
  timestamp: 1_760_000_000,
  body: '{"spec_version":"1","id":"evt_1","type":"organization.created"}',
};

describe('signWebhook', () => {
  const sdk = new ScalekitClient('http://127.0.0.1:1', 'skc_1', 'test_1');
  const now = () => Math.floor(Date.now() / 1000);
  const headers = (timestamp: number, signature: string) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  });

  it('makes the signature that the SDK makes', () => {
    assert.equal(signWebhook(VECTOR), 'v1,TAX5pv413jWxjjG1ZQQJSVGAZGdnMrwFzX8YBN7vQOU=');
  });

  it('signs bytes as it signs their text', () => {
    const bytes = new TextEncoder().encode(`..${VECTOR.body}`).subarray(2);
    assert.equal(signWebhook({ ...VECTOR, body: bytes }), signWebhook(VECTOR));
  });

  for (const [which, secret] of Object.entries({
    'with a second underscore': 'whsec_dGVz_dHNlY3JldA==',
    'that is URL-safe': 'whsec_-w-v8A',
    'that isn’t base64 at all': 'whsec_test-secret',
    'longer than a block of the hash': `whsec_${Buffer.alloc(100, 'k').toString('base64')}`,
  }))
    it(`makes what the SDK accepts with a secret ${which}`, () => {
      const timestamp = now();
      const body = '{"name":"Zoë 👋"}';
      const signature = signWebhook({ secret, id: 'msg_1', timestamp, body });
      assert.equal(sdk.verifyWebhookPayload(secret, headers(timestamp, signature), body), true);
    });

  it('signs bytes that aren’t UTF-8 as the SDK reads them', () => {
    const timestamp = now();
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const signature = signWebhook({ ...VECTOR, timestamp, body });
    assert.equal(
      sdk.verifyWebhookPayload(VECTOR.secret, headers(timestamp, signature), body as unknown as string),
      true,
    );
  });

  it('agrees with Python’s hmac', function () {
    const program = [
      'import base64, hashlib, hmac, sys',
      'key = base64.b64decode(sys.argv[1].split("_")[1])',
      'text = sys.argv[2] + "." + sys.argv[3] + "." + sys.stdin.buffer.read().decode()',
      'print("v1," + base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode())',
    ].join('\n');
    let printed: string;
    try {
      const { secret, id, timestamp, body } = VECTOR;
      printed = execFileSync('python3', ['-c', program, secret, id, String(timestamp), ''], {
        input: body,
        encoding: 'utf8',
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return this.skip();
      throw error;
    }
    assert.equal(printed.trim(), signWebhook(VECTOR));
  });

  it('says why it can’t sign, without the secret', () => {
    assert.throws(() => signWebhook({ ...VECTOR, secret: '' }), /^Error: The secret is empty\.$/);
    assert.throws(
      () => signWebhook({ ...VECTOR, secret: 'private' }),
      (error: Error) => {
        assert.match(error.message, /no '_'/);
        return !error.message.includes('private');
      },
    );
  });
});
