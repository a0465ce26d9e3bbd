import assert from 'node:assert/strict';
import type { HttpResponse } from '../../../src/api/client/http';
import { redactErrors } from '../../../src/ui/redactErrors';
import { Redactor } from '../../../src/ui/redactor';

const SECRET = 'test_a&b<c>"d"é';

describe('redactErrors', () => {
  const textOf = async (status: number, text: string): Promise<string> => {
    const redactor = new Redactor();
    redactor.add(SECRET);
    const response: HttpResponse = { status, contentType: 'application/json', retryAfter: null, text };
    return (
      await redactErrors(
        async () => response,
        redactor,
      )({ server: 'api', method: 'GET', url: 'https://x.example', headers: {} })
    ).text;
  };
  const ways: Readonly<Record<string, string>> = {
    'in JSON': JSON.stringify({ message: `No ${SECRET}.` }),
    'in JSON as Go writes it': '{"message":"No test_a\\u0026b\\u003cc\\u003e\\"d\\"é."}',
    'in ASCII-only JSON': '{"message":"No test_a&b<c>\\"d\\"\\u00e9."}',
    'in JSON with escaped letters': `{ "message" : ${JSON.stringify(`No ${SECRET}.`).replaceAll('t', '\\u0074')} }`,
  };
  for (const [way, text] of Object.entries(ways)) {
    it(`removes a secret from an error response ${way}`, async () => {
      assert.equal((JSON.parse(text) as { message: string }).message, `No ${SECRET}.`);
      assert.deepEqual(JSON.parse(await textOf(400, text)), { message: 'No [redacted].' });
    });
  }

  it('removes a secret from an error response in plain text', async () =>
    assert.equal(await textOf(502, `Bad gateway: ${SECRET}`), 'Bad gateway: [redacted]'));

  it('leaves a successful response unchanged', async () => {
    const text = JSON.stringify({ access_token: SECRET });
    assert.equal(await textOf(200, text), text);
  });
});
