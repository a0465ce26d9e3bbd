import assert from 'node:assert/strict';
import { ResponseCache } from '../../../../src/api/client/responseCache';
import { rejection } from '../../../support/scalekitErrors';
import { deferred, until, type Deferred } from '../../../support/until';

describe('ResponseCache', () => {
  let now: number;
  let loads: { key: string; signal: AbortSignal; result: Deferred<string> }[];
  let cache: ResponseCache<string>;

  const loader =
    (key: string) =>
    (signal: AbortSignal): Promise<string> => {
      const result = deferred<string>();
      loads.push({ key, signal, result });
      return result.promise;
    };
  const read = (key: string, options?: Parameters<typeof cache.read>[2]): Promise<string> =>
    cache.read(key, loader(key), options);
  const respond = (value: string): void => loads.at(-1)?.result.resolve(value);
  async function fill(key: string, value: string): Promise<void> {
    const reading = read(key);
    respond(value);
    assert.equal(await reading, value);
  }

  beforeEach(() => {
    now = 1_000_000;
    loads = [];
    cache = new ResponseCache({ now: () => now, freshMs: 60_000, staleMs: 600_000, maxEntries: 10 });
  });

  it('returns a fresh response without another request', async () => {
    await fill('a', '1');
    now += 60_000;
    assert.equal(await read('a'), '1');
    assert.equal(loads.length, 1);
  });

  it('returns a stale response at once and renews it in the background', async () => {
    await fill('a', '1');
    now += 60_001;
    const newer: string[] = [];
    assert.equal(await read('a', { onNewer: (value) => newer.push(value) }), '1');
    assert.equal(loads.length, 2);
    respond('2');
    await until('the newer answer comes', () => newer.length > 0);
    assert.deepEqual(newer, ['2']);
    assert.equal(await read('a'), '2');
    assert.equal(loads.length, 2);
  });

  it('doesn’t report a newer response that’s the same', async () => {
    await fill('a', '1');
    now += 60_001;
    await read('a', { onNewer: () => assert.fail('nothing has changed') });
    respond('1');
    await until('the answer is fresh again', async () => {
      await read('a');
      return loads.length === 2;
    });
    await new Promise((resolve) => setImmediate(resolve));
    now += 60_000;
    assert.equal(await read('a'), '1');
    assert.equal(loads.length, 2);
  });

  it('keeps the stale response if renewal fails, and tries again at the next read', async () => {
    await fill('a', '1');
    now += 60_001;
    assert.equal(await read('a'), '1');
    loads.at(-1)?.result.reject(new Error('offline'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await read('a'), '1');
    assert.equal(loads.length, 3);
  });

  it('doesn’t return a response that’s too old', async () => {
    await fill('a', '1');
    now += 600_001;
    const reading = read('a');
    respond('2');
    assert.equal(await reading, '2');
  });

  it('sends another request if the clock was set back', async () => {
    await fill('a', '1');
    now -= 10 * 60_000;
    const reading = read('a');
    assert.equal(loads.length, 2);
    respond('2');
    assert.equal(await reading, '2');
  });

  it('sends a request if a fresh response is required', async () => {
    await fill('a', '1');
    const reading = read('a', { fresh: true });
    respond('2');
    assert.equal(await reading, '2');
    assert.equal(await read('a'), '2');
  });

  it('shares one request among concurrent readers', async () => {
    const readings = Array.from({ length: 50 }, () => read('a'));
    assert.equal(loads.length, 1);
    respond('1');
    assert.deepEqual(new Set(await Promise.all(readings)), new Set(['1']));
  });

  it('aborts a request only when its last reader leaves', async () => {
    const leavers = [new AbortController(), new AbortController()];
    const readings = leavers.map(({ signal }) => read('a', { signal }));
    leavers[0]?.abort();
    await rejection(readings[0] ?? Promise.resolve(), 'cancelled');
    assert.equal(loads[0]?.signal.aborted, false);
    leavers[1]?.abort();
    await rejection(readings[1] ?? Promise.resolve(), 'cancelled');
    assert.equal(loads[0]?.signal.aborted, true);
  });

  it('doesn’t cache a failure', async () => {
    const failing = read('a');
    loads.at(-1)?.result.reject(new Error('offline'));
    await assert.rejects(failing, /offline/);
    await fill('a', '1');
  });

  it('forgets everything when it’s cleared', async () => {
    await fill('a/1', '1');
    await fill('b/1', '2');
    cache.clear();
    for (const [index, key] of ['a/1', 'b/1'].entries()) {
      const reading = read(key);
      assert.equal(loads.length, 3 + index);
      respond('new');
      assert.equal(await reading, 'new');
    }
  });

  it('doesn’t cache a response whose request began before clear()', async () => {
    const before = read('a');
    cache.clear();
    const after = read('a');
    assert.equal(loads.length, 2);
    loads[1]?.result.resolve('new');
    assert.equal(await after, 'new');
    loads[0]?.result.resolve('old');
    assert.equal(await before, 'old');
    assert.equal(await read('a'), 'new');
    assert.equal(loads.length, 2);
  });

  it('doesn’t cache a response that arrives between clear() and the next read', async () => {
    const before = read('a');
    cache.clear();
    loads[0]?.result.resolve('old');
    assert.equal(await before, 'old');
    const after = read('a');
    assert.equal(loads.length, 2);
    respond('new');
    assert.equal(await after, 'new');
  });

  it('is limited in size, and keeps entries that are used', async () => {
    for (let number = 0; number < 100; number++) {
      await fill(`key ${number}`, String(number));
      // An entry that's read again and again stays.
      assert.equal(await read('key 0'), '0');
    }
    const asked = loads.length;
    assert.equal(asked, 100);
    let kept = 0;
    for (let number = 0; number < 100; number++) {
      const before = loads.length;
      const reading = read(`key ${number}`);
      if (loads.length === before) kept++;
      else loads.at(-1)?.result.reject(new Error('not kept'));
      await reading.catch(() => undefined);
    }
    assert.ok(kept >= 10 && kept <= 20, `${kept} of 100 are kept`);
  });
});
