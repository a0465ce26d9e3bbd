import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayText, displayTextWithoutMarkup } from '../../../src/editor/displayText';

describe('displayText', () => {
  it('leaves ordinary text of any language alone', () => {
    for (const text of ['Looney Corp', 'Müller & Söhne', '日本語', 'العربية', '👩 🚀', 'a-b_c.d', '']) assert.equal(displayText(text), text);
  });

  const escaped: Record<string, string> = {
    'a line break': '\n',
    'a tab': '\t',
    'NUL': '\u0000',
    'an escape sequence': '\u001b',
    'a C1 control': '\u0085',
    'a soft hyphen': '\u00ad',
    'a zero-width space': '\u200b',
    'a left-to-right mark': '\u200e',
    'a right-to-left override': '\u202e',
    'a right-to-left isolate': '\u2067',
    'an Arabic letter mark': '\u061c',
    'a word joiner': '\u2060',
    'a byte order mark': '\ufeff',
    'a line separator': '\u2028',
  };
  for (const [name, character] of Object.entries(escaped)) {
    it(`shows ${name} as an escape`, () => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0');
      assert.equal(displayText(`a${character}b`), `a\\u${code}b`);
    });
  }

  it('leaves no control or direction character in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // eslint-disable-next-line no-control-regex
        assert.doesNotMatch(displayText(text), /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/);
        assert.equal(displayText(displayText(text)), displayText(text));
      }),
    );
  });
});

describe('displayTextWithoutMarkup', () => {
  it('keeps text that looks like an icon from becoming one', () => {
    const shown = displayTextWithoutMarkup('$(check) all is well $(shield)');
    assert.doesNotMatch(shown, /\$\(/);
    assert.match(shown, /check.*all is well.*shield/);
  });

  it('escapes as displayText does', () => assert.equal(displayTextWithoutMarkup('a\u202eb'), 'a\\u202eb'));
});
