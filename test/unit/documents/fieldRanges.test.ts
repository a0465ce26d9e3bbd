import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fieldRanges } from '../../../src/documents/fieldRanges';

describe('where the fields of a JSON object are in its text', () => {
  const sliced = (text: string): [unknown, unknown][] =>
    [...fieldRanges(text)].map(([field, { name, value }]) => {
      assert.equal(JSON.parse(text.slice(...name)), field);
      return [field, JSON.parse(text.slice(...value)) as unknown];
    });

  it('is found for any object, however it’s indented', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(undefined, 1, 2, '\t'),
        (object, indent) => {
          const text = JSON.stringify(object, undefined, indent);
          assert.deepEqual(sliced(text), Object.entries(JSON.parse(text) as object));
        },
      ),
    );
  });

  it('is that of the last field with a name, as in its value', () => {
    const text = '{"a": 1, "b": [{"a": 2}], "a": "}\\",:{"}';
    assert.deepEqual(Object.fromEntries(sliced(text)), JSON.parse(text));
  });

  it('is nothing for an empty object', () => {
    for (const text of ['{}', ' {\n} ']) assert.deepEqual(sliced(text), []);
  });
});
