import {
  createServer,
  request as sendRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** The requests that a fault applies to. */
export interface Target {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** The response of the server behind the gateway. */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request, as a harm handles it. */
export interface HarmedRequest {
  /** Without the query. */
  readonly path: string;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Forwards the request to the server, which does it. */
  forward(): Promise<UpstreamResponse>;
  /** Sends the server's response back unchanged. */
  pass(upstream: UpstreamResponse): void;
  /** Marks the request as stalled: only time passes until the client leaves. `false` ends that. */
  stall(stalls?: boolean): void;
}

/** What happens to a request on its way. */
export type Harm = (request: HarmedRequest) => Promise<void> | void;

/** Sits in front of a server like a proxy, and harms the traffic in ways that a server can't. */
export interface Gateway {
  readonly url: string;
  /** Requests that are stalled now, so that only time continues them. */
  readonly stalled: number;
  /** Connections that are open now. */
  readonly openSockets: number;
  harm(target: Target, harm: Harm): void;
  /** Resets every new connection before reading a byte. */
  resetConnections(): void;
  /** Forwards everything again. */
  heal(): void;
  close(): Promise<void>;
}

export async function startGateway(server: string): Promise<Gateway> {
  const sockets = new Set<Socket>();
  const stalledSockets = new Set<Socket>();
  let harmed: { readonly target: Target; readonly harm: Harm } | undefined;
  let resets = false;

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const { socket } = incoming;
    const forward = (): Promise<UpstreamResponse> => send(server, incoming, body);
    const pass = (upstream: UpstreamResponse): void => {
      response.writeHead(upstream.status, { ...upstream.headers, connection: 'close' }).end(upstream.body);
    };
    const path = (incoming.url ?? '/').split('?', 1)[0] ?? '/';
    if (harmed === undefined || harmed.target.method !== incoming.method || harmed.target.path !== path)
      return pass(await forward());
    const stall = (stalls = true): void => {
      if (stalls && !socket.destroyed) stalledSockets.add(socket);
      else stalledSockets.delete(socket);
    };
    await harmed.harm({ path, response, socket, forward, pass, stall });
  }

  const http = createServer((incoming, response) => {
    response.on('error', () => undefined);
    // A client that leaves in the middle is one of the cases, not a failure of the gateway.
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  const tcp = createTcpServer((socket: Socket) => {
    socket.on('error', () => undefined);
    if (resets) {
      // Not earlier: to the client, a connection that is reset at once never existed, and it knows that it sent nothing.
      socket.once('data', () => socket.resetAndDestroy());
      return;
    }
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      stalledSockets.delete(socket);
    });
    http.emit('connection', socket);
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(tcp.address() as AddressInfo).port}`,
    get stalled() {
      return stalledSockets.size;
    },
    get openSockets() {
      return sockets.size;
    },
    harm: (target, harm) => {
      harmed = { target, harm };
    },
    resetConnections: () => {
      resets = true;
    },
    heal: () => {
      harmed = undefined;
      resets = false;
    },
    close: () =>
      new Promise((resolve) => {
        tcp.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(server: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<UpstreamResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      `${server}${url}`,
      { method, headers: { ...headers, host: new URL(server).host } },
      (upstream) => {
        readAll(upstream).then(
          (bytes) => resolve({ status: upstream.statusCode ?? 0, headers: upstream.headers, body: bytes }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
