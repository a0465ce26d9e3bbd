import assert from 'node:assert/strict';
import { waitInWords } from '../../../src/editor/waitInWords';

describe('a wait in words', () => {
  const english = { t: (message: unknown, ...values: unknown[]): string => String(message).replace('{0}', String(values[0])) };

  it('is in its largest unit, rounded up, and never 0 or 1 of many', () => {
    const hour = 3_600_000;
    for (const [milliseconds, words] of [
      [0, '1 second'], [1, '1 second'], [1_500, '2 seconds'], [59_001, '1 minute'], [60_000, '1 minute'], [61_000, '2 minutes'], [hour, '1 hour'], [hour + 1, '2 hours'], [24 * hour, '1 day'], [72 * hour, '3 days'],
    ] as const) assert.equal(waitInWords(english as never, milliseconds), words);
  });
});
