import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayText, displayTextWithoutMarkup } from '../../src/ui/displayText';
import { configureRuns } from './runs';

configureRuns();

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '$(',
        '$(sync~spin)',
        '$',
        '(',
        '\u202e',
        '\u200d',
        '\u200b',
        '\ufeff',
        '\u0007',
        '\u001b[31m',
        '\u{e0041}',
        '👩‍💻',
        '❤️',
        '[x](command:y)',
        '\u2066',
        '\u061c',
        '\u200c',
        'ده',
        'क्',
        'র',
        'ខ',
        '葛',
        '\u{e0100}',
        '\ufe0f',
        '\ufe0e',
        '👩🏽',
        '🏴',
        '\u{e0067}',
        '\u{e0062}',
        '\u{e0073}\u{e0063}\u{e0074}',
        '\u{e007f}',
        '\u180b',
        'ᠭ',
        '\u2800',
        '\u3164',
        '\ud83d',
        '1',
        'a',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('Whatever a name contains,', () => {
  it('no character of it moves the cursor or changes the writing direction', () => {
    fc.assert(
      fc.property(text, (name) => {
        const shown = displayText(name);
        assert.doesNotMatch(shown, /\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u2028\u2029]/u);
        assert.doesNotMatch(
          shown.replaceAll(/\u{1f3f4}\u{e0067}\u{e0062}[\u{e0061}-\u{e007a}]{3}\u{e007f}/gu, ''),
          /[\u{e0000}-\u{e007f}]/u,
        );
        assert.equal(displayText(shown), shown);
        assert.doesNotThrow(() => encodeURIComponent(shown));
      }),
    );
  });

  it('it never shows two invisible characters in a row, or one at the beginning', () => {
    const invisible = '[\\p{Default_Ignorable_Code_Point}--[\\u{e0020}-\\u{e007f}]]';
    fc.assert(
      fc.property(text, (name) =>
        assert.doesNotMatch(
          displayText(name),
          new RegExp(`^${invisible}|(?<!\\p{Extended_Pictographic}\\ufe0f?)${invisible}{2}`, 'v'),
        ),
      ),
    );
  });

  it('it shows no invisible character in a Latin name', () => {
    const latin = fc
      .array(
        fc.constantFrom(
          'a',
          'Z',
          'é',
          ' ',
          '.',
          '&',
          '\u200b',
          '\u200c',
          '\u200d',
          '\ufe0f',
          '\ufe0e',
          '\u{e0100}',
          '\u{e0061}',
          '\u00ad',
          '\u2060',
          '\u3164',
          '\u2800',
          '\u180e',
          '\u034f',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(latin, (name) => {
        assert.doesNotMatch(displayText(name), /[\p{Default_Ignorable_Code_Point}\u2800]/u);
      }),
    );
  });

  it('none of it becomes an icon', () => {
    fc.assert(fc.property(text, (name) => assert.doesNotMatch(displayTextWithoutMarkup(name), /\$\(/)));
  });
});
