import assert from 'node:assert/strict';
import type { HttpResponse } from '../../../src/api/client/http';
import { redactErrors } from '../../../src/ui/redactErrors';
import { Redactor } from '../../../src/ui/redactor';

const SECRET = 'test_a&b<c>"d"é';

describe('an error that repeats a secret', () => {
  const answerOf = async (status: number, text: string): Promise<string> => {
    const redactor = new Redactor();
    redactor.add(SECRET);
    const answer: HttpResponse = { status, contentType: 'application/json', retryAfter: null, text };
    return (
      await redactErrors(
        async () => answer,
        redactor,
      )({ server: 'api', method: 'GET', url: 'https://x.example', headers: {} })
    ).text;
  };
  const ways: Readonly<Record<string, string>> = {
    'as JSON': JSON.stringify({ message: `No ${SECRET}.` }),
    'as Go writes JSON': '{"message":"No test_a\\u0026b\\u003cc\\u003e\\"d\\"é."}',
    'in ASCII alone': '{"message":"No test_a&b<c>\\"d\\"\\u00e9."}',
    'escaped slash by slash': `{ "message" : ${JSON.stringify(`No ${SECRET}.`).replaceAll('t', '\\u0074')} }`,
  };
  for (const [way, text] of Object.entries(ways)) {
    it(`no longer does, ${way}`, async () => {
      assert.equal((JSON.parse(text) as { message: string }).message, `No ${SECRET}.`);
      assert.deepEqual(JSON.parse(await answerOf(400, text)), { message: 'No [redacted].' });
    });
  }

  it('no longer does, in plain text', async () =>
    assert.equal(await answerOf(502, `Bad gateway: ${SECRET}`), 'Bad gateway: [redacted]'));

  it('is another thing than a good answer, which stays as it is', async () => {
    const text = JSON.stringify({ access_token: SECRET });
    assert.equal(await answerOf(200, text), text);
  });
});
