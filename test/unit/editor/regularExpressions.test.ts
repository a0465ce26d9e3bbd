import assert from 'node:assert/strict';
import { regularExpressions } from '../../support/regularExpressions';

/** What runs are made of, beside the words that stand in the pattern itself. */
const PIECES = [
  ...[' ', '\n', ' \n', '\r\n', 'a', 'A', '0', '-', '_', '.', '"', "'", '`', '/', '\\', ':', '=', '@', '#', '?', ',', ';', '<', '>', '(', '[', '{', '}', '$', '%', '+', '~'],
  ...['a.', '.a', 'a-', 'a_', '{a', '{a}', '${', '${a', '[a', '/a', '//', '0.', 'a@', 'a=', 'a:', '"a"', '\n    at ', 'é', '\u200b', '\ufe0f', '😀\u200d', '\ud800'],
];

/** Words of a pattern that are tried too: the first ones, since a long alternative of words differs in nothing that matters here. */
const MOST_WORDS = 8;

/** A pattern that reads a run once takes four times as long for four times the text; one that reads it again at each character, sixteen times. */
const LENGTH = 4_000;
const TIMES = 4;
const MOST_GROWTH = 9;

/** Below this, in milliseconds of processor time, growth can't be told from chance. */
const NOTICEABLE = 2;

describe('the regular expressions', () => {
  const found = regularExpressions();

  it('are found', () => assert.ok(found.length > 100, String(found.length)));

  it('read a text once, whatever it repeats', () => {
    const slow: string[] = [];
    for (const { pattern, place } of found) {
      // Names of Unicode properties are no words of a text.
      const words = [...new Set(pattern.source.replaceAll(/\\[pP]\{[^}]*\}|\\u\{?\w+\}?/g, ' ').match(/(?<!\\)[a-zA-Z]{3,}/g) ?? [])].slice(0, MOST_WORDS);
      const texts = [...PIECES, ...words].flatMap((piece) => ['', 'x', ...words.slice(0, 1)].flatMap((before) => ['', 'x', '\u0001'].map((after) => ({ piece, before, after }))));
      const worst = texts.find((text) => isSlow(pattern, text));
      if (worst !== undefined) slow.push(`${place}: ${String(pattern)} with ${JSON.stringify(worst)}`);
    }
    assert.deepEqual(slow, []);
  });

  it('would be found out if they read a text again and again', () => {
    assert.ok(isSlow(/a+b/g, { before: '', piece: 'a', after: '' }));
    assert.ok(isSlow(/(?:a+)+b/g, { before: '', piece: 'a', after: '' }));
    assert.ok(!isSlow(/a+b?/g, { before: '', piece: 'a', after: '' }));
  });
});

interface Repeated {
  readonly before: string;
  readonly piece: string;
  readonly after: string;
}

/** By processor time, so that it does not matter what else the machine does. */
function isSlow(pattern: RegExp, text: Repeated): boolean {
  // What already takes long for some characters is exponential, and never done with more.
  for (const length of [16, 24, 64, 256]) if (processorTime(pattern, text, length) > 20 && processorTime(pattern, text, length) > 20) return true;
  if (processorTime(pattern, text, LENGTH) < NOTICEABLE) return false;
  const least = (length: number): number => Math.min(...[1, 2, 3].map(() => processorTime(pattern, text, length)));
  const short = least(LENGTH);
  return short >= NOTICEABLE && least(LENGTH * TIMES) > short * MOST_GROWTH;
}

/** Milliseconds of this process's own time. */
function processorTime(pattern: RegExp, { before, piece, after }: Repeated, length: number): number {
  const text = `${before}${piece.repeat(length / piece.length)}${after}`;
  const { user, system } = process.cpuUsage();
  text.replace(pattern, '');
  const used = process.cpuUsage({ user, system });
  return (used.user + used.system) / 1000;
}
