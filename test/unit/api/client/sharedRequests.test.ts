import assert from 'node:assert/strict';
import { SharedRequests } from '../../../../src/api/client/sharedRequests';
import { rejection } from '../../../support/scalekitErrors';
import { deferred, type Deferred } from '../../../support/until';

describe('SharedRequests', () => {
  let started: { signal: AbortSignal; result: Deferred<string> }[];
  let requests: SharedRequests<string>;

  const start = (signal: AbortSignal): Promise<string> => {
    const result = deferred<string>();
    started.push({ signal, result });
    return result.promise;
  };
  const first = (): { signal: AbortSignal; result: Deferred<string> } =>
    started[0] ?? assert.fail('nothing was started');

  beforeEach(() => {
    started = [];
    requests = new SharedRequests('api');
  });

  it('starts one request for concurrent callers with the same key', async () => {
    const waiting = Array.from({ length: 100 }, (_, index) =>
      requests.join('a', start, index % 2 === 0 ? undefined : new AbortController().signal),
    );
    assert.equal(started.length, 1);
    first().result.resolve('there');
    assert.deepEqual(await Promise.all(waiting), Array<string>(100).fill('there'));
  });

  it('starts a separate request for each key', () => {
    void requests.join('a', start);
    void requests.join('b', start);
    assert.equal(started.length, 2);
  });

  it('starts a new request after one has succeeded or failed', async () => {
    const done = requests.join('a', start);
    first().result.resolve('1');
    await done;
    const failed = requests.join('a', start);
    started[1]?.result.reject(new Error('2'));
    await assert.rejects(failed, /^Error: 2$/);
    void requests.join('a', start);
    assert.equal(started.length, 3);
  });

  it('rejects all waiting callers with the same error', async () => {
    const waiting = [requests.join('a', start), requests.join('a', start, new AbortController().signal)];
    const failure = new Error('broken');
    first().result.reject(failure);
    for (const outcome of await Promise.allSettled(waiting))
      assert.equal(outcome.status === 'rejected' && outcome.reason, failure);
  });

  it('doesn’t abort a request when only one of its callers leaves', async () => {
    const leaver = new AbortController();
    const left = requests.join('a', start, leaver.signal);
    const stayed = requests.join('a', start, new AbortController().signal);
    leaver.abort();
    await rejection(left, 'cancelled', { server: 'api' });
    assert.equal(first().signal.aborted, false);
    first().result.resolve('there');
    assert.equal(await stayed, 'there');
  });

  it('aborts the request when its last caller leaves, and starts a new one for the next', async () => {
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map((leaver) => requests.join('a', start, leaver.signal));
    leavers[0]?.abort();
    assert.equal(first().signal.aborted, false);
    leavers[1]?.abort();
    assert.equal(first().signal.aborted, true);
    for (const promise of left) await rejection(promise, 'cancelled');
    const next = requests.join('a', start);
    assert.equal(started.length, 2);
    first().result.reject(new Error('aborted'));
    started[1]?.result.resolve('there');
    assert.equal(await next, 'there');
  });

  it('never aborts a request with a caller that has no signal', async () => {
    const leaver = new AbortController();
    const stayed = requests.join('a', start);
    const left = requests.join('a', start, leaver.signal);
    leaver.abort();
    await rejection(left, 'cancelled');
    assert.equal(first().signal.aborted, false);
    first().result.resolve('there');
    assert.equal(await stayed, 'there');
  });

  it('starts nothing if the signal is already aborted', async () => {
    await rejection(requests.join('a', start, AbortSignal.abort()), 'cancelled');
    assert.equal(started.length, 0);
  });

  it('ignores a signal that aborts after the response', async () => {
    const late = new AbortController();
    const done = requests.join('a', start, late.signal);
    first().result.resolve('there');
    assert.equal(await done, 'there');
    late.abort();
    assert.equal(first().signal.aborted, false);
  });

  it('lets current callers finish after detach(), and starts new requests for later ones', async () => {
    const old = ['a/1', 'b/1'].map((key) => requests.join(key, start));
    requests.detach();
    const again = ['a/1', 'b/1'].map((key) => requests.join(key, start));
    assert.equal(started.length, 4);
    for (const [index, { result }] of started.entries()) result.resolve(index < 2 ? 'old' : 'new');
    assert.deepEqual(await Promise.all([...old, ...again]), ['old', 'old', 'new', 'new']);
  });
});
