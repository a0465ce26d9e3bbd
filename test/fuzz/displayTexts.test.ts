import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayText, displayTextWithoutMarkup } from '../../src/editor/displayText';
import { configureRuns } from './runs';

configureRuns();

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.constantFrom('$(', '$(sync~spin)', '$', '(', '\u202e', '\u200d', '\u200b', '\ufeff', '\u0007', '\u001b[31m', '\u{e0041}', '👩‍💻', '❤️', '[x](command:y)', '\u2066', '\u061c')).map((parts) => parts.join('')),
);

describe('Whatever a name holds', () => {
  it('no character of it moves the cursor or turns the writing direction', () => {
    fc.assert(
      fc.property(text, (name) => {
        const shown = displayText(name);
        assert.doesNotMatch(shown, /\p{Cc}|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u2028\u2029]/u);
        assert.doesNotMatch(shown, /[\u{e0000}-\u{e007f}]/u);
        assert.equal(displayText(shown), shown);
      }),
    );
  });

  it('none of it becomes an icon', () => {
    fc.assert(fc.property(text, (name) => assert.doesNotMatch(displayTextWithoutMarkup(name), /\$\(/)));
  });
});
