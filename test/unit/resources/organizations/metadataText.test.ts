import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readMetadata, type MetadataProblem } from '../../../../src/resources/organizations/metadataText';

function values(text: string): Readonly<Record<string, string>> {
  const read = readMetadata(text);
  return 'values' in read ? read.values : assert.fail(`${text}: ${JSON.stringify(read.problem)}`);
}

function problem(text: string): MetadataProblem {
  const read = readMetadata(text);
  return 'problem' in read ? read.problem : assert.fail(`${text} was taken`);
}

describe('Metadata as text', () => {
  it('has no pairs if it’s empty', () => {
    for (const text of ['', '  ', '{}']) assert.deepEqual(values(text), {});
  });

  it('may be comma-separated pairs', () => {
    assert.deepEqual(values('plan=team'), { plan: 'team' });
    assert.deepEqual(values(' plan = team , region=eu,'), { plan: 'team', region: 'eu' });
    assert.deepEqual(values('link=https://acme.example/?a=b'), { link: 'https://acme.example/?a=b' });
  });

  it('may be a JSON object of strings', () => {
    assert.deepEqual(values('{"note": "a, b = c", "plan": "team"}'), { note: 'a, b = c', plan: 'team' });
  });

  it('may be any JSON object of strings within the limits', () => {
    const key = fc.string({ minLength: 3, maxLength: 25, unit: 'grapheme-ascii' });
    const value = fc.string({ minLength: 1, maxLength: 256, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 10 }), (object) => {
        assert.deepEqual({ ...values(JSON.stringify(object)) }, { ...object });
      }),
    );
  });

  it('is refused with the part that’s wrong', () => {
    assert.deepEqual(problem('plan=team, region'), { kind: 'notAPair', part: 'region' });
    assert.deepEqual(problem('=team'), { kind: 'notAPair', part: '=team' });
    assert.deepEqual(problem('plan=team,,region=eu'), { kind: 'notAPair', part: '' });
    assert.deepEqual(problem('{"plan": '), { kind: 'notJson', part: '' });
    assert.deepEqual(problem('{"plan": 7}'), { kind: 'notTexts', part: 'plan' });
    assert.deepEqual(problem('plan=team, plan=free'), { kind: 'duplicate', part: 'plan' });
  });

  it('is checked against the limits, counted in characters', () => {
    const pairs = (count: number): string => Array.from({ length: count }, (_, index) => `key${index}=x`).join(',');
    assert.equal(Object.keys(values(pairs(10))).length, 10);
    assert.deepEqual(problem(pairs(11)), { kind: 'tooMany', part: '11' });
    assert.deepEqual(problem('ab=x'), { kind: 'keyLength', part: 'ab' });
    assert.equal(Object.keys(values(`${'k'.repeat(25)}=x`)).length, 1);
    assert.equal(problem(`${'k'.repeat(26)}=x`).kind, 'keyLength');
    assert.deepEqual(problem('plan='), { kind: 'valueLength', part: 'plan' });
    assert.equal(values(`plan=${'😀'.repeat(256)}`)['plan']?.length, 512);
    assert.equal(problem(`plan=${'x'.repeat(257)}`).kind, 'valueLength');
  });

  it('never causes an exception, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('=', ',', '{', '}', '"', ':', ' ', 'key', '😀', '\u0000', '\ud800') }),
        (text) => {
          const read = readMetadata(text);
          assert.ok('values' in read || read.problem.kind !== undefined);
        },
      ),
    );
  });
});
