import assert from 'node:assert/strict';
import { readLifetime } from '../../../../src/resources/apiClients/tokenLifetime';

describe('a typed lifetime', () => {
  for (const [text, seconds] of [
    ['900', 900],
    [' 15m ', 900],
    ['2 h', 7_200],
    ['1D', 86_400],
    ['30s', 30],
    ['007', 7],
  ] as const) {
    it(`of “${text}” is ${seconds} seconds`, () => assert.equal(readLifetime(text), seconds));
  }

  for (const text of ['', ' ', '0', '0h', '-1', '1.5h', '1w', 'h', '1h30m', '9999999999', '１０']) {
    it(`of “${text}” is invalid`, () => assert.equal(readLifetime(text), undefined));
  }
});
