import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { isLoopbackAddress, loopbackLookup, readTarget } from '../../../src/sandbox/webhooks/loopbackTarget';

describe('a target of webhooks', () => {
  const look = (name: string, all: boolean) =>
    new Promise<{ error: NodeJS.ErrnoException | null; address: string | LookupAddress[] }>((resolve) =>
      loopbackLookup(name, { all }, (error, address) => resolve({ error, address })),
    );

  it('keeps its path and query, and loses its fragment', () => {
    assert.equal(
      readTarget(' http://LOCALHOST:3000/a?b=c#d ', 'http://127.0.0.1:1').href,
      'http://localhost:3000/a?b=c',
    );
    assert.equal(readTarget('https://[::1]/x', 'http://127.0.0.1:1').href, 'https://[::1]/x');
  });

  it('is this machine only by its loopback addresses', () => {
    for (const good of ['127.0.0.1', '127.255.0.9', '::1']) assert.equal(isLoopbackAddress(good), true, good);
    for (const bad of ['128.0.0.1', '0.0.0.0', '::', '::ffff:127.0.0.1', '10.0.0.1', '127.evil.example', ''])
      assert.equal(isLoopbackAddress(bad), false, bad);
  });

  it('resolves names below localhost without asking anybody', async () => {
    assert.deepEqual((await look('app.localhost', true)).address, [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ]);
    assert.equal((await look('localhost', false)).address, '127.0.0.1');
  });

  it('can’t be a name of another machine', async () => {
    // An address resolves to itself.
    assert.equal((await look('192.0.2.1', true)).error?.code, 'ENOTLOOPBACK');
    assert.equal((await look('192.0.2.1', false)).error?.code, 'ENOTLOOPBACK');
    assert.equal((await look('127.0.0.5', false)).error, null);
    assert.notEqual((await look('nothing.invalid', true)).error, null);
  });
});
