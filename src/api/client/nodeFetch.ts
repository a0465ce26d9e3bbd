import type { RequestInit, Response } from 'node-fetch';

/** The seam to the network: node-fetch's signature, as far as it is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** node-fetch, loaded at the first call: it costs tens of milliseconds, which activation must not pay. */
export const nodeFetch: Fetch = async (url, init) => {
  const { default: fetch } = await import('node-fetch');
  return fetch(url, init);
};
