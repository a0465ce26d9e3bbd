import type { RequestInit, Response } from 'node-fetch';

/** The seam to the network: the part of node-fetch's signature that we use. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Loads node-fetch at the first call: it costs tens of milliseconds, too much for activation. */
export const nodeFetch: Fetch = async (url, init) => {
  const { default: fetch } = await import('node-fetch');
  return fetch(url, init);
};
