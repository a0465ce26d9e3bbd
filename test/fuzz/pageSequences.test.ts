import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Page } from '../../src/api/page';
import { PagedList, type PageRequest } from '../../src/tree/pagedList';
import { configureRuns, numberOfRuns } from './runs';

configureRuns();

interface Row {
  readonly id: string;
}

type Step =
  | { readonly kind: 'look' | 'more' | 'refresh' | 'both' }
  | { readonly kind: 'fail'; readonly times: number }
  | { readonly kind: 'add' | 'delete' | 'remove'; readonly at: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('look' as const, 'more' as const, 'refresh' as const, 'both' as const) }),
  fc.record({ kind: fc.constant('fail' as const), times: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constantFrom('add' as const, 'delete' as const, 'remove' as const), at: fc.nat({ max: 30 }) }),
);

/** A server that returns rows in pages whose tokens are positions. It may send a token after the last page, or leave out totals. */
class Server {
  rows: Row[];
  failures = 0;
  private next: number;

  constructor(
    count: number,
    private readonly pageSize: number,
    private readonly habits: {
      readonly total: boolean;
      readonly tokenAfterLast: boolean;
      readonly unreadable: boolean;
    },
  ) {
    this.rows = Array.from({ length: count }, (_, index) => ({ id: `r${index}` }));
    this.next = count;
  }

  add(at: number): void {
    this.rows.splice(at % (this.rows.length + 1), 0, { id: `r${this.next++}` });
  }

  async read({ pageToken }: PageRequest): Promise<Page<Row>> {
    if (this.failures > 0) {
      this.failures--;
      throw new Error('the server fails');
    }
    const from = Number(pageToken ?? 0);
    const items = this.rows.slice(from, from + this.pageSize);
    const following =
      from + this.pageSize < this.rows.length || (this.habits.tokenAfterLast && items.length > 0)
        ? String(from + this.pageSize)
        : undefined;
    return {
      items: [
        ...items.map((record) => ({ record })),
        ...(this.habits.unreadable && from === 0 ? [{ unreadable: 7 }] : []),
      ],
      ...(following === undefined ? {} : { nextPageToken: following }),
      ...(this.habits.total && !this.habits.unreadable ? { totalSize: this.rows.length } : {}),
    };
  }
}

async function take(action: Step, list: PagedList<Row>, server: Server, shown: () => string[]): Promise<void> {
  if ('times' in action) {
    server.failures = action.times;
    return;
  }
  if ('at' in action) {
    if (action.kind === 'add') return server.add(action.at);
    if (action.kind === 'delete') return void server.rows.splice(action.at, 1);
    const gone = shown()[action.at];
    server.rows = server.rows.filter(({ id }) => id !== gone);
    list.remove(({ id }) => id === gone);
    assert.ok(gone === undefined || !shown().includes(gone));
    return;
  }
  if (action.kind === 'look') await list.ensureLoaded();
  else if (action.kind === 'more') await list.loadMore();
  else if (action.kind === 'refresh') await list.refresh();
  else await Promise.all([list.refresh(), list.loadMore(), list.ensureLoaded()]);
}

describe('Whatever a person does with a list while others change it,', () => {
  it('no row appears twice, none is invented, and a refresh shows the server’s rows', async () => {
    const habits = fc.record({ total: fc.boolean(), tokenAfterLast: fc.boolean(), unreadable: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 25 }),
        fc.integer({ min: 1, max: 7 }),
        habits,
        fc.array(step, { maxLength: 12 }),
        async (count, pageSize, habit, steps) => {
          const server = new Server(count, pageSize, habit);
          const everServed = new Set(server.rows.map(({ id }) => id));
          const list = new PagedList<Row>(
            (request) => server.read(request),
            () => undefined,
          );
          const shown = (): string[] => list.state.items.flatMap((item) => ('record' in item ? [item.record.id] : []));
          for (const action of steps) {
            await take(action, list, server, shown);
            for (const { id } of server.rows) everServed.add(id);
            assert.equal(new Set(shown()).size, shown().length, 'a row appears twice');
            assert.ok(
              shown().every((id) => everServed.has(id)),
              'a row is invented',
            );
            const { phase, totalSize, hasMore, loadingMore } = list.state;
            assert.ok(totalSize === undefined || totalSize >= 0);
            assert.ok(!(phase === 'ready' && loadingMore), 'it has nothing to wait for');
            assert.ok(phase === 'ready' || !hasMore);
          }
          server.failures = 0;
          const before = shown().length;
          await list.refresh();
          assert.equal(list.state.phase, 'ready');
          const expected = server.rows.map(({ id }) => id).slice(0, shown().length);
          assert.deepEqual(shown(), expected, 'after a refresh, the rows are the server’s first ones');
          assert.ok(shown().length >= Math.min(before > 0 ? 1 : 0, server.rows.length));
          for (let turns = 0; list.state.hasMore; turns++) {
            assert.ok(turns < 40, 'the list never ends');
            await list.loadMore();
          }
          assert.deepEqual(
            shown(),
            server.rows.map(({ id }) => id),
            'read to the end, it is complete',
          );
        },
      ),
      { numRuns: Math.ceil(numberOfRuns() / 3) },
    );
  });
});
