import assert from 'node:assert/strict';
import { inexactNumbersAsText, markNumbers, unmarkNumbers } from '../../../src/api/exactNumbers';

describe('numbers in JSON', () => {
  const NUMBERS = [
    '0',
    '-0',
    '1',
    '-7',
    '1.0',
    '1.50',
    '1e3',
    '1E+3',
    '1e400',
    '-1e-400',
    '9007199254740993',
    '100002348117421473',
    '123456789012345678901234567890',
    '0.1',
    '0.12345678901234567890',
  ];

  it('keep every digit when they’re read and printed', () => {
    const json = `{"list":[${NUMBERS.join(',')}],${NUMBERS.map((number, index) => `"n${index}":${number}`).join(',')}}`;
    assert.equal(unmarkNumbers(JSON.stringify(JSON.parse(markNumbers(json)))), json);
  });

  it('aren’t looked for in strings', () => {
    const json = JSON.stringify({ '1.0': '1.0 "2.0" \\', 'a"1.0': '\\"', b: ['100002348117421473', '\\'] });
    assert.equal(markNumbers(json), json);
    assert.equal(inexactNumbersAsText(json), json);
    assert.equal(unmarkNumbers(json), json);
  });

  it('become text if JavaScript would change them', () => {
    const read = (number: string): unknown => (JSON.parse(inexactNumbersAsText(`{"n":${number}}`)) as { n: unknown }).n;
    for (const number of [
      '100002348117421473',
      '9007199254740993',
      '-100002348117421473',
      '1e400',
      '0.12345678901234567890',
      '253402300799000000001',
    ])
      assert.equal(read(number), number);
    for (const number of ['0', '1', '1.0', '1e3', '253402300799', '9007199254740991', '0.1', '-0.5', '1800000000'])
      assert.equal(read(number), Number(number));
  });
});
