import assert from 'node:assert/strict';
import { isWebAddress } from '../../../src/api/webAddress';

describe('a link may be opened in the browser', () => {
  const good = [
    'https://acme.example',
    'HTTPS://acme.example/a%2Bb?c=d%26e+f#g',
    'https://bücher.example/ü',
    'http://localhost:12456/cb',
    'http://127.0.0.1:1/x',
    'http://portal.localhost:8787/?a=b',
    'http://[::1]:80/',
  ];
  for (const text of good) it(`that is ${text}`, () => assert.equal(isWebAddress(text), true));
});

describe('no link is opened in the browser', () => {
  const bad: Readonly<Record<string, string>> = {
    'that is plain http elsewhere': 'http://acme.example/',
    'whose host only begins like this machine': 'http://localhost.acme.example/',
    'of another scheme': 'javascript:alert(1)',
    'of VS Code’s own': 'command:workbench.action.quit',
    'to a file': 'file:///etc/passwd',
    'with a line break in it': 'https://acme.example/\nx',
    'with a tab in its scheme': 'ht\ttps://acme.example/',
    'with a space before it': ' https://acme.example/',
    'with backslashes for slashes': 'https:\\\\acme.example\\x',
    'with a backslash after its host': 'https://acme.example\\@evil.example/',
    'with a name that could pass for its host': 'https://app.scalekit.com@evil.example/',
    'with an invisible character': 'https://acme\u200b.example/',
    'with too many slashes': 'https:////acme.example/',
    'without a host': 'https://',
    'without slashes': 'https:acme.example',
    'that is empty': '',
  };
  for (const [which, text] of Object.entries(bad)) it(which, () => assert.equal(isWebAddress(text), false));
});
