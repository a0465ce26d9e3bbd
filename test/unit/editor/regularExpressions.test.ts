import assert from 'node:assert/strict';
import { regularExpressions } from '../../support/regularExpressions';

/** A first look at each text: short, so that thousands of them are looked at. */
const GLANCE = { length: 2_000, ms: 2 };

/** A pattern that reads a run once needs less than a millisecond for this one; one that reads it again at each character, a second. */
const STARE = { length: 30_000, ms: 200 };

/** What runs are made of, beside the words that stand in the pattern itself. */
const PIECES = [
  ...[' ', '\n', ' \n', '\r\n', 'a', 'A', '0', '-', '_', '.', '"', "'", '`', '/', '\\', ':', '=', '@', '#', '?', ',', ';', '<', '>', '(', '[', '{', '}', '$', '%', '+', '~'],
  ...['a.', '.a', 'a-', 'a_', '{a', '{a}', '${', '${a', '[a', '/a', '//', '0.', 'a@', 'a=', 'a:', '"a"', '\n    at ', 'é', '\u200b', '\ufe0f', '😀\u200d', '\ud800'],
];

describe('the regular expressions', () => {
  const found = regularExpressions();

  it('are found', () => assert.ok(found.length > 100, String(found.length)));

  it('read a text once, whatever it repeats', function () {
    this.timeout(20_000);
    const slow: string[] = [];
    for (const { pattern, place } of found) {
      const words = pattern.source.match(/(?<!\\)[a-zA-Z]{3,}/g) ?? [];
      const texts = [...PIECES, ...words].flatMap((piece) => ['', 'x', ...words.slice(0, 1)].flatMap((before) => ['', 'x', '\u0001'].map((after) => ({ piece, before, after }))));
      const worst = texts.find((text) => isSlow(pattern, text));
      if (worst !== undefined) slow.push(`${place}: ${String(pattern)} with ${JSON.stringify(worst)}`);
    }
    assert.deepEqual(slow, []);
  });
});

interface Repeated {
  readonly before: string;
  readonly piece: string;
  readonly after: string;
}

/** Looked at twice: a moment in which the machine did something else is not the pattern's fault. */
function isSlow(pattern: RegExp, text: Repeated): boolean {
  return duration(pattern, text, GLANCE.length) > GLANCE.ms && [1, 2].every(() => duration(pattern, text, STARE.length) > STARE.ms);
}

function duration(pattern: RegExp, { before, piece, after }: Repeated, length: number): number {
  const text = `${before}${piece.repeat(length / piece.length)}${after}`;
  const started = performance.now();
  text.replace(pattern, '');
  return performance.now() - started;
}
