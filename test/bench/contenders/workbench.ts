import { nodeFetch } from '../../../src/api/client/nodeFetch';
import { getOrganization, listOrganizations } from '../../../src/api/organizations';
import { ScalekitClient } from '../../../src/api/client/scalekitClient';
import { TokenSource } from '../../../src/api/client/tokenSource';
import { createTransport } from '../../../src/api/client/transport';
import type { Connection, Credentials } from '../contender';

/** The client of the extension, as `workbench.ts` builds it. */
export function connect({ url, clientId, clientSecret }: Credentials): Connection {
  const exchange = createTransport({
    fetch: nodeFetch,
    userAgent: 'bench/1',
    now: Date.now,
    onRequest: () => undefined,
  });
  const tokens = new TokenSource({
    credentials: { environmentUrl: url, clientId, clientSecret },
    exchange,
    now: Date.now,
  });
  const client = new ScalekitClient({ environmentUrl: url, tokens, exchange, now: Date.now });
  return {
    async list(pageToken) {
      const { items, nextPageToken, totalSize } = await listOrganizations(client, { pageToken }, { fresh: true });
      if (totalSize === undefined) throw new Error('There is no total.');
      return { ids: items.map((item) => ('record' in item ? item.record.id : '')), next: nextPageToken };
    },
    get: async (id) => (await getOrganization(client, id, { fresh: true })).displayName,
  };
}
