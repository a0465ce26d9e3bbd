import type { Send, TransportOptions } from './http';

/**
 * The way to the network: a deadline over the whole exchange, a cap on the response's size, and no redirect ever followed, since
 * a redirected token request would carry the client secret to another host. No agent, proxy or TLS settings: VS Code brings
 * the user's own by patching Node's http and https.
 */
export function createTransport(options: TransportOptions): Send {
  // Loaded at the first request: activation makes none.
  return async (request) => (await import('./sendOnce')).sendOnce(options, request);
}
