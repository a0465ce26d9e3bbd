import assert from 'node:assert/strict';
import { cancelledError } from '../../../src/api/client/scalekitError';
import type { Page, PageItem } from '../../../src/api/page';
import { PagedList, type PageRequest } from '../../../src/tree/pagedList';
import { deferred, until, type Deferred } from '../../support/until';

interface Row {
  readonly id: string;
  readonly name?: string;
}

describe('PagedList', () => {
  /** What the server has right now. */
  let rows: PageItem<Row>[];
  let pageSize: number;
  let tokenAfterLast: string | undefined;
  let withTotal: boolean;
  let requests: PageRequest[];
  let fault: unknown;
  let gate: Deferred<undefined> | undefined;
  let changes: number;
  let list: PagedList<Row>;

  const row = (id: number | string): PageItem<Row> => ({ record: { id: String(id) } });
  const shown = (): string[] => list.state.items.map((item) => ('record' in item ? item.record.id : 'unreadable'));

  async function read(request: PageRequest): Promise<Page<Row>> {
    requests.push(request);
    if (gate !== undefined) await gate.promise;
    if (request.signal.aborted) throw cancelledError('api');
    if (fault !== undefined) throw fault;
    const from = Number(request.pageToken ?? 0);
    const items = rows.slice(from, from + pageSize);
    const next = from + pageSize < rows.length ? String(from + pageSize) : tokenAfterLast;
    return {
      items,
      ...(next === undefined ? {} : { nextPageToken: next }),
      ...(withTotal ? { totalSize: rows.length } : {}),
    };
  }

  beforeEach(() => {
    rows = [1, 2, 3, 4, 5].map(row);
    pageSize = 2;
    tokenAfterLast = undefined;
    withTotal = true;
    requests = [];
    fault = undefined;
    gate = undefined;
    changes = 0;
    list = new PagedList(read, () => changes++);
  });

  it('doesn’t notify if a change has no effect', async () => {
    await list.ensureLoaded();
    const before = changes;
    list.replace(({ id }) => id === 'none', { id: 'none' });
    list.remove(({ id }) => id === 'none');
    assert.equal(changes, before);
  });

  it('reads nothing until it’s told to', () => {
    assert.equal(requests.length, 0);
    assert.deepEqual(list.state, { items: [], phase: 'idle', hasMore: false, loadingMore: false });
  });

  it('shows newer rows from the cache without bypassing it', async () => {
    await list.ensureLoaded();
    await list.loadMore();
    rows.splice(0, 1);
    requests[0]?.onNewer();
    await until('the newer rows', () => shown()[0] === '2');
    assert.deepEqual(shown(), ['2', '3', '4', '5']);
    assert.deepEqual(
      requests.slice(2).map(({ pageToken, fresh }) => [pageToken, fresh]),
      [
        [undefined, false],
        ['2', false],
      ],
    );
    list.dispose();
    requests[0]?.onNewer();
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(requests.length, 4, 'a list that is no longer shown reads nothing');
  });

  it('loads the first page once', async () => {
    await Promise.all([list.ensureLoaded(), list.ensureLoaded()]);
    await list.ensureLoaded();
    assert.deepEqual(shown(), ['1', '2']);
    assert.equal(requests.length, 1);
    assert.equal(requests[0]?.fresh, false);
    assert.equal(list.state.totalSize, 5);
    assert.equal(list.state.hasMore, true);
  });

  it('notifies when it starts loading and when it’s ready', async () => {
    gate = deferred();
    const phases: string[] = [];
    list = new PagedList(read, () => phases.push(list.state.phase));
    const loading = list.ensureLoaded();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(phases, ['loading']);
    gate.resolve(undefined);
    await loading;
    assert.deepEqual(phases, ['loading', 'ready']);
  });

  it('reads once even if a listener calls ensureLoaded() while it loads', async () => {
    list = new PagedList(read, () => void list.ensureLoaded());
    await list.ensureLoaded();
    assert.equal(requests.length, 1);
    assert.deepEqual(shown(), ['1', '2']);
  });

  it('loads page by page to the end', async () => {
    await list.ensureLoaded();
    await list.loadMore();
    assert.deepEqual(shown(), ['1', '2', '3', '4']);
    await list.loadMore();
    assert.deepEqual(shown(), ['1', '2', '3', '4', '5']);
    assert.equal(list.state.hasMore, false);
    await list.loadMore();
    assert.equal(requests.length, 3);
  });

  it('reads one page if Load More is pressed twice', async () => {
    await list.ensureLoaded();
    await Promise.all([list.loadMore(), list.loadMore()]);
    assert.equal(requests.length, 2);
    assert.deepEqual(shown(), ['1', '2', '3', '4']);
  });

  it('shows its rows without waiting while more are loading', async () => {
    await list.ensureLoaded();
    gate = deferred();
    const more = list.loadMore();
    await list.ensureLoaded();
    assert.equal(list.state.loadingMore, true);
    assert.deepEqual(shown(), ['1', '2']);
    gate.resolve(undefined);
    await more;
    assert.equal(list.state.loadingMore, false);
  });

  it('continues while there’s a token, even after the total is reached, and ends with an empty page', async () => {
    tokenAfterLast = '6';
    await list.ensureLoaded();
    await list.loadMore();
    await list.loadMore();
    assert.equal(list.state.hasMore, true);
    assert.equal(list.state.totalSize, undefined, 'nobody knows it while there may be more');
    await list.loadMore();
    assert.equal(list.state.hasMore, false);
    assert.deepEqual(shown(), ['1', '2', '3', '4', '5']);
    assert.equal(list.state.totalSize, 5);
  });

  describe('of a server that pages in unusual ways', () => {
    /** Pages by token. The first has none. */
    let pages: Record<string, Page<Row>>;

    const readAll = async (): Promise<void> => {
      await list.ensureLoaded();
      for (let turns = 0; list.state.hasMore; turns++) {
        assert.ok(turns < 20, 'the list never ends');
        await list.loadMore();
      }
    };
    const items = (...ids: number[]): PageItem<Row>[] => ids.map(row);

    beforeEach(() => {
      list = new PagedList(
        async (request) => {
          requests.push(request);
          return pages[request.pageToken ?? ''] ?? assert.fail(`there is no page ${request.pageToken}`);
        },
        () => undefined,
      );
    });

    it('reads all pages if the total counts only one page, and ignores that total', async () => {
      pages = {
        '': { items: items(1, 2), totalSize: 2, nextPageToken: 'b' },
        b: { items: items(3, 4), totalSize: 2, nextPageToken: 'c' },
        c: { items: items(5), totalSize: 1 },
      };
      await list.ensureLoaded();
      assert.deepEqual([list.state.hasMore, list.state.totalSize], [true, undefined]);
      await readAll();
      assert.deepEqual(shown(), ['1', '2', '3', '4', '5']);
      assert.equal(list.state.totalSize, 5);
    });

    for (const total of [undefined, 0, 2, 4, 150]) {
      it(`continues past empty pages in the middle, with a total of ${total}`, async () => {
        const page = (...ids: number[]): Page<Row> => ({
          items: items(...ids),
          ...(total === undefined ? {} : { totalSize: total }),
        });
        pages = {
          '': { ...page(1, 2), nextPageToken: 'b' },
          b: { ...page(), nextPageToken: 'c' },
          c: { ...page(), nextPageToken: 'd' },
          d: page(3, 4),
        };
        await list.ensureLoaded();
        assert.equal(list.state.hasMore, true);
        await list.loadMore();
        assert.deepEqual(shown(), ['1', '2', '3', '4']);
        assert.equal(list.state.hasMore, false);
      });
    }

    it('shows the first rows even if the first pages are empty', async () => {
      pages = {
        '': { items: [], totalSize: 0, nextPageToken: 'b' },
        b: { items: [], nextPageToken: 'c' },
        c: { items: items(1) },
      };
      await list.ensureLoaded();
      assert.deepEqual(shown(), ['1']);
    });

    for (const [what, circle, reads] of [
      ['two pages', ['b', 'c', 'b'], 3],
      ['three pages', ['b', 'c', 'd', 'b'], 4],
      ['one page', ['b', 'c', 'c'], 3],
    ] as const) {
      it(`ends if the tokens form a loop of ${what}`, async () => {
        pages = { '': { items: items(0), totalSize: 150, nextPageToken: 'b' } };
        circle
          .slice(0, -1)
          .forEach(
            (token, index) =>
              (pages[token] = { items: items(index + 1), totalSize: 150, nextPageToken: circle[index + 1] }),
          );
        await readAll();
        assert.equal(requests.length, reads);
        await list.refresh();
        await readAll();
        assert.equal(shown().length, reads, 'and is whole again after a refresh');
      });
    }

    it('ends if each page leads to another one with nothing new', async () => {
      list = new PagedList(
        async (request) => {
          requests.push(request);
          return { items: items(1, 2), nextPageToken: `token ${requests.length}` };
        },
        () => undefined,
      );
      await readAll();
      assert.deepEqual(shown(), ['1', '2']);
      assert.equal(requests.length, 11);
    });

    it('continues from the page that failed', async () => {
      pages = { '': { items: items(1), nextPageToken: 'b' }, b: { items: [], nextPageToken: 'c' } };
      await list.ensureLoaded();
      await list.loadMore();
      assert.ok(list.state.moreError !== undefined);
      pages['c'] = { items: items(2), nextPageToken: 'd' };
      pages['d'] = { items: items(3) };
      await readAll();
      assert.deepEqual(shown(), ['1', '2', '3']);
    });

    it('shows a filtered page even if it’s empty, and waits for Load More', async () => {
      pages = { '': { items: [], nextPageToken: 'b', mayBeEmpty: true }, b: { items: items(1) } };
      await list.ensureLoaded();
      assert.equal(requests.length, 1);
      assert.equal(list.state.hasMore, true);
      await list.loadMore();
      assert.deepEqual(shown(), ['1']);
    });
  });

  it('ends with an empty page if the server sends a token after the last page', async () => {
    tokenAfterLast = '6';
    withTotal = false;
    await list.ensureLoaded();
    for (let page = 0; page < 3; page++) await list.loadMore();
    assert.equal(requests.length, 4);
    assert.equal(list.state.hasMore, false);
    assert.equal(shown().length, 5);
  });

  it('ends if the server sends the same token again', async () => {
    list = new PagedList(
      async (request) => {
        requests.push(request);
        return { items: [row(requests.length)], nextPageToken: 'same' };
      },
      () => undefined,
    );
    await list.ensureLoaded();
    await list.loadMore();
    assert.equal(list.state.hasMore, false);
    assert.deepEqual(shown(), ['1', '2']);
  });

  it('is ready if there are no rows', async () => {
    rows = [];
    await list.ensureLoaded();
    assert.deepEqual(list.state, { items: [], phase: 'ready', totalSize: 0, hasMore: false, loadingMore: false });
  });

  it('shows that the first page failed until a refresh succeeds', async () => {
    fault = new Error('offline');
    await list.ensureLoaded();
    assert.equal(list.state.phase, 'failed');
    assert.equal(list.state.error, fault);
    await list.ensureLoaded();
    assert.equal(requests.length, 1);
    fault = undefined;
    await list.refresh();
    assert.equal(list.state.phase, 'ready');
    assert.equal(list.state.error, undefined);
    assert.deepEqual(shown(), ['1', '2']);
  });

  it('keeps its rows if loading more fails, and continues from there', async () => {
    await list.ensureLoaded();
    fault = new Error('offline');
    await list.loadMore();
    assert.deepEqual(shown(), ['1', '2']);
    assert.equal(list.state.moreError, fault);
    assert.equal(list.state.refreshError, undefined);
    assert.equal(list.state.hasMore, true);
    assert.equal(list.state.loadingMore, false);
    fault = undefined;
    await list.loadMore();
    assert.equal(list.state.moreError, undefined);
    assert.deepEqual(shown(), ['1', '2', '3', '4']);
  });

  it('refreshes all its pages, bypassing the cache, and keeps the old rows until then', async () => {
    await list.ensureLoaded();
    await list.loadMore();
    rows = [9, 8, 7, 6, 5].map(row);
    gate = deferred();
    const before = requests.length;
    const refreshing = list.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(shown(), ['1', '2', '3', '4']);
    assert.equal(list.state.phase, 'ready');
    gate.resolve(undefined);
    await refreshing;
    assert.deepEqual(shown(), ['9', '8', '7', '6']);
    assert.deepEqual(
      requests.slice(before).map(({ fresh, pageToken }) => [fresh, pageToken]),
      [
        [true, undefined],
        [true, '2'],
      ],
    );
    await list.loadMore();
    assert.deepEqual(shown(), ['9', '8', '7', '6', '5']);
  });

  it('keeps its rows if a refresh fails', async () => {
    await list.ensureLoaded();
    fault = new Error('offline');
    await list.refresh();
    assert.deepEqual(shown(), ['1', '2']);
    assert.equal(list.state.refreshError, fault);
    assert.equal(list.state.moreError, undefined);
    fault = undefined;
    await list.refresh();
    assert.equal(list.state.refreshError, undefined);
  });

  it('refreshes once if Refresh is pressed twice', async () => {
    await list.ensureLoaded();
    await Promise.all([list.refresh(), list.refresh()]);
    assert.equal(requests.length, 2);
  });

  it('refreshes after Load More if that’s still running', async () => {
    await list.ensureLoaded();
    gate = deferred();
    const more = list.loadMore();
    const refreshing = list.refresh();
    gate.resolve(undefined);
    await Promise.all([more, refreshing]);
    assert.deepEqual(
      requests.map(({ fresh, pageToken }) => [fresh, pageToken]),
      [
        [false, undefined],
        [false, '2'],
        [true, undefined],
        [true, '2'],
      ],
    );
    assert.deepEqual(shown(), ['1', '2', '3', '4']);
  });

  describe('refreshed after a change', () => {
    it('reads from the server', async () => {
      await list.ensureLoaded();
      rows = [9, 8].map(row);
      await list.refreshAfterChange();
      assert.deepEqual(shown(), ['9', '8']);
      assert.deepEqual(
        requests.map(({ fresh }) => fresh),
        [false, true],
      );
    });

    it('reads once more if a refresh is running, because its response may predate the change', async () => {
      const slow = deferred<undefined>();
      let isSlow = false;
      list = new PagedList(
        async (request) => {
          const page = await read(request);
          if (isSlow) await slow.promise;
          return page;
        },
        () => undefined,
      );
      await list.ensureLoaded();
      isSlow = true;
      const before = list.refresh();
      await until('it is asked for', () => requests.length === 2);
      isSlow = false;
      rows = [row('changed'), ...rows.slice(1)];
      const after = [list.refreshAfterChange(), list.refreshAfterChange(), list.refreshAfterChange()];
      slow.resolve(undefined);
      await before;
      assert.deepEqual(shown(), ['1', '2']);
      await Promise.all(after);
      assert.deepEqual(shown(), ['changed', '2']);
      assert.equal(requests.length, 3, 'those who wait share one further reading');
    });

    it('reads once more for each change that’s made during such a read', async () => {
      await list.ensureLoaded();
      gate = deferred();
      const first = list.refreshAfterChange();
      await until('it is asked for', () => requests.length === 2);
      const second = list.refreshAfterChange();
      const { resolve } = gate;
      gate = deferred();
      resolve(undefined);
      await first;
      await until('it is asked for again', () => requests.length === 3);
      const third = list.refreshAfterChange();
      gate.resolve(undefined);
      await Promise.all([second, third]);
      assert.deepEqual(
        requests.map(({ fresh }) => fresh),
        [false, true, true, true],
      );
    });

    it('reads from the server even while it shows what the cache has', async () => {
      await list.ensureLoaded();
      gate = deferred();
      requests[0]?.onNewer();
      await until('the cache is asked', () => requests.length === 2);
      const [refreshing, changed] = [list.refresh(), list.refreshAfterChange()];
      gate.resolve(undefined);
      await Promise.all([refreshing, changed]);
      assert.deepEqual(
        requests.map(({ fresh }) => fresh),
        [false, false, true],
      );
    });
  });

  it('shows a record once if it has moved to the next page', async () => {
    await list.ensureLoaded();
    rows = [row('new'), ...rows];
    await list.loadMore();
    assert.deepEqual(shown(), ['1', '2', '3']);
  });

  it('shows a record once if it moves during a refresh or is on one page twice', async () => {
    await list.ensureLoaded();
    await list.loadMore();
    const reading = read;
    list = new PagedList(
      async (request) => {
        const page = await reading(request);
        rows = [row(`new ${requests.length}`), ...rows];
        return page;
      },
      () => undefined,
    );
    await list.ensureLoaded();
    await list.loadMore();
    await list.refresh();
    assert.deepEqual(shown(), [...new Set(shown())]);

    rows = [row(1), row(1), row(2)];
    pageSize = 3;
    list = new PagedList(read, () => undefined);
    await list.ensureLoaded();
    assert.deepEqual(shown(), ['1', '2']);
  });

  describe('with a record that’s changed or removed while pages are read', () => {
    const named = (): string[] =>
      list.state.items.map((item) => ('record' in item ? `${item.record.id}${item.record.name ?? ''}` : 'unreadable'));
    const is = (id: string) => (record: Row) => record.id === id;

    for (const [what, start] of [
      ['refreshing', () => list.refresh()],
      ['loading more', () => list.loadMore()],
    ] as const) {
      it(`never shows the old version after ${what}`, async () => {
        await list.ensureLoaded();
        gate = deferred();
        const running = start();
        await new Promise((resolve) => setImmediate(resolve));
        list.replace(is('1'), { id: '1', name: ' new' });
        list.remove(is('2'));
        assert.deepEqual(named(), ['1 new']);
        gate.resolve(undefined);
        await running;
        assert.deepEqual(named().slice(0, 1), ['1 new']);
        assert.ok(!shown().includes('2'));
        assert.equal(list.state.totalSize, 4);
      });
    }

    it('shows the version of a page that was requested later', async () => {
      await list.ensureLoaded();
      await list.loadMore();
      list.replace(is('1'), { id: '1', name: ' by me' });
      rows = [{ record: { id: '1', name: ' by another' } }, ...rows.slice(1)];
      await list.refresh();
      assert.deepEqual(named(), ['1 by another', '2', '3', '4']);
    });

    it('shows the change even if the first page was being read', async () => {
      gate = deferred();
      const loading = list.ensureLoaded();
      await new Promise((resolve) => setImmediate(resolve));
      list.replace(is('2'), { id: '2', name: ' new' });
      gate.resolve(undefined);
      await loading;
      assert.deepEqual(named(), ['1', '2 new']);
    });
  });

  it('reads each page once more if Refresh is pressed ten times', async () => {
    await list.ensureLoaded();
    await list.loadMore();
    await Promise.all(Array.from({ length: 10 }, () => list.refresh()));
    assert.equal(requests.length, 4);
  });

  it('keeps every record that can’t be read', async () => {
    rows = [row(1), { unreadable: null }, { unreadable: null }, row(2)];
    await list.ensureLoaded();
    await list.loadMore();
    assert.deepEqual(shown(), ['1', 'unreadable', 'unreadable', '2']);
    assert.equal(list.state.hasMore, false);
  });

  it('loads nothing more after it’s disposed', async () => {
    await list.ensureLoaded();
    list.dispose();
    await list.loadMore();
    assert.equal(requests.length, 1);
    list = new PagedList(read, () => undefined);
    await list.ensureLoaded();
    const more = list.loadMore();
    list.dispose();
    await more;
    await list.loadMore();
    assert.equal(list.state.loadingMore, false);
    assert.equal(requests.length, 3, 'what is under way is given up, and nothing is asked for after it');
  });

  it('aborts its request and stops notifying when it’s disposed', async () => {
    gate = deferred();
    const loading = list.ensureLoaded();
    await new Promise((resolve) => setImmediate(resolve));
    const before = changes;
    list.dispose();
    assert.equal(requests[0]?.signal.aborted, true);
    gate.resolve(undefined);
    await loading;
    assert.equal(changes, before);
    assert.deepEqual(shown(), []);
  });
});
