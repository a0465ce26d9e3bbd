import assert from 'node:assert/strict';
import { durationInWords, roughDuration, timeFromNow } from '../../../../src/ui/duration';
import { readNumericDate, validityAt } from '../../../../src/tokens/inspect/numericDate';

const NOW = 1_800_000_000_000;
const seconds = NOW / 1000;

describe('a time claim', () => {
  it('is a number of seconds, whole or not', () => {
    assert.deepEqual(readNumericDate(seconds), { kind: 'number', time: NOW });
    assert.deepEqual(readNumericDate(0), { kind: 'number', time: 0 });
    assert.deepEqual(readNumericDate(1.5), { kind: 'number', time: 1500 });
    assert.equal(readNumericDate(undefined), undefined);
    assert.deepEqual(readNumericDate(253_402_300_799), { kind: 'number', time: Date.UTC(9999, 11, 31, 23, 59, 59) });
    assert.deepEqual(readNumericDate('253402300799'), { kind: 'text', time: Date.UTC(9999, 11, 31, 23, 59, 59) });
  });

  it('is marked if it’s text, in milliseconds or something else', () => {
    assert.deepEqual(readNumericDate(String(seconds)), { kind: 'text', time: NOW });
    assert.deepEqual(readNumericDate(NOW), { kind: 'milliseconds', time: NOW });
    assert.deepEqual(readNumericDate(253_402_300_800), { kind: 'milliseconds', time: 253_402_300_800 });
    for (const value of [null, '', 'tomorrow', '2026-01-01', -1, true, {}, [], 1e300]) {
      assert.deepEqual(readNumericDate(value), { kind: 'invalid' }, JSON.stringify(value));
    }
  });
});

describe('the validity of a token', () => {
  it('ends at exp to the second, and starts at nbf', () => {
    assert.deepEqual(validityAt({ exp: seconds + 1 }, NOW), { kind: 'current', until: NOW + 1000 });
    assert.deepEqual(validityAt({ exp: seconds }, NOW), { kind: 'expired', since: NOW });
    assert.deepEqual(validityAt({ exp: seconds + 1, nbf: seconds }, NOW), { kind: 'current', until: NOW + 1000 });
    assert.deepEqual(validityAt({ exp: seconds + 99, nbf: seconds + 31 }, NOW), { kind: 'notYet', from: NOW + 31_000 });
  });

  it('has started if the clocks differ by at most half a minute', () => {
    assert.deepEqual(validityAt({ exp: seconds + 99, nbf: seconds + 30 }, NOW), {
      kind: 'current',
      until: NOW + 99_000,
    });
  });

  it('has no end without exp', () => assert.deepEqual(validityAt({}, NOW), { kind: 'unlimited' }));

  it('is unknown if exp or nbf isn’t a number of seconds', () => {
    assert.deepEqual(validityAt({ exp: String(seconds + 100) }, NOW), { kind: 'unreadable', claim: 'exp' });
    assert.deepEqual(validityAt({ exp: seconds + 100, nbf: 'now' }, NOW), { kind: 'unreadable', claim: 'nbf' });
    assert.deepEqual(validityAt({ exp: NOW + 1000 }, NOW), { kind: 'unreadable', claim: 'exp', isTooLarge: true });
  });
});

describe('a duration in words', () => {
  const cases: readonly [number, string][] = [
    [0, '1 second'],
    [400, '1 second'],
    [1_000, '1 second'],
    [59_499, '59 seconds'],
    [59_999, '1 minute'],
    [61_000, '1 minute 1 second'],
    [3_600_000, '1 hour'],
    [85_260_000, '23 hours 41 minutes'],
    [90_000_000, '1 day 1 hour'],
    [86_400_000 + 59_000, '1 day 59 seconds'],
    [3_600_000 + 1_000, '1 hour 1 second'],
    [86_399_000, '23 hours 59 minutes 59 seconds'],
    [900_000, '15 minutes'],
    [400 * 86_400_000, '400 days'],
  ];
  for (const [length, words] of cases)
    it(`of ${length} ms is ${words}`, () => assert.equal(durationInWords(length, 'en'), words));

  it('is in the requested language', () => assert.equal(durationInWords(7_200_000, 'de'), '2 Stunden'));

  it('can be rounded to its largest unit, but never to 0 seconds', () => {
    const HOUR = 3_600_000;
    for (const [length, words, ago, ahead] of [
      [0, '1 second', '1 second ago', '1 second ago'],
      [400, '1 second', '1 second ago', 'in 1 second'],
      [59_999, '1 minute', '1 minute ago', 'in 1 minute'],
      [3 * 60_000 + 59_000, '3 minutes', '3 minutes ago', 'in 3 minutes'],
      [HOUR, '1 hour', '1 hour ago', 'in 1 hour'],
      [24 * HOUR, '1 day', '1 day ago', 'in 1 day'],
      [45 * 24 * HOUR, '1 month', '1 month ago', 'in 1 month'],
      [(2_267 * 24 + 17) * HOUR, '6 years', '6 years ago', 'in 6 years'],
    ] as const) {
      assert.equal(roughDuration(length, 'en'), words);
      assert.equal(timeFromNow(NOW - length, NOW, 'en'), ago);
      assert.equal(timeFromNow(NOW + length, NOW, 'en'), ahead);
    }
    assert.equal(timeFromNow(NOW + 7_200_000, NOW, 'de'), 'in 2 Stunden');
  });
});
