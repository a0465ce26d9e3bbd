import assert from 'node:assert/strict';
import type { PageItem } from '../../../src/api/page';
import type { SignIn } from '../../../src/api/signInLog';
import { SignInTally } from '../../../src/signIn/summary/signInTally';

const HOUR = 3_600_000;
/** Noon in this computer's time zone, so that an hour more or less is the same day. */
const NOON = new Date(2026, 4, 14, 12).getTime();

function attempt(number: number, more: Partial<SignIn> = {}): PageItem<SignIn> {
  return {
    record: {
      id: `req_${number}`,
      organizationId: 'org_1',
      status: 'SUCCESS',
      time: new Date(NOON - number * HOUR),
      json: {},
      ...more,
    },
  };
}

describe('the tally of a sign-in log', () => {
  it('counts by day and outcome, the days newest first, in local time', () => {
    const tally = new SignInTally({});
    tally.add([attempt(0), attempt(1, { status: 'FAILED' }), attempt(24, { status: 'PENDING' })]);
    tally.add([
      attempt(25, { status: 'INITIATED' }),
      attempt(72, { status: 'SOMETHING_NEW' }),
      attempt(73, { status: undefined }),
    ]);
    assert.deepEqual(tally.counts, { SUCCESS: 1, FAILED: 1, PENDING: 1, INITIATED: 1, OTHER: 2 });
    assert.equal(tally.attempts, 6);
    assert.deepEqual(
      tally.days.map(({ start, counts }) => [start.getDate(), start.getHours(), counts.SUCCESS, counts.OTHER]),
      [
        [14, 0, 1, 0],
        [13, 0, 0, 0],
        [11, 0, 0, 2],
      ],
    );
  });

  it('counts only its organization, and says how many entries it looked at and how far back', () => {
    const tally = new SignInTally({ organizationId: 'org_2' });
    assert.equal(
      tally.add([attempt(0), attempt(5, { organizationId: 'org_2' }), attempt(9, { organizationId: undefined })]),
      false,
    );
    assert.deepEqual([tally.attempts, tally.looked, tally.lookedBackTo?.getTime()], [1, 3, NOON - 9 * HOUR]);
    assert.equal(tally.newest?.id, 'req_5');
  });

  it('ignores what is older than wanted, and knows a page that is older as a whole', () => {
    const tally = new SignInTally({ since: new Date(NOON - 10 * HOUR) });
    assert.equal(tally.add([attempt(9), attempt(10), attempt(11)]), false);
    assert.equal(tally.add([attempt(12), attempt(13)]), true);
    assert.equal(tally.add([]), false, 'an empty page says nothing about the next one');
    assert.equal(tally.add([attempt(14), attempt(15, { time: undefined })]), false, 'one without a time may be new');
    assert.deepEqual([tally.attempts, tally.undated, tally.lookedBackTo?.getTime()], [3, 1, NOON - 10 * HOUR]);
  });

  it('counts what couldn’t be read apart', () => {
    const tally = new SignInTally({});
    assert.equal(tally.add([{ unreadable: 7 }, attempt(1)]), false);
    assert.deepEqual([tally.attempts, tally.looked, tally.unreadable], [1, 2, 1]);
  });

  it('keeps the newest 20 failures whole and counts all, with their reasons and organizations, the most frequent first', () => {
    const tally = new SignInTally({});
    tally.add(
      Array.from({ length: 50 }, (_, number) =>
        attempt(number, { status: 'FAILED', organizationId: number % 5 === 0 ? 'org_b' : 'org_a' }),
      ),
    );
    for (let number = 0; number < 40; number++) tally.setReason(`req_${number}`, number < 10 ? 'one' : 'other');
    tally.setReason('req_999', 'of no failure');
    assert.equal(tally.lacksReason('req_3'), false);
    assert.equal(tally.lacksReason('req_45'), true);
    assert.equal(tally.lacksReason('req_999'), false);
    assert.equal(tally.failures.length, 20);
    assert.deepEqual([tally.failures[0]?.id, tally.failures[0]?.reason], ['req_0', 'one']);
    assert.deepEqual(tally.reasons, [
      ['other', 30],
      ['one', 10],
    ]);
    assert.equal(tally.withoutReason, 10);
    assert.deepEqual(tally.failedByOrganization, [
      ['org_a', 40],
      ['org_b', 10],
    ]);
    assert.deepEqual(tally.failureSpan, { start: new Date(NOON - 49 * HOUR), end: new Date(NOON) });
  });
});
