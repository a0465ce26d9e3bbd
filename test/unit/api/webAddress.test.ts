import assert from 'node:assert/strict';
import { isWebAddress } from '../../../src/api/webAddress';

describe('isWebAddress', () => {
  const good = [
    'https://acme.example',
    'HTTPS://acme.example/a%2Bb?c=d%26e+f#g',
    'https://bücher.example/ü',
    'http://localhost:12456/cb',
    'http://127.0.0.1:1/x',
    'http://portal.localhost:8787/?a=b',
    'http://[::1]:80/',
  ];
  for (const text of good) it(`accepts ${text}`, () => assert.equal(isWebAddress(text), true));
});

describe('isWebAddress refuses a link', () => {
  const bad: Readonly<Record<string, string>> = {
    'that uses plain http to another machine': 'http://acme.example/',
    'whose host only starts like this machine’s': 'http://localhost.acme.example/',
    'with another scheme': 'javascript:alert(1)',
    'to a VS Code command': 'command:workbench.action.quit',
    'to a file': 'file:///etc/passwd',
    'with a line break in it': 'https://acme.example/\nx',
    'with a tab in its scheme': 'ht\ttps://acme.example/',
    'with a space before it': ' https://acme.example/',
    'with backslashes instead of slashes': 'https:\\\\acme.example\\x',
    'with a backslash after its host': 'https://acme.example\\@evil.example/',
    'with a user name that looks like its host': 'https://app.scalekit.com@evil.example/',
    'with an invisible character': 'https://acme\u200b.example/',
    'with too many slashes': 'https:////acme.example/',
    'without a host': 'https://',
    'without slashes': 'https:acme.example',
    'that is empty': '',
  };
  for (const [which, text] of Object.entries(bad)) it(which, () => assert.equal(isWebAddress(text), false));
});
