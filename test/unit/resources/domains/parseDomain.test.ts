import assert from 'node:assert/strict';
import { readDomainText } from '../../../../src/resources/domains/parseDomain';

describe('a typed or pasted domain', () => {
  for (const [text, domain] of [
    ['acme.com', 'acme.com'],
    ['  ACME.Com. ', 'acme.com'],
    ['https://www.acme.com/about?x=1', 'www.acme.com'],
    ['acme.com:8443/path', 'acme.com'],
    ['jane.doe@mail.acme.co.uk', 'mail.acme.co.uk'],
    ['@acme.com', 'acme.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
  ] as const) {
    it(`is read from ${text.trim()}`, () => assert.equal(readDomainText(text), domain));
  }

  for (const text of [
    '',
    ' ',
    'acme',
    'acme.',
    '.com',
    'a b.com',
    '*.acme.com',
    '-acme.com',
    'acme-.com',
    'acme..com',
    'ac_me.com',
    '10.0.0.1',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(127)}co`,
    'https://',
    'acme.com, beta.com',
    '<script>.com',
  ]) {
    it(`isn’t found in “${text.slice(0, 30)}”`, () => assert.equal(readDomainText(text), undefined));
  }
});
