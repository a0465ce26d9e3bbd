import type { Send, TransportOptions } from './http';

/**
 * The way to the network: a deadline for the whole request and response, a limit on the response's size, and no
 * redirects, since a redirected token request would carry the client secret to another host. No agent, proxy or TLS
 * settings: VS Code brings the user's own by patching Node's http and https.
 */
export function createTransport(options: TransportOptions): Send {
  // Loaded at the first request, so that activation doesn't read it.
  return async (request) => (await import('./sendOnce')).sendOnce(options, request);
}
