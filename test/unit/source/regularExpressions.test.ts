import assert from 'node:assert/strict';
import { growsFasterThanSize, processorTime } from '../../support/processorTime';
import { regularExpressions } from '../../support/regularExpressions';

/** What the repeated texts consist of, besides the words in the pattern itself. */
const PIECES = [
  ...[
    ' ',
    '\n',
    ' \n',
    '\r\n',
    'a',
    'A',
    '0',
    '-',
    '_',
    '.',
    '"',
    "'",
    '`',
    '/',
    '\\',
    ':',
    '=',
    '@',
    '#',
    '?',
    ',',
    ';',
    '<',
    '>',
    '(',
    '[',
    '{',
    '}',
    '$',
    '%',
    '+',
    '~',
  ],
  ...[
    'a.',
    '.a',
    'a-',
    'a_',
    '{a',
    '{a}',
    '${',
    '${a',
    '[a',
    '/a',
    '//',
    '0.',
    'a@',
    'a=',
    'a:',
    '"a"',
    '\n    at ',
    'é',
    '\u200b',
    '\ufe0f',
    '😀\u200d',
    '\ud800',
  ],
];

/** How many words of a pattern are tried too. More words of a long alternation would make no difference. */
const MOST_WORDS = 8;

/** Length of the texts that are tried. Texts of four times this length are tried too. */
const LENGTH = 12_000;

describe('the regular expressions', () => {
  const found = regularExpressions();

  it('are found', () => assert.ok(found.length > 100, String(found.length)));

  it('run in linear time, whatever a text repeats', () => {
    const slow: string[] = [];
    for (const { pattern, place } of found) {
      // Names of Unicode properties aren't words of a text.
      const words = [
        ...new Set(pattern.source.replaceAll(/\\[pP]\{[^}]*\}|\\u\{?\w+\}?/g, ' ').match(/(?<!\\)[a-zA-Z]{3,}/g) ?? []),
      ].slice(0, MOST_WORDS);
      const texts = [...PIECES, ...words].flatMap((piece) =>
        ['', 'x', ...words.slice(0, 1)].flatMap((before) =>
          ['', 'x', '\u0001'].map((after) => ({ piece, before, after })),
        ),
      );
      const worst = texts.find((text) => isSlow(pattern, text));
      if (worst !== undefined) slow.push(`${place}: ${String(pattern)} with ${JSON.stringify(worst)}`);
    }
    assert.deepEqual(slow, []);
  });

  it('are reported if they read a text again and again', () => {
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

function isSlow(pattern: RegExp, { before, piece, after }: Repeated): boolean {
  const read = (length: number): void =>
    void `${before}${piece.repeat(length / piece.length)}${after}`.replace(pattern, '');
  // A pattern that's slow with few characters is exponential, and would never finish with more.
  const takesLong = (length: number): boolean => processorTime(() => read(length)) > 20;
  return (
    [16, 24, 64, 256].some((length) => takesLong(length) && takesLong(length)) || growsFasterThanSize(read, LENGTH)
  );
}
