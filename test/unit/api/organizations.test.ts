import assert from 'node:assert/strict';
import { readCount, readTime } from '../../../src/api/json';
import { nodeFetch } from '../../../src/api/client/nodeFetch';
import {
  getOrganizationJson,
  isSearchable,
  listOrganizations,
  readOrganization,
  searchOrganizations,
  searchQuery,
} from '../../../src/api/organizations';
import { readPage } from '../../../src/api/page';
import { pathSegment, ScalekitClient } from '../../../src/api/client/scalekitClient';
import { ScalekitError } from '../../../src/api/client/scalekitError';
import { TokenSource } from '../../../src/api/client/tokenSource';
import { createTransport } from '../../../src/api/client/transport';
import { listOrganizationUsers, searchOrganizationUsers } from '../../../src/api/users';
import { sendJson, startHttpServer, type HttpServer } from '../../support/httpServer';
import { rejection } from '../../support/scalekitErrors';

const FULL = {
  id: 'org_64444217115541813',
  create_time: '2025-03-20T13:55:46.690Z',
  update_time: '2025-03-21T05:55:03.416772Z',
  display_name: 'Looney Corp',
  region_code: 'US',
  external_id: 'my_unique_id',
  metadata: { plan: 'team', odd: 7 },
  settings: { features: [{ name: 'sso', enabled: true }, { name: 'dir_sync', enabled: false }, 'x'] },
  slug: 'looney',
  logo_url: 'https://example.com/logo.png',
};

describe('readOrganization', () => {
  it('reads every field', () => {
    assert.deepEqual(readOrganization(FULL), {
      id: 'org_64444217115541813',
      displayName: 'Looney Corp',
      externalId: 'my_unique_id',
      createTime: '2025-03-20T13:55:46.690Z',
      updateTime: '2025-03-21T05:55:03.416772Z',
      regionCode: 'US',
      slug: 'looney',
      logoUrl: 'https://example.com/logo.png',
      metadata: { plan: 'team' },
      features: [
        { name: 'sso', enabled: true },
        { name: 'dir_sync', enabled: false },
      ],
    });
  });

  it('accepts a record with nothing but an ID', () => {
    const organization = readOrganization({ id: 'org_1' });
    assert.equal(organization?.id, 'org_1');
    assert.deepEqual(organization?.metadata, {});
    for (const field of ['displayName', 'externalId', 'createTime', 'features'] as const)
      assert.equal(organization?.[field], undefined);
  });

  it('ignores unknown fields', () => {
    assert.equal(readOrganization({ ...FULL, brand_new: { deep: [1] } })?.displayName, 'Looney Corp');
  });

  it('treats empty texts and the time 0001-01-01 as absent', () => {
    const organization = readOrganization({
      id: 'org_1',
      display_name: '',
      external_id: '',
      create_time: '0001-01-01T00:00:00Z',
      update_time: '',
    });
    for (const field of ['displayName', 'externalId', 'updateTime'] as const)
      assert.equal(organization?.[field], undefined, field);
    assert.equal(readTime(organization?.createTime), undefined);
  });

  it('treats fields of the wrong type as absent', () => {
    for (const value of [null, 7, [], {}, true]) {
      const organization = readOrganization({
        id: 'org_1',
        display_name: value,
        create_time: value,
        metadata: value,
        settings: value,
        slug: value,
      });
      assert.equal(organization?.id, 'org_1');
      assert.equal(organization?.displayName, undefined);
    }
  });

  it('refuses a record without an ID', () => {
    for (const value of [null, undefined, 'org_1', 7, [], {}, { id: '' }, { id: 7 }, { display_name: 'x' }])
      assert.equal(readOrganization(value), undefined);
  });
});

describe('readTime and readCount', () => {
  it('read fractions of 0, 3, 6 and 9 digits', () => {
    for (const fraction of ['', '.690', '.416772', '.823707848'])
      assert.equal(readTime(`2025-03-20T13:55:46${fraction}Z`)?.getUTCFullYear(), 2025, fraction);
  });

  it('read 64-bit numbers from text, and no negative or broken ones', () => {
    assert.equal(readCount('3600'), 3600);
    assert.equal(readCount(0), 0);
    for (const value of [-1, 1.5, '-1', '1e3', '', null, NaN, Infinity, '99999999999999999999'])
      assert.equal(readCount(value), undefined, String(value));
  });
});

describe('readPage', () => {
  const page = (json: unknown): ReturnType<typeof readPage<unknown>> =>
    readPage(json, 'organizations', readOrganization);

  it('reads items, token and total', () => {
    const { items, nextPageToken, totalSize } = page({
      organizations: [FULL],
      next_page_token: '>:abc=',
      total_size: 312,
      prev_page_token: '',
    });
    assert.equal(items.length, 1);
    assert.equal(nextPageToken, '>:abc=');
    assert.equal(totalSize, 312);
  });

  it('keeps a broken record in its place on the page', () => {
    const { items } = page({
      organizations: [{ id: 'org_1' }, { name: 'no id' }, null, { id: 'org_2' }],
      total_size: 4,
    });
    assert.deepEqual(
      items.map((item) => ('record' in item ? 'record' : item.unreadable)),
      ['record', { name: 'no id' }, null, 'record'],
    );
  });

  it('treats an empty token as none', () => {
    assert.equal(page({ organizations: [], next_page_token: '' }).nextPageToken, undefined);
    assert.equal(page({ organizations: [], next_page_token: null }).nextPageToken, undefined);
  });

  it('treats a null or missing list as empty if there’s a total', () => {
    assert.deepEqual(page({ organizations: null, total_size: 0 }).items, []);
    assert.deepEqual(page({ total_size: 0 }).items, []);
  });

  it('reads a total from text, and ignores a broken one', () => {
    assert.equal(page({ organizations: [], total_size: '7' }).totalSize, 7);
    assert.equal(page({ organizations: [], total_size: -7 }).totalSize, undefined);
  });

  it('refuses a response that isn’t a list', () => {
    for (const json of [null, [], 'x', {}, { organizations: 7, total_size: 1 }, { organizations: {} }, { users: [] }]) {
      assert.throws(
        () => page(json),
        (error) => error instanceof ScalekitError && error.kind === 'protocol' && error.details.reason === 'notAList',
      );
    }
  });
});

describe('a search text', () => {
  it('is counted in characters', () => {
    for (const text of ['ab', '🏢🏢', ' 🏢 ', '']) assert.equal(isSearchable(searchQuery(text)), false, text);
    for (const text of ['abc', '🏢🏢🏢', 'a🏢b', '日本語']) assert.equal(isSearchable(searchQuery(text)), true, text);
    assert.equal(searchQuery('🏢'.repeat(120)), '🏢'.repeat(100));
  });
});

describe('pathSegment', () => {
  it('encodes characters that would change the path', () => {
    assert.equal(pathSegment('org_1'), 'org_1');
    assert.equal(pathSegment('a/b?c#d%e f'), 'a%2Fb%3Fc%23d%25e%20f');
    assert.equal(pathSegment("(it's)!*"), '%28it%27s%29%21%2A');
    assert.equal(pathSegment('half a pair \ud83d'), 'half%20a%20pair%20%EF%BF%BD');
  });

  it('refuses segments that a URL would resolve away', () => {
    for (const id of ['', '.', '..'])
      assert.throws(
        () => pathSegment(id),
        (error) => error instanceof ScalekitError && error.kind === 'invalid',
      );
  });
});

describe('the organizations of an environment', () => {
  let server: HttpServer;
  let client: ScalekitClient;
  let json: unknown;

  before(async () => {
    server = await startHttpServer((request, response) =>
      sendJson(response, request.path === '/oauth/token' ? { access_token: 'abc', expires_in: 3600 } : json),
    );
  });

  beforeEach(() => {
    const exchange = createTransport({ fetch: nodeFetch, userAgent: 'unit-test/1', now: Date.now });
    const credentials = { environmentUrl: server.url, clientId: 'skc_1', clientSecret: 'test_1' };
    client = new ScalekitClient({
      environmentUrl: server.url,
      tokens: new TokenSource({ credentials, exchange, now: Date.now }),
      exchange,
      now: Date.now,
    });
  });

  after(() => server.close());

  it('are requested in pages of 100, with the token encoded', async () => {
    json = { organizations: [FULL], total_size: 1, next_page_token: '' };
    await listOrganizations(client, {});
    assert.equal(server.requests.at(-1)?.path, '/api/v1/organizations?page_size=100');
    await listOrganizations(client, { pageToken: '>:a+b/c=&x' });
    const url = new URL(server.requests.at(-1)?.path ?? '', server.url);
    assert.equal(url.searchParams.get('page_token'), '>:a+b/c=&x');
    assert.equal(url.searchParams.get('page_size'), '100');
    assert.equal([...url.searchParams.keys()].length, 2);
  });

  it('and its users are requested again after a response that isn’t a list', async () => {
    for (const read of [
      () => listOrganizations(client, {}),
      () => searchOrganizations(client, { query: 'acme' }),
      () => listOrganizationUsers(client, 'org_1', {}),
      () => searchOrganizationUsers(client, 'org_1', { query: 'jane' }),
    ]) {
      json = { hello: 1 };
      await rejection(read(), 'protocol', { reason: 'notAList' });
      json = { organizations: [], users: [], total_size: 0 };
      assert.deepEqual((await read()).items, []);
    }
  });

  it('are read one by one, exactly as Scalekit sends them', async () => {
    json = { organization: FULL };
    assert.deepEqual(await getOrganizationJson(client, FULL.id), FULL);
    assert.equal(server.requests.at(-1)?.path, `/api/v1/organizations/${FULL.id}`);
    await getOrganizationJson(client, 'a/../b');
    assert.equal(server.requests.at(-1)?.path, '/api/v1/organizations/a%2F..%2Fb');
  });

  it('are refused if the response contains none', async () => {
    for (const body of [{}, { organization: null }, { organization: [] }, []]) {
      json = body;
      await rejection(getOrganizationJson(client, 'org_1', { fresh: true }), 'protocol', { reason: 'noOrganization' });
    }
  });
});
