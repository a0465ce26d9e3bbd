import assert from 'node:assert/strict';
import { txtRecordLines, txtRecordOf, zoneFileLine } from '../../../../src/resources/domains/txtRecord';

const record = (txtRecordKey: string | undefined, txtRecordValue: string | undefined = 'scalekit=abc') =>
  txtRecordOf({ id: 'dom_1', domain: 'acme.com', txtRecordKey, txtRecordValue });

describe('the TXT record of a domain', () => {
  for (const [key, nameInDomain, fullName] of [
    ['_scalekit', '_scalekit', '_scalekit.acme.com'],
    ['_scalekit.acme.com', '_scalekit', '_scalekit.acme.com'],
    ['_scalekit.acme.com.', '_scalekit', '_scalekit.acme.com'],
    ['_scalekit.sub', '_scalekit.sub', '_scalekit.sub.acme.com'],
    ['_notacme.com', '_notacme.com', '_notacme.com.acme.com'],
    ['acme.com', '@', 'acme.com'],
    ['@', '@', 'acme.com'],
  ] as const) {
    it(`named ${key} is ${nameInDomain} in the domain and ${fullName} in full`, () => {
      assert.deepEqual(record(key), { fullName, nameInDomain, value: 'scalekit=abc' });
    });
  }

  it('is undefined if Scalekit doesn’t send all its parts', () => {
    assert.equal(record(undefined), undefined);
    assert.equal(txtRecordOf({ id: 'dom_1', domain: 'acme.com', txtRecordKey: '_scalekit' }), undefined);
    assert.equal(txtRecordOf({ id: 'dom_1', txtRecordKey: '_scalekit', txtRecordValue: 'x' }), undefined);
  });

  const line = (value: string): string => zoneFileLine(record('_scalekit', value) ?? assert.fail());

  it('is a line of a zone file', () => assert.equal(line('scalekit=abc'), '_scalekit.acme.com. IN TXT "scalekit=abc"'));

  it('has its value escaped in a zone file, so that it stays one value', () => {
    assert.equal(line('a"b\\c;d'), '_scalekit.acme.com. IN TXT "a\\"b\\\\c;d"');
    assert.equal(line('a\nb\u00e9'), '_scalekit.acme.com. IN TXT "a\\010b\\195\\169"');
  });

  it('has a long value split into strings of at most 255 bytes', () => {
    assert.equal(line('x'.repeat(300)), `_scalekit.acme.com. IN TXT "${'x'.repeat(255)}" "${'x'.repeat(45)}"`);
  });

  it('is three lines in a message', () => {
    const lines = txtRecordLines(record('_scalekit') ?? assert.fail(), { type: 'Type', name: 'Name', value: 'Value' });
    assert.equal(lines, 'Type: TXT\nName: _scalekit.acme.com\nValue: scalekit=abc');
  });
});
