import assert from 'node:assert/strict';
import { findRecord, pagesFrom, readPage, records, type Page } from '../../../src/api/page';

interface Row {
  readonly id?: string;
}

describe('The total of a page', () => {
  const read = (json: unknown): Page<Row> =>
    readPage(json, 'rows', (value) => (typeof value === 'string' ? { id: value } : undefined));
  for (const [what, json, total] of [
    ['the size of the list', { rows: ['a', 'b'], total_size: 250, next_page_token: 'n' }, 250],
    ['the size of the only page', { rows: ['a', 'b'], total_size: 2 }, 2],
    ['the size of an empty list', { rows: [], total_size: 0 }, 0],
    ['the size of a page that isn’t the last', { rows: ['a', 'b'], total_size: 2, next_page_token: 'n' }, undefined],
    ['the size of an empty page that isn’t the last', { rows: [], total_size: 0, next_page_token: 'n' }, undefined],
    ['less than the size of the page', { rows: ['a', 'b'], total_size: 0 }, undefined],
    ['something that isn’t a number', { rows: ['a'], total_size: 'many' }, undefined],
  ] as const) {
    it(`is ${total} if the server sends ${what}`, () => {
      assert.equal(read(json).totalSize, total);
    });
  }
});

describe('the pages of a list', () => {
  async function ids(
    pages: Record<string, { readonly ids: readonly (string | undefined)[]; readonly next?: string }>,
  ): Promise<(string | undefined)[]> {
    const found: (string | undefined)[] = [];
    let reads = 0;
    const read = async (token = ''): Promise<Page<Row>> => {
      assert.ok(++reads < 30, 'it never ends');
      const page = pages[token] ?? assert.fail(`there is no page ${token}`);
      return { items: page.ids.map((id) => ({ record: id === undefined ? {} : { id } })), nextPageToken: page.next };
    };
    for await (const page of pagesFrom(read))
      found.push(...page.items.flatMap((item) => ('record' in item ? [item.record.id] : [])));
    return found;
  }

  it('continue after an empty one', async () => {
    assert.deepEqual(await ids({ '': { ids: ['a'], next: 'b' }, b: { ids: [], next: 'c' }, c: { ids: ['z'] } }), [
      'a',
      'z',
    ]);
  });

  it('end when a token is repeated', async () => {
    assert.deepEqual(
      await ids({ '': { ids: ['a'], next: 'b' }, b: { ids: ['b'], next: 'c' }, c: { ids: ['c'], next: 'b' } }),
      ['a', 'b', 'c'],
    );
  });

  it('contain each record once, and every record without an ID', async () => {
    assert.deepEqual(
      await ids({ '': { ids: ['a', '', undefined], next: 'b' }, b: { ids: ['a', '', undefined, 'b'] } }),
      ['a', '', undefined, '', undefined, 'b'],
    );
  });

  it('end after ten without a new record', async () => {
    let reads = 0;
    const read = async (): Promise<Page<Row>> => ({ items: [{ record: { id: 'a' } }], nextPageToken: String(++reads) });
    const pages: number[] = [];
    for await (const { items } of pagesFrom(read)) pages.push(items.length);
    assert.deepEqual(pages, [1, ...Array.from({ length: 10 }, () => 0)]);
  });
});

describe('the records of a list', () => {
  /** An endless list: page 0 has `a0`, page 1 has `a1`, and each page also has a record that can't be read. */
  const asked: string[] = [];
  const read = async ({ pageToken = '0' }: { readonly pageToken?: string }): Promise<Page<Row>> => {
    asked.push(pageToken);
    const items = [{ unreadable: null }, { record: { id: `a${pageToken}` } }];
    return { items, nextPageToken: String(Number(pageToken) + 1) };
  };

  beforeEach(() => void (asked.length = 0));

  it('are only those that can be read', async () => assert.deepEqual(records(await read({})), [{ id: 'a0' }]));

  it('are searched page by page until one matches', async () => {
    assert.deepEqual(await findRecord(read, ({ id }) => id === 'a2'), { id: 'a2' });
    assert.deepEqual(asked, ['0', '1', '2']);
  });

  it('are searched on ten pages at most', async () => {
    assert.deepEqual(await findRecord(read, ({ id }) => id === 'a9'), { id: 'a9' });
    assert.equal(asked.length, 10);
    assert.equal(await findRecord(read, ({ id }) => id === 'a10'), undefined);
    assert.equal(asked.length, 20);
  });
});
