import assert from 'node:assert/strict';
import { dataAddress, dayChart } from '../../../src/signIn/summary/dayChart';
import type { Day, OutcomeCounts } from '../../../src/signIn/summary/signInTally';

function day(date: number, counts: Partial<OutcomeCounts>, month = 4): Day {
  const start = new Date(2026, month, date);
  return { start, counts: { SUCCESS: 0, FAILED: 0, PENDING: 0, INITIATED: 0, OTHER: 0, ...counts } };
}

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly fill: string;
}

function barsOf(svg: string): Bar[] {
  const pattern = /<rect x="([\d.]+)" y="([\d.]+)" width="14" height="([\d.]+)" fill="([^"]+)"\/>/g;
  return [...svg.matchAll(pattern)].map(([, x = '', y = '', height = '', fill = '']) => ({
    x: Number(x),
    y: Number(y),
    height: Number(height),
    fill,
  }));
}

describe('the picture of a summary', () => {
  it('stacks failed, signed in and neither, by the counts, with a gap for a day without sign-ins', () => {
    const svg = dayChart([day(14, { SUCCESS: 6, FAILED: 2, PENDING: 1, OTHER: 1 }), day(12, { FAILED: 5 })]);
    const bars = barsOf(svg);
    assert.deepEqual(
      bars.map(({ x, height, fill }) => [x, height, fill.slice(0, 3)]),
      [
        [4, 44, 'url'],
        [40, 17.6, 'url'],
        [40, 52.8, '#2f'],
        [40, 17.6, '#80'],
      ],
    );
    assert.equal((bars[1]?.y ?? 0) + (bars[1]?.height ?? 0), 96, 'failed is at the bottom');
    assert.ok(bars.every(({ y }) => y >= 0));
  });

  it('shows a single failure among thousands', () => {
    const [failed] = barsOf(dayChart([day(14, { SUCCESS: 9_999, FAILED: 1 })]));
    assert.deepEqual([failed?.height, failed?.fill], [2, 'url(#f)']);
  });

  it('shows the newest 60 days of many, and no more for a pause of years', () => {
    const many = Array.from({ length: 100 }, (_, index) => day(100 - index, { SUCCESS: 1 }));
    const xs = barsOf(dayChart(many)).map(({ x }) => x);
    assert.deepEqual([xs.length, xs[0], xs.at(-1)], [60, 4, 4 + 59 * 18]);
    const apart = dayChart([day(14, { SUCCESS: 1 }), { ...day(1, { FAILED: 1 }), start: new Date(1999, 0, 1) }]);
    assert.deepEqual(
      barsOf(apart).map(({ x }) => x),
      [4 + 59 * 18],
    );
    assert.ok(apart.length < 2_000);
  });

  it('is an address without a network, and nothing but numbers and our own words', () => {
    const address = dataAddress(dayChart([day(14, { SUCCESS: 3 })]));
    const [, base64 = ''] = /^data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)$/.exec(address) ?? [];
    const svg = Buffer.from(base64, 'base64').toString();
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="256" height="98" viewBox="0 0 256 98">/);
    assert.doesNotMatch(svg, /<script|<text|href|style/);
  });
});
