import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../host/project';

describe('a file of the source', () => {
  it('never exports all of another one, so that an import names the file that holds the thing', () => {
    const files = ['src', 'test'].flatMap((folder) =>
      readdirSync(join(projectRoot(), folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.m?ts$/.test(name))
        .map((name) => join(folder, name)),
    );
    assert.ok(files.length > 500, String(files.length));
    const barrels = files.filter((file) => /^export\s*\*/m.test(readFileSync(join(projectRoot(), file), 'utf8')));
    assert.deepEqual(barrels, []);
  });
});
