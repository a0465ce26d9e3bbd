import assert from 'node:assert/strict';
import { readTime } from '../../../src/api/json';

describe('readTime', () => {
  it('reads the times that Scalekit sends', () => {
    for (const [text, time] of Object.entries({
      '2026-02-03T04:05:06Z': Date.UTC(2026, 1, 3, 4, 5, 6),
      '2026-02-03T04:05:06.789123456Z': Date.UTC(2026, 1, 3, 4, 5, 6, 789),
      '2026-02-03T04:05:06+05:30': Date.UTC(2026, 1, 2, 22, 35, 6),
      '2024-02-29t00:00:00z': Date.UTC(2024, 1, 29),
    })) {
      assert.equal(readTime(text)?.getTime(), time, text);
    }
  });

  it('reads nothing else as a time', () => {
    for (const value of [
      '0001-01-01T00:00:00Z',
      '',
      '1.5',
      '-1',
      '7',
      '2026',
      '2026-02-03',
      'May 5',
      '1/2/2026',
      '2026-02-30T00:00:00Z',
      '2026-02-29T12:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-02-03T25:00:00Z',
      '2026-02-03T04:05:06',
      'x 2026-02-03T04:05:06Z',
      1_700_000_000,
      null,
      {},
    ]) {
      assert.equal(readTime(value), undefined, JSON.stringify(value));
    }
  });
});
