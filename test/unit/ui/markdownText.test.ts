import assert from 'node:assert/strict';
import { markdownText } from '../../../src/ui/markdownText';

describe('text from the server in a Markdown document', () => {
  it('has only letters, digits, spaces and character references', () => {
    for (const hostile of [
      '<img src="https://evil.example/x.png"> <script>alert(1)</script>',
      '[click](command:workbench.action.quit) ![x](https://evil.example/y.png)',
      'a | b\n\n# Heading\n- item\n1. item\n> quote\n```js\ncode\n```',
      'https://evil.example www.evil.example a@evil.example $\\alpha$ :smile: (c) -- "q"',
      '\u202Eegnaro \u0000 \ud800 🎩',
    ])
      assert.match(markdownText(hostile), /^(?:[\p{L}\p{M}\p{N} ]|&#\d+;(?:<!---->)?)*$/u, hostile);
  });

  it('keeps what people read', () => {
    assert.equal(markdownText('Ada Lovelace 7'), 'Ada Lovelace 7');
    assert.equal(markdownText('Bücher 日本'), 'Bücher 日本');
    assert.equal(markdownText('a@b.c'), 'a&#64;<!---->b&#46;c');
    assert.equal(markdownText('\u202E'), '&#92;u202e');
  });
});
