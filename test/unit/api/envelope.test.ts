import assert from 'node:assert/strict';
import { envelope, tryEnvelope } from '../../../src/api/envelope';
import { readRecord, readText } from '../../../src/api/json';
import { rejection } from '../../support/scalekitErrors';

describe('The envelope of a response', () => {
  const without = [undefined, null, [], 'x', {}, { organization: null }, { organization: [] }];

  it('is removed', () => {
    for (const read of [envelope, tryEnvelope])
      assert.deepEqual(read({ organization: { id: 'x' } }, 'organization', readRecord), { id: 'x' });
  });

  it('causes a protocol error that names the resource if that’s missing', async () => {
    for (const json of without) {
      const reading = Promise.resolve().then(() => envelope(json, 'organization', readRecord));
      await rejection(reading, 'protocol', { server: 'api', reason: 'noOrganization', maybeReceived: true });
    }
  });

  it('is read as undefined if the resource is optional and missing', () => {
    for (const json of without) assert.equal(tryEnvelope(json, 'organization', readRecord), undefined);
    assert.equal(tryEnvelope({ plain_secret: '' }, 'plain_secret', readText), undefined);
  });
});
