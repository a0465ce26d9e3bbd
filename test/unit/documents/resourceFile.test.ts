import assert from 'node:assert/strict';
import { resourceFile, versionedSize } from '../../../src/documents/resourceFile';

const json = { id: 'org_1', update_time: '2025-03-21T05:55:03.416Z', display_name: 'Looney' };
const updated = Date.parse(json.update_time);

describe('A resource as a file', () => {
  it('is its JSON, indented by two spaces, with secrets redacted', () => {
    const { bytes } = resourceFile({ id: 'conn_1', oidc_config: { client_secret: 'very-secret' } }, 0);
    assert.equal(
      Buffer.from(bytes).toString(),
      '{\n  "id": "conn_1",\n  "oidc_config": {\n    "client_secret": "[redacted]"\n  }\n}\n',
    );
  });

  it('has the time of its last update, or of its reading if that’s unknown', () => {
    assert.equal(resourceFile(json, 5).mtime, updated);
    assert.equal(resourceFile({ id: 'x' }, 5).mtime, 5);
    assert.equal(resourceFile({ ...json, update_time: '0001-01-01T00:00:00Z' }, 5).mtime, 5);
  });

  it('has a different size after a change of one character', () => {
    const before = resourceFile(json, 0);
    const after = resourceFile({ ...json, display_name: 'Looneu' }, 1, before);
    assert.equal(before.bytes.length, after.bytes.length);
    assert.notEqual(versionedSize(before), versionedSize(after));
  });

  it('has a later time after a change, even if the server’s time stood still or went back', () => {
    const first = resourceFile(json, 0);
    const second = resourceFile({ ...json, display_name: 'Other' }, 1, first);
    assert.ok(second.mtime > first.mtime);
    const third = resourceFile({ ...json, display_name: 'Third', update_time: '2025-01-01T00:00:00Z' }, 2, second);
    assert.ok(third.mtime > second.mtime);
  });

  it('keeps its time and size while nothing has changed', () => {
    const first = resourceFile(json, 0);
    const second = resourceFile(json, 60_000, first);
    assert.equal(second.mtime, first.mtime);
    assert.equal(versionedSize(second), versionedSize(first));
  });

  it('has a size below 10 MB, because VS Code asks before it opens a larger file', () => {
    let largest = 0;
    for (let index = 0; index < 2_000; index++)
      largest = Math.max(largest, versionedSize(resourceFile({ id: `org_${index}` }, 0)));
    assert.ok(largest > 4_000_000 && largest < 5 * 1024 * 1024, String(largest));
  });
});
