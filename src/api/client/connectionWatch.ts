import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';

/** Told of each request by Node's http as soon as it is made up, and before it has a connection. */
const CHANNEL = 'http.client.request.start';

const seen = new WeakSet<object>();

/** What became of the connection of one request. */
export interface ConnectionWatch {
  /** False while it is certain that there was no connection, so that nothing can have been sent; undefined when nothing is known. */
  readonly connected: boolean | undefined;
  end(): void;
}

/**
 * Watches for the connection that the next request to this address gets. What a failed connection says is not enough: when several
 * addresses of a host were tried, or the deadline came first, it does not tell whether there was one. Requests that are equal are told
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
