import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { nodeFetch } from '../../../../src/api/client/nodeFetch';
import { getOrganizationJson, listOrganizations, updateOrganization } from '../../../../src/api/organizations';
import { ScalekitClient } from '../../../../src/api/client/scalekitClient';
import { ScalekitError } from '../../../../src/api/client/scalekitError';
import { TokenSource } from '../../../../src/api/client/tokenSource';
import { createTransport } from '../../../../src/api/client/transport';
import { sendJson, startHttpServer, type HttpServer, type SeenRequest } from '../../../support/httpServer';

describe('A write', () => {
  let server: HttpServer;
  let client: ScalekitClient;
  let issued: number;
  let write: (response: ServerResponse, request: SeenRequest) => void;

  const requests = (method: string): SeenRequest[] =>
    server.requests.filter((request) => request.method === method && request.path.startsWith('/api/'));
  const read = (id: string): Promise<unknown> => getOrganizationJson(client, id);

  beforeEach(async () => {
    issued = 0;
    write = (response) => sendJson(response, { organization: { id: 'org_1', display_name: 'New' } });
    server = await startHttpServer((request, response) => {
      if (request.path === '/oauth/token') sendJson(response, { access_token: `token${++issued}`, expires_in: 3600 });
      else if (request.method !== 'GET') write(response, request);
      else if (/organizations\?/.test(request.path)) sendJson(response, { organizations: [], total_size: 0 });
      else sendJson(response, { organization: { id: request.path.split('/').at(-1) } });
    });
    const exchange = createTransport({ fetch: nodeFetch, userAgent: 'unit-test/1', now: Date.now });
    const credentials = { environmentUrl: server.url, clientId: 'skc_1', clientSecret: 'test_1' };
    const tokens = new TokenSource({ credentials, exchange, now: Date.now, retries: 0 });
    client = new ScalekitClient({ environmentUrl: server.url, tokens, exchange, now: Date.now, retries: 1 });
  });

  afterEach(() => server.close());

  const update = (): Promise<unknown> => updateOrganization(client, 'org_1', { display_name: 'New', external_id: '' });
  const kindOf = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => assert.fail('it should have failed'),
      (error: unknown) => (error instanceof ScalekitError ? error.kind : assert.fail(String(error))),
    );

  it('sends one PATCH with the changes, and returns the server’s new state', async () => {
    assert.deepEqual(await update(), { id: 'org_1', display_name: 'New' });
    const [request, ...others] = requests('PATCH');
    assert.equal(request?.path, '/api/v1/organizations/org_1');
    assert.equal(request?.headers['content-type'], 'application/json');
    assert.equal(request?.headers.authorization, 'Bearer token1');
    assert.deepEqual(JSON.parse(request?.body ?? ''), { display_name: 'New', external_id: '' });
    assert.deepEqual([others, requests('GET')], [[], []]);
  });

  it('is followed by a GET if its response doesn’t contain the organization', async () => {
    write = (response) => sendJson(response, {});
    assert.deepEqual(await update(), { id: 'org_1' });
    assert.equal(requests('GET').length, 1);
  });

  it('isn’t repeated if the server may have received it', async () => {
    const failures: [string, (response: ServerResponse) => void][] = [
      ['network', (response) => response.destroy()],
      ['server', (response) => sendJson(response, {}, 503)],
      ['server', (response) => sendJson(response, {}, 502)],
      ['invalid', (response) => sendJson(response, {}, 400)],
    ];
    let made = 0;
    for (const [kind, failure] of failures) {
      write = failure;
      assert.equal(await kindOf(update()), kind);
      assert.equal(requests('PATCH').length, ++made);
    }
  });

  it('is repeated after a 429, which says that the server did nothing', async () => {
    write = (response) => {
      if (requests('PATCH').length === 1) sendJson(response, {}, 429, { 'retry-after': '0' });
      else sendJson(response, { organization: { id: 'org_1' } });
    };
    await update();
    assert.equal(requests('PATCH').length, 2);
  });

  it('gets a new token after a 401, and fails as forbidden after a second one', async () => {
    write = (response, { headers }) =>
      sendJson(response, { organization: { id: 'org_1' } }, headers.authorization === 'Bearer token2' ? 200 : 401);
    await update();
    assert.deepEqual(
      requests('PATCH').map(({ headers }) => headers.authorization),
      ['Bearer token1', 'Bearer token2'],
    );
    write = (response) => sendJson(response, {}, 401);
    assert.equal(await kindOf(update()), 'forbidden');
    assert.equal(requests('PATCH').length, 4);
  });

  it('clears the cache, because any response may contain what was changed', async () => {
    const readAll = (): Promise<unknown> =>
      Promise.all([
        read('org_1'),
        read('org_2'),
        listOrganizations(client, {}),
        client.getJson('/api/v1/organizations/org_1/domains'),
      ]);
    await readAll();
    await readAll();
    assert.equal(requests('GET').length, 4, 'until then they are cached');
    await update();
    await readAll();
    assert.equal(requests('GET').length, 8);
    await readAll();
    assert.equal(requests('GET').length, 8, 'from then on they are cached again');
  });

  it('clears the cache even if its outcome is unknown', async () => {
    await read('org_1');
    write = (response) => response.destroy();
    assert.equal(await kindOf(update()), 'network');
    await read('org_1');
    assert.equal(requests('GET').length, 2);
  });
});
