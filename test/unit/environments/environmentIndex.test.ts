import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { StorageFailure } from '../../../src/ui/storageFailure';
import { EnvironmentAdditions } from '../../../src/environments/environmentAdditions';
import type { EnvironmentMetadata } from '../../../src/environments/environmentMetadata';
import { projectRoot } from '../../host/project';

const ACME: EnvironmentMetadata = {
  name: 'acme',
  host: 'acme.scalekit.dev',
  production: false,
  tokensOnly: false,
  lastUsedAt: 1_700_000_000_000,
  credentialsRevision: 'r1',
};
const ROUNDS = 40;

describe('the index of environments', () => {
  let folder: string;
  let index: EnvironmentAdditions;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'index-'));
    index = new EnvironmentAdditions(folder, Date.now);
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  const changes = (round: number): Readonly<Record<string, Partial<EnvironmentMetadata>>> => ({
    name: { name: `name ${round}` },
    production: { production: round % 2 === 0 },
    tokensOnly: { tokensOnly: round % 2 === 0 },
    credentials: { credentialsRevision: `r${round}`, host: `host-${round}.scalekit.dev` },
  });

  it('keeps all changes that two windows make at the same time, in every pair and order', async () => {
    await index.write('acme', ACME);
    const other = new EnvironmentAdditions(folder, Date.now);
    for (let round = 1; round <= ROUNDS; round++) {
      const all = Object.values(changes(round));
      for (const one of all) {
        for (const two of all) {
          if (one === two) continue;
          const at = 1_800_000_000_000 + round;
          assert.deepEqual(
            await Promise.all([index.append('acme', one), other.touch('acme', at), other.append('acme', two)]),
            [true, true, true],
          );
          const now = await index.read('acme');
          assert.deepEqual({ ...now, ...one, ...two }, now);
        }
      }
    }
  });

  it('keeps the changes that another process makes at the same time', async () => {
    await index.write('acme', ACME);
    const program = join(folder, 'child.cjs');
    await build({
      stdin: {
        resolveDir: projectRoot(),
        contents: `import { EnvironmentAdditions } from './src/environments/environmentAdditions';
          const index = new EnvironmentAdditions(process.argv[2], Date.now);
          process.on('message', async (round) => {
            for (let n = 0; n < 20; n++) await Promise.all([index.append('acme', { name: round + '.' + n }), index.touch('acme', Date.now())]);
            process.send(round);
          });`,
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: program,
    });
    const child = fork(program, [folder]);
    try {
      for (let round = 0; round < 20; round++) {
        const production = round % 2 === 0;
        const done = once(child, 'message');
        child.send(round);
        for (let n = 0; n < 10; n++) await index.append('acme', { production: !production });
        await index.append('acme', { production });
        await done;
        const now = await index.read('acme');
        assert.deepEqual([now?.production, now?.name], [production, `${round}.19`]);
      }
    } finally {
      child.kill();
    }
  });

  it('reads and changes a file of an earlier version, which contains the time of last use', async () => {
    const { mtimeMs } = await fs.stat(folder);
    const later = Math.round(mtimeMs) + 86_400_000;
    await fs.writeFile(
      join(folder, 'acme.json'),
      JSON.stringify({ ...ACME, production: true, lastUsedAt: later }, undefined, 2),
    );
    assert.deepEqual(await index.read('acme'), { ...ACME, production: true, lastUsedAt: later });
    await index.append('acme', { name: 'Ours' });
    assert.deepEqual(await index.read('acme'), { ...ACME, production: true, lastUsedAt: later, name: 'Ours' });
    await index.touch('acme', later + 5);
    assert.equal((await index.read('acme'))?.lastUsedAt, later + 5);
  });

  it('skips a change that a full disk cut off, and keeps those before and after it', async () => {
    await index.write('acme', ACME);
    await index.append('acme', { production: true });
    await fs.appendFile(join(folder, 'acme.json'), '\n{"name":"cut o');
    assert.equal((await index.read('acme'))?.name, 'acme');
    await index.append('acme', { tokensOnly: true });
    assert.deepEqual(await index.read('acme'), {
      ...(await index.read('acme')),
      production: true,
      tokensOnly: true,
      name: 'acme',
    });
  });

  it('never restores an environment that another window has removed', async () => {
    await index.write('acme', ACME);
    await new EnvironmentAdditions(folder, Date.now).delete('acme');
    assert.equal(await index.append('acme', { production: true }), false);
    assert.equal(await index.touch('acme', Date.now()), false);
    assert.deepEqual(await fs.readdir(folder), []);
  });

  it('runs the tasks of a key one after the other, and takes over from a crashed window', async () => {
    await fs.writeFile(join(folder, 'key.pending'), '1\n');
    let running = 0;
    const windows = [index, new EnvironmentAdditions(folder, Date.now), new EnvironmentAdditions(folder, Date.now)];
    await Promise.all(
      windows.map((window) =>
        window.alone('key', async () => {
          assert.equal(++running, 1);
          await fs.readdir(folder);
          running--;
        }),
      ),
    );
    assert.deepEqual(await fs.readdir(folder), []);
  }).timeout(20_000);

  describe('whose folder', () => {
    const cases: Readonly<Record<string, { readonly code: string; readonly make: () => Promise<string> }>> = {
      'is a file': {
        code: 'EEXIST',
        make: async () => (await fs.writeFile(join(folder, 'file'), ''), join(folder, 'file')),
      },
      'is below a file': {
        code: 'ENOTDIR',
        make: async () => (await fs.writeFile(join(folder, 'file'), ''), join(folder, 'file/environments')),
      },
      'has a name that is too long': { code: 'ENAMETOOLONG', make: async () => join(folder, 'x'.repeat(300)) },
      'is a link to itself': {
        code: 'ELOOP',
        make: async () => (await fs.symlink('loop', join(folder, 'loop')), join(folder, 'loop/environments')),
      },
    };
    for (const [what, { code, make }] of Object.entries(cases)) {
      it(`${what} names the folder and the cause in its error`, async () => {
        const place = await make();
        const broken = new EnvironmentAdditions(place, Date.now);
        for (const task of [
          () => broken.make(),
          () => broken.write('acme', ACME),
          () => broken.reserveId('acme'),
          () => broken.markPending('acme'),
          () => broken.alone('key', async () => 0),
        ]) {
          await assert.rejects(
            task,
            (error) =>
              error instanceof StorageFailure &&
              error.operation === 'write' &&
              error.folder === place &&
              error.code === code,
          );
        }
        for (const task of [
          () => broken.append('acme', {}),
          () => broken.touch('acme', 1),
          () => broken.readAll(new Map()),
        ])
          await assert.rejects(task, StorageFailure);
      });
    }

    it('is missing creates it on the first write', async () => {
      const late = new EnvironmentAdditions(join(folder, 'a/b'), Date.now);
      assert.ok(await late.reserveId('acme'));
      await late.write('acme', ACME);
      await late.clearPending('acme');
      assert.deepEqual(await late.read('acme'), ACME);
    });

    it('has disappeared fails instead of reporting its environments as removed', async () => {
      await index.write('acme', ACME);
      await fs.rm(folder, { recursive: true });
      for (const task of [
        () => index.append('acme', {}),
        () => index.touch('acme', 1),
        () => index.readAll(new Map()),
      ]) {
        await assert.rejects(task, (error) => error instanceof StorageFailure && error.code === 'ENOENT');
      }
    });

    for (const code of ['ENOSPC', 'EROFS', 'EACCES', 'EDQUOT', 'EIO']) {
      it(`fails with ${code} leaves no half-written file`, async () => {
        await index.write('globex', ACME);
        // The real file system can't be made to fail like this.
        const { rename } = fs;
        fs.rename = async () => Promise.reject(Object.assign(new Error(code), { code }));
        try {
          await assert.rejects(
            index.write('acme', ACME),
            (error) => error instanceof StorageFailure && error.code === code,
          );
        } finally {
          fs.rename = rename;
        }
        assert.deepEqual(await fs.readdir(folder), ['globex.json']);
      });
    }
  });

  it('returns what it knows of a file that can’t be read at the moment', async () => {
    await fs.mkdir(join(folder, 'acme.json'));
    assert.deepEqual(await index.readAll(new Map([['acme', ACME]])), new Map([['acme', ACME]]));
    await assert.rejects(
      index.read('acme'),
      (error) => error instanceof StorageFailure && error.operation === 'read' && error.code === 'EISDIR',
    );
  });
});
