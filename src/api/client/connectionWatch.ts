import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** Node's http publishes each request here when it's created, before it has a connection. */
const CHANNEL = 'http.client.request.start';

const seen = new WeakSet<object>();

/** What happened to the connection of one request. */
export interface ConnectionWatch {
  /** False while it's certain that there was no connection, so nothing can have been sent. Undefined if unknown. */
  readonly connected: boolean | undefined;
  end(): void;
}

/**
 * Watches for the connection of the next request to this address. The error of a failed connection isn't enough: after
 * several tried addresses, or at a deadline, it doesn't say whether there was a connection. Identical requests are told
 * apart by their order.
 */
export function watchConnection(method: string, address: string): ConnectionWatch {
  const { host, pathname, search } = new URL(address);
  let connected: boolean | undefined;
  const onConnected = (): void => {
    connected = true;
  };
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: ClientRequest };
    if (
      seen.has(request) ||
      request.method !== method ||
      request.path !== pathname + search ||
      request.getHeader('host') !== host
    )
      return;
    seen.add(request);
    unsubscribe(CHANNEL, onRequest);
    const onSocket = (socket: Socket & { readonly encrypted?: boolean }): void => {
      if (!socket.connecting) onConnected();
      else socket.once(socket.encrypted === true ? 'secureConnect' : 'connect', onConnected);
    };
    connected = false;
    if (request.socket) onSocket(request.socket);
    else request.once('socket', onSocket);
  };
  subscribe(CHANNEL, onRequest);
  return {
    get connected() {
      return connected;
    },
    end: () => void unsubscribe(CHANNEL, onRequest),
  };
}
