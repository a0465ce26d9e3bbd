import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beginningOf } from '../../../src/api/beginningOf';

describe('The beginning of a text', () => {
  it('is the whole text if that’s short enough', () => assert.equal(beginningOf('Acme', 4), 'Acme'));

  it('doesn’t cut through an emoji, a flag or a letter with its marks', () => {
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

  it('never exceeds the limit, even if a single character does', () => {
    assert.equal(beginningOf(`a${'\u0301'.repeat(100)}`, 10).length, 10);
    assert.equal(beginningOf('👩🏽\u200d💻', 1), '');
    assert.equal(beginningOf('x'.repeat(1_000_000), 60).length, 60);
  });

  it('can be used in a URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(60), (text, most) => {
        const beginning = beginningOf(text, most);
        assert.ok(beginning.length <= most && text.startsWith(beginning));
        assert.doesNotThrow(() => encodeURIComponent(beginning));
      }),
    );
  });
});
