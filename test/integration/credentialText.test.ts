import assert from 'node:assert/strict';
import { findCredentials } from '../../src/core/credentialText';
import { CREDENTIAL_TABLE } from '../support/credentialTable';

/** The same table as in plain Node, because each VS Code has its own version of Node. */
describe('credentials in a text, in this editor’s version of Node,', () => {
  for (const [what, text, expected] of CREDENTIAL_TABLE) {
    it(`are ${Object.keys(expected).length > 0 ? 'found' : 'not found'} in ${what}`, () =>
      assert.deepEqual(JSON.parse(JSON.stringify(findCredentials(text))), expected));
  }
});
