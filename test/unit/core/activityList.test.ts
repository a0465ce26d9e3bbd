import assert from 'node:assert/strict';
import { RecentActivity, type ActivityEntry } from '../../../src/core/activityList';

const entry = (time: number): ActivityEntry => ({
  time,
  label: `GET /${time} · 200`,
  failed: false,
  sentence: '',
  details: [],
});

describe('a list of recent activity', () => {
  let shown: ActivityEntry[];
  let list: RecentActivity<ActivityEntry>;
  const times = (): number[] => list.entries.map(({ time }) => time);

  beforeEach(() => {
    shown = [];
    list = new RecentActivity({
      id: 'requests',
      label: 'Requests',
      icon: 'arrow-up',
      show: async (each) => void shown.push(each),
    });
  });

  it('shows the newest entry first, and of equal times the one that was added last', () => {
    for (const time of [2, 5, 3, 1, 4]) list.add(entry(time));
    assert.deepEqual(times(), [5, 4, 3, 2, 1]);
    const last = entry(5);
    list.add(last);
    assert.equal(list.entries[0], last);
  });

  it('keeps the newest 200 entries', () => {
    for (let time = 1; time <= 250; time++) list.add(entry(time));
    assert.deepEqual([list.entries.length, times()[0], times().at(-1)], [200, 250, 51]);
    list.add(entry(1));
    assert.equal(times().at(-1), 51, 'one that is older than all of them');
  });

  it('notifies of each change until the listener is disposed', () => {
    let changes = 0;
    const listening = list.onDidChange(() => changes++);
    list.add(entry(1));
    list.add(entry(2));
    list.clear();
    assert.equal(changes, 3);
    listening.dispose();
    list.add(entry(3));
    assert.equal(changes, 3);
  });

  it('opens its own entries, but no cleared ones and none of another list', async () => {
    const known = entry(1);
    list.add(known);
    await list.open(known);
    await list.open(entry(1));
    assert.deepEqual(shown, [known]);
    list.clear();
    assert.deepEqual(list.entries, []);
    await list.open(known);
    assert.equal(shown.length, 1);
  });
});
