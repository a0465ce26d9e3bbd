import { ScalekitClient } from '@scalekit-sdk/node';
import type { Connection, Credentials } from '../contender';

/** Scalekit's official Node SDK. */
export function connect({ url, clientId, clientSecret }: Credentials): Connection {
  const client = new ScalekitClient(url, clientId, clientSecret);
  return {
    async list(pageToken) {
      const { organizations, nextPageToken } = await client.organization.listOrganization({
        pageSize: 100,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ids: organizations.map(({ id }) => id), next: nextPageToken === '' ? undefined : nextPageToken };
    },
    get: async (id) => (await client.organization.getOrganization(id)).organization?.displayName,
  };
}
