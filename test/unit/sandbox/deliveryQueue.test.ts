import assert from 'node:assert/strict';
import type { Attempt, Delivery } from '../../../src/sandbox/webhooks/delivery';
import { DeliveryLog } from '../../../src/sandbox/webhooks/deliveryLog';
import { DeliveryQueue, MOST_AT_ONCE, MOST_PENDING_CHARACTERS } from '../../../src/sandbox/webhooks/deliveryQueue';
import { RETRY_DELAYS_MS, RetryPace } from '../../../src/sandbox/webhooks/retrySchedule';
import { deferred, until, type Deferred } from '../../support/until';

const delivery = (id: string): Delivery => ({
  id,
  endpointId: 'ep_1',
  url: 'http://localhost/',
  type: 'role.created',
  eventId: 'evt_1',
  body: '{}',
  createdAt: 0,
  state: 'Queued',
  tries: 0,
});
const attempt = (status: number | undefined): Attempt => ({
  startedAt: 0,
  milliseconds: 1,
  status,
  problem: undefined,
  body: '',
});

describe('retries', () => {
  it('come after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, and then no more', () => {
    const pace = new RetryPace();
    const delays = RETRY_DELAYS_MS.map((_delay, tries) => pace.delayAfter(tries));
    assert.deepEqual(delays, [0, 5e3, 3e5, 18e5, 72e5, 18e6, 36e6, 36e6]);
    assert.equal(pace.delayAfter(8), undefined);
    pace.set(1000);
    assert.equal(pace.delayAfter(1), 5);
    for (const bad of [0, 0.9, NaN, Infinity, 1e7]) assert.throws(() => pace.set(bad), RangeError);
    assert.equal(pace.factor, 1000);
  });
});

describe('a delivery queue', () => {
  const sent: { delivery: Delivery; response: Deferred<Attempt> }[] = [];
  let queue: DeliveryQueue;
  let pace: RetryPace;
  const noted: string[] = [];

  beforeEach(() => {
    sent.length = 0;
    noted.length = 0;
    pace = new RetryPace();
    queue = new DeliveryQueue(
      pace,
      (one, signal) => {
        const response = deferred<Attempt>();
        signal.addEventListener('abort', () => response.resolve(attempt(undefined)));
        sent.push({ delivery: one, response });
        return response.promise;
      },
      (one) => noted.push(one.id),
    );
  });
  afterEach(() => queue.close());

  it('sends a few at a time, in order, and never within the call that adds', async () => {
    const all = Array.from({ length: 20 }, (_, index) => delivery(`msg_${index}`));
    for (const one of all) assert.equal(queue.add(one), true);
    assert.equal(sent.length, 0);
    await until('some are sent', () => sent.length === MOST_AT_ONCE);
    assert.equal(queue.sending, MOST_AT_ONCE);
    for (let index = 0; index < 20; index++) {
      await until(`number ${index}`, () => sent.length > index);
      sent[index]?.response.resolve(attempt(200));
    }
    await until('all are done', () => queue.pending === 0);
    assert.deepEqual(
      sent.map(({ delivery: { id } }) => id),
      all.map(({ id }) => id),
    );
    assert.deepEqual(new Set(all.map(({ state }) => state)), new Set(['Success']));
  });

  it('tries again only what failed, and starts anew after a resend', async () => {
    pace.set(1_000_000);
    const one = delivery('msg_1');
    queue.add(one);
    for (let index = 0; index < 8; index++) {
      await until(`try ${index}`, () => sent.length === index + 1);
      sent[index]?.response.resolve(attempt(index % 2 === 0 ? 500 : undefined));
    }
    await until('it failed', () => one.state === 'Failed');
    assert.deepEqual([sent.length, noted.length, queue.pending], [8, 8, 0]);
    assert.equal(queue.resend(one), true);
    await until('it is tried again', () => sent.length === 9);
    assert.equal(queue.resend(one), false, 'it is being sent');
    sent[8]?.response.resolve(attempt(299));
    await until('it succeeded', () => one.state === 'Success');
  });

  it('resends at once what waits for its next try', async () => {
    const one = delivery('msg_1');
    queue.add(one);
    await until('it is sent', () => sent.length === 1);
    sent[0]?.response.resolve(attempt(300));
    await until('it waits', () => one.state === 'Retrying');
    assert.equal(queue.resend(one), true);
    await until('it is sent again', () => sent.length === 2);
    assert.equal(queue.pending, 1);
  });

  it('takes only so many characters, and as many again once some are done', async () => {
    const large = () => ({ ...delivery('msg_1'), body: 'x'.repeat(MOST_PENDING_CHARACTERS / 2) });
    assert.deepEqual([queue.add(large()), queue.add(large()), queue.add(large())], [true, true, false]);
    await until('both are sent', () => sent.length === 2);
    sent[0]?.response.resolve(attempt(500));
    await until('one waits', () => sent[0]?.delivery.state === 'Retrying');
    assert.equal(queue.add(large()), false);
    assert.equal(queue.resend(sent[0]?.delivery ?? assert.fail()), true);
    await until('it is sent again', () => sent.length === 3);
    for (const { response } of sent) response.resolve(attempt(200));
    await until('both are done', () => queue.pending === 0);
    assert.deepEqual([queue.add(large()), queue.add(large()), queue.add(large())], [true, true, false]);
  });

  it('ends everything when it’s closed, and takes nothing more', async () => {
    const all = Array.from({ length: 12 }, (_, index) => delivery(`msg_${index}`));
    for (const one of all) queue.add(one);
    await until('some are sent', () => sent.length === MOST_AT_ONCE);
    sent[0]?.response.resolve(attempt(500));
    await until('one waits', () => all[0]?.state === 'Retrying');
    queue.close();
    await until('nothing is left', () => queue.pending === 0);
    assert.deepEqual(new Set(all.map(({ state }) => state)), new Set(['Failed']));
    assert.equal(queue.add(delivery('msg_x')), false);
    assert.equal(sent.length, MOST_AT_ONCE + 1);
  });
});

describe('the log of deliveries', () => {
  it('keeps the latest 200, and forgets the attempts of older ones', () => {
    const log = new DeliveryLog();
    const all = Array.from({ length: 250 }, (_, index) => delivery(`msg_${index}`));
    for (const one of all) log.add(one);
    for (const one of all) log.note(one, attempt(200));
    assert.equal(log.list().length, 200);
    assert.equal(log.list()[0]?.delivery.id, 'msg_249');
    assert.equal(log.find('msg_49'), undefined);
    assert.equal(log.find('msg_50')?.attempts.length, 1);
    log.add({ ...delivery('msg_large'), body: 'x'.repeat(15_999_900) });
    assert.deepEqual([log.list().length, log.find('msg_250') === undefined], [51, true]);
    log.add({ ...delivery('msg_larger'), body: 'x'.repeat(17_000_000) });
    assert.deepEqual(
      log.list().map(({ delivery: { id } }) => id),
      ['msg_larger'],
    );
    log.clear();
    const last = all[249] ?? assert.fail();
    log.add(last);
    for (let index = 0; index < 30; index++) log.note(last, attempt(500));
    assert.equal(log.find('msg_249')?.attempts.length, 20);
  });
});
