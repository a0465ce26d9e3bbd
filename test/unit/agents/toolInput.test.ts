import assert from 'node:assert/strict';
import {
  optionalChoice,
  optionalText,
  readPosition,
  requiredText,
  ToolInputError,
  writePosition,
} from '../../../src/agents/toolInput';

describe('reading a language model’s input', () => {
  it('trims texts, and returns undefined for empty ones', () => {
    assert.equal(optionalText({ a: ' x ' }, 'a'), 'x');
    for (const input of [{ a: '  ' }, { a: null }, {}, undefined, null, 'x', []])
      assert.equal(optionalText(input, 'a'), undefined);
  });

  it('explains what’s wrong if a text has another type, is missing or is too long', () => {
    for (const value of [7, {}, [], true])
      assert.throws(
        () => optionalText({ a: value }, 'a'),
        (error) => error instanceof ToolInputError && /"a" must be a string/.test(error.message),
      );
    assert.throws(() => requiredText({ a: ' ' }, 'a'), /"a" is missing/);
    assert.throws(() => optionalText({ a: 'x'.repeat(257) }, 'a'), /at most 256 characters/);
  });

  it('accepts one of the choices in any case', () => {
    assert.equal(optionalChoice({ a: 'failed' }, 'a', ['SUCCESS', 'FAILED']), 'FAILED');
    assert.equal(optionalChoice({}, 'a', ['SUCCESS']), undefined);
    assert.throws(() => optionalChoice({ a: 'other' }, 'a', ['SUCCESS', 'FAILED']), /one of SUCCESS, FAILED/);
  });

  it('accepts list positions from earlier results, and no others', () => {
    for (const position of [{ skip: 0 }, { skip: 12 }, { skip: 3, pageToken: '>:a=:\nb' }])
      assert.deepEqual(readPosition({ page: writePosition(position) }), position);
    assert.deepEqual(readPosition({}), { skip: 0 });
    for (const page of ['2', 'x:y', '-1:', '99999:a', '1.5:a'])
      assert.throws(() => readPosition({ page }), /"nextPage" of an earlier result/);
  });
});
