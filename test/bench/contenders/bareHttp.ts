import type { Connection, Credentials } from '../contender';

/** The part of node-fetch and the global fetch that is used here. */
type AnyFetch = (
  url: string,
  init: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string },
) => Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;

interface Organization {
  readonly id: string;
  readonly display_name?: string;
}

/** The least that a fetch can do: one shared token, then requests, without any error handling. */
export function connectBare(fetch: AnyFetch, { url, clientId, clientSecret }: Credentials): Connection {
  let token: Promise<string> | undefined;
  const json = async (path: string, init: Parameters<AnyFetch>[1]): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, init);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  };
  const fetchToken = async (): Promise<string> => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return ((await json('/oauth/token', { method: 'POST', headers, body })) as { access_token: string }).access_token;
  };
  const read = async (path: string): Promise<unknown> =>
    json(path, { headers: { Authorization: `Bearer ${await (token ??= fetchToken())}` } });
  return {
    async list(pageToken) {
      const query = new URLSearchParams({
        page_size: '100',
        ...(pageToken === undefined ? {} : { page_token: pageToken }),
      });
      const page = (await read(`/api/v1/organizations?${query}`)) as {
        organizations: Organization[];
        next_page_token: string;
      };
      return {
        ids: page.organizations.map(({ id }) => id),
        next: page.next_page_token === '' ? undefined : page.next_page_token,
      };
    },
    get: async (id) =>
      ((await read(`/api/v1/organizations/${id}`)) as { organization: Organization }).organization.display_name,
  };
}
