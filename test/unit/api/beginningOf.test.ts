import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beginningOf } from '../../../src/api/beginningOf';

describe('The beginning of a text', () => {
  it('is the whole of a short one', () => assert.equal(beginningOf('Acme', 4), 'Acme'));

  it('does not cut an emoji, a flag or a letter with its marks', () => {
    for (const [text, most, beginning] of [
      ['Acme 😀!', 6, 'Acme '],
      ['Acme 👩🏽\u200d💻!', 9, 'Acme '],
      ['Acme 🇮🇳!', 7, 'Acme '],
      ['Acme ❤️!', 6, 'Acme '],
      ['Acme é'.normalize('NFD'), 6, 'Acme '],
      ['Acme क्ष', 6, 'Acme '],
      ['Acme Corp', 6, 'Acme C'],
    ] as const) {
      assert.equal(beginningOf(text, most), beginning, text);
    }
  });

  it('is as long as may be, or nearly, also where one character is longer than that', () => {
    assert.equal(beginningOf(`a${'\u0301'.repeat(100)}`, 10).length, 10);
    assert.equal(beginningOf('👩🏽\u200d💻', 1), '');
    assert.equal(beginningOf('x'.repeat(1_000_000), 60).length, 60);
  });

  it('can stand in an address, as far as the text can', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(60), (text, most) => {
        const beginning = beginningOf(text, most);
        assert.ok(beginning.length <= most && text.startsWith(beginning));
        assert.doesNotThrow(() => encodeURIComponent(beginning));
      }),
    );
  });
});
