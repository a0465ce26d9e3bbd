import assert from 'node:assert/strict';
import { envelope, tryEnvelope } from '../../../src/api/envelope';
import { readRecord, readText } from '../../../src/api/json';
import { rejection } from '../../support/scalekitErrors';

describe('The envelope of a response', () => {
  const without = [undefined, null, [], 'x', {}, { organization: null }, { organization: [] }];

  it('is taken off', () => {
    for (const read of [envelope, tryEnvelope])
      assert.deepEqual(read({ organization: { id: 'x' } }, 'organization', readRecord), { id: 'x' });
  });

  it('is a failure of the protocol when the resource is not in it, and names what is missing', async () => {
    for (const json of without) {
      const reading = Promise.resolve().then(() => envelope(json, 'organization', readRecord));
      await rejection(reading, 'protocol', { server: 'api', reason: 'noOrganization', maybeReceived: true });
    }
  });

  it('is nothing where the response may lack the resource', () => {
    for (const json of without) assert.equal(tryEnvelope(json, 'organization', readRecord), undefined);
    assert.equal(tryEnvelope({ plain_secret: '' }, 'plain_secret', readText), undefined);
  });
});
