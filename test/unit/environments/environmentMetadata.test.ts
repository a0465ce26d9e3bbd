import assert from 'node:assert/strict';
import { readMetadata, writeMetadata } from '../../../src/environments/environmentMetadata';

const METADATA = {
  name: 'Acme',
  host: 'acme.scalekit.dev',
  production: true,
  tokensOnly: true,
  lastUsedAt: 1_893_456_000_000,
  credentialsRevision: 'r1',
};

describe('an index file', () => {
  it('is read back as it was written', () => assert.deepEqual(readMetadata(writeMetadata(METADATA)), METADATA));

  it('needs only a host', () => {
    assert.deepEqual(readMetadata('{"host":"acme.scalekit.dev"}'), {
      name: 'acme.scalekit.dev',
      host: 'acme.scalekit.dev',
      production: false,
      tokensOnly: false,
      lastUsedAt: 0,
      credentialsRevision: '',
    });
  });

  it('may have fields of the wrong type', () => {
    const read = readMetadata(
      JSON.stringify({
        host: 'a.dev',
        name: 7,
        production: 'yes',
        tokensOnly: 1,
        lastUsedAt: -5,
        credentialsRevision: null,
        later: {},
      }),
    );
    assert.deepEqual(read, {
      name: 'a.dev',
      host: 'a.dev',
      production: false,
      tokensOnly: false,
      lastUsedAt: 0,
      credentialsRevision: '',
    });
  });

  it('is ignored if it’s cut off, empty or something else', () => {
    for (const text of ['', '{', '{"host":"a.dev"', 'null', '[]', '7', '{}', '{"host":""}', '{"host":7}'])
      assert.equal(readMetadata(text), undefined, text);
  });
});
