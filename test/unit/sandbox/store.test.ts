import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SeededRandom } from '../../../src/sandbox/random';
import { Collection } from '../../../src/sandbox/store/collection';
import { IdSeries } from '../../../src/sandbox/store/idSeries';
import { OwnedCollection } from '../../../src/sandbox/store/ownedCollection';
import { listingOf, page } from '../../../src/sandbox/store/pages';
import { CompanyNames, personName } from '../../../src/sandbox/store/sampleNames';
import { Shares } from '../../../src/sandbox/store/shares';

describe('an id series', () => {
  const ids = new IdSeries('org_', '64444', 217115541813, 7919);

  it('starts with the ID in Scalekit’s guide, and finds the position of every ID', () => {
    assert.equal(ids.idAt(0), 'org_64444217115541813');
    fc.assert(fc.property(fc.nat(10_000_000), (position) => ids.positionOf(ids.idAt(position)) === position));
  });

  it('doesn’t recognize other IDs', () => {
    for (const id of [
      '',
      'org_',
      'org_1',
      'org_64444217115541814',
      'org_64444217115533894',
      'usr_64444217115541813',
      'org_64444217115541813 ',
      'org_6444421711554181３',
    ]) {
      assert.equal(ids.positionOf(id), undefined, id);
    }
  });
});

describe('a collection', () => {
  it('finds each object by its ID, given or made, and gives no ID twice', () => {
    const ids = new IdSeries('org_', '1', 0, 7);
    const givenId = fc.option(
      fc.oneof(
        fc.constantFrom('org_x', 'org_y', 'org_z'),
        fc.nat(6).map((position) => ids.idAt(position)),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(givenId, { maxLength: 10, selector: (id) => id ?? Symbol('made') }),
        fc.nat(9),
        (given, deleted) => {
          const collection = new Collection<{ id: string }>(ids, { count: 0, make: () => assert.fail('no samples') });
          collection.reserve(given.flatMap((id) => id ?? []));
          const added = given.map((id) => collection.add((made) => ({ id: made }), id).id);
          assert.equal(new Set(added).size, added.length);
          given.forEach((id, index) => assert.equal(added[index], id ?? added[index]));
          const [gone] = added.splice(deleted, 1);
          if (gone !== undefined) assert.ok(collection.delete(gone) && collection.get(gone) === undefined);
          const next = collection.add((id) => ({ id })).id;
          assert.ok(next !== gone && !added.includes(next));
          for (const id of [...added, next]) assert.equal(collection.get(id)?.id, id);
          assert.deepEqual(
            [...collection.after(-1)].map(([, { id }]) => id),
            [...added, next],
          );
          assert.equal(collection.size, added.length + 1);
        },
      ),
    );
  });
});

describe('shares', () => {
  it('give each object exactly one owner, in order', () => {
    const shares = new Shares([3, 0, 2, 1]);
    const owners: number[] = [];
    for (let object = 0; object < shares.startOf(8); object++) {
      const { organization, index } = shares.ownerOf(object);
      assert.equal(shares.startOf(organization) + index, object);
      owners.push(organization);
    }
    assert.deepEqual(owners, [0, 0, 0, 2, 2, 3, 4, 4, 4, 6, 6, 7]);
  });

  it('may give the first owner a different number, which shifts the others', () => {
    for (const first of [0, 1, 3, 5, 20_000]) {
      const shares = new Shares([3, 0, 2, 1], first);
      assert.deepEqual(
        [0, 1, 2, 3, 4, 5].map((owner) => shares.startOf(owner)),
        [0, first, first, first + 2, first + 3, first + 6],
      );
      for (let object = 0; object < shares.startOf(8); object++) {
        const { organization, index } = shares.ownerOf(object);
        assert.equal(shares.startOf(organization) + index, object);
        assert.ok(object < shares.startOf(organization + 1));
      }
    }
  });

  it('may begin or end with owners that have nothing', () => {
    const shares = new Shares([0, 2, 0]);
    assert.deepEqual(
      [0, 1, 2, 3].map((object) => shares.ownerOf(object).organization),
      [1, 1, 4, 4],
    );
  });
});

describe('a collection', () => {
  const make = () =>
    new Collection(new IdSeries('x_', '', 0, 3), { count: 5, make: (position) => ({ name: `sample ${position}` }) });
  const names = (collection: Collection<{ name: string }>) => [...collection.after(-1)].map(([, { name }]) => name);

  it('applies changes, deletions and additions to the samples', () => {
    const collection = make();
    collection.set(collection.ids.idAt(1), { name: 'changed' });
    assert.equal(collection.delete(collection.ids.idAt(2)), true);
    assert.equal(collection.delete(collection.ids.idAt(2)), false);
    collection.add(() => ({ name: 'added' }));
    assert.deepEqual(names(collection), ['sample 0', 'changed', 'sample 3', 'sample 4', 'added']);
    assert.deepEqual(
      [...collection.before(4)].map(([position]) => position),
      [3, 1, 0],
    );
    assert.equal(collection.size, 5);
    assert.equal(collection.get(collection.ids.idAt(2)), undefined);
    assert.throws(() => collection.set(collection.ids.idAt(2), { name: 'risen' }), RangeError);
  });

  it('never reuses the ID of a deleted object', () => {
    const collection = make();
    let added = '';
    collection.add((id) => ({ name: (added = id) }));
    collection.delete(added);
    collection.add((id) => {
      assert.notEqual(id, added);
      return { name: 'other' };
    });
  });
});

describe('an owned collection', () => {
  it('lists an organization’s objects, samples first, and deletes them with the organization', () => {
    const owners = { ids: new IdSeries('o_', '', 0, 1), sampleCount: 3 };
    const collection = new OwnedCollection(
      new IdSeries('c_', '', 0, 1),
      owners,
      new Shares([2, 1]),
      (id, { organizationId, index }) => ({ id, organizationId, index }),
    );
    const first = owners.ids.idAt(0);
    const stranger = owners.ids.idAt(7);
    const added = collection.add((id) => ({ id, organizationId: first, index: -1 }));
    collection.add((id) => ({ id, organizationId: stranger, index: -2 }));
    assert.deepEqual(
      collection.of(first).map(({ index }) => index),
      [0, 1, -1],
    );
    assert.deepEqual(
      collection.of(stranger).map(({ index }) => index),
      [-2],
    );
    assert.equal(collection.getOf(stranger, added.id), undefined);
    collection.deleteOf(first, ({ id }) => id);
    assert.deepEqual(collection.of(first), []);
    assert.equal(collection.size, 4);
  });
});

describe('pages', () => {
  const values = Array.from({ length: 23 }, (_, index) => index);

  it('cover a list exactly once, whatever their size, forward and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 60 }), (pageSize, length) => {
        const list = listingOf(Array.from({ length }, (_, index) => index));
        const pages: number[][] = [];
        let pageToken = '';
        let last;
        do {
          last = page(list, { pageSize, pageToken }, 's');
          pages.push(last.items);
          pageToken = last.nextPageToken;
        } while (pageToken !== '');
        assert.deepEqual(
          pages.flat(),
          Array.from({ length }, (_, index) => index),
        );
        for (let at = pages.length - 2; at >= 0; at--) {
          last = page(list, { pageSize, pageToken: last.prevPageToken }, 's');
          assert.deepEqual(last.items, pages[at]);
        }
        assert.equal(last.prevPageToken, '');
      }),
    );
  });

  it('continue at the same place if earlier objects are deleted', () => {
    const collection = new Collection(new IdSeries('x_', '', 0, 1), { count: 10, make: (position) => ({ position }) });
    const first = page(collection, { pageSize: 4, pageToken: '' }, 's');
    for (const position of [0, 3, 4]) collection.delete(collection.ids.idAt(position));
    const second = page(collection, { pageSize: 4, pageToken: first.nextPageToken }, 's');
    assert.deepEqual(
      second.items.map(({ position }) => position),
      [5, 6, 7, 8],
    );
    assert.equal(second.totalSize, 7);
  });

  it('have opaque tokens that are valid only for one list', () => {
    const { nextPageToken } = page(listingOf(values), { pageSize: 5, pageToken: '' }, 'one');
    assert.match(nextPageToken, /^>:[A-Za-z0-9+/]+=*$/);
    assert.throws(
      () => page(listingOf(values), { pageSize: 5, pageToken: nextPageToken }, 'other'),
      /invalid page token/,
    );
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (token) => {
        assert.throws(() => page(listingOf(values), { pageSize: 5, pageToken: token }, 'one'), /invalid page token/);
      }),
    );
  });

  it('have 10 items by default and 100 at most', () => {
    const long = listingOf(Array.from({ length: 300 }, (_, index) => index));
    for (const [pageSize, length] of [
      [0, 10],
      [-5, 1],
      [101, 100],
      [1e9, 100],
    ] as const) {
      assert.equal(page(long, { pageSize, pageToken: '' }, 's').items.length, length);
    }
  });
});

describe('sample names', () => {
  it('never repeat, and can be found by their slug', () => {
    const names = new CompanyNames(new SeededRandom(3));
    const slugs = new Set<string>();
    for (let position = 0; position < 5_000; position++) {
      const { slug } = names.at(position);
      slugs.add(slug);
      assert.equal(names.positionOf(slug), position);
    }
    assert.equal(slugs.size, 5_000);
    for (const slug of ['', 'acme', 'acme-logistics-1', 'acme-logistics-02', 'looneycorp-2'])
      assert.equal(names.positionOf(slug), undefined, slug);
  });

  it('become mailboxes of plain letters', () => {
    const seed = new SeededRandom(3);
    for (let position = 0; position < 1_000; position++)
      assert.match(personName(seed, position).mailbox, /^[a-z]+\.[a-z]+$/);
  });

  it('are chosen evenly', () => {
    const counts = [0, 0, 0, 0];
    const seed = new SeededRandom(9);
    for (let index = 0; index < 40_000; index++) {
      const at = seed.number(4, 'k', index);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, counts.join());
  });
});
