import {
  createServer,
  request as sendRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

/** Which requests a fault is for. */
export interface Target {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** What the server behind the gateway answered. */
export interface ServerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request in the hands of a harm. */
export interface HarmedRequest {
  /** Without the query. */
  readonly path: string;
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Passes the request on: the server does what it asks for. */
  forward(): Promise<ServerAnswer>;
  /** Sends the server's answer back as it is. */
  pass(answer: ServerAnswer): void;
  /** Says that from here on only time goes by, until the client leaves or `false` is said. */
  stall(stalls?: boolean): void;
}

/** What happens to a request on its way. */
export type Harm = (request: HarmedRequest) => Promise<void> | void;

/** Stands before a server, as a proxy does, and harms what goes through it where a server itself could not. */
export interface Gateway {
  readonly url: string;
  /** Requests that are stalled now: nothing but time brings them further. */
  readonly stalled: number;
  /** Connections that are open now. */
  readonly openSockets: number;
  harm(target: Target, harm: Harm): void;
  /** Resets every new connection before a byte of it was read. */
  resetConnections(): void;
  /** Passes everything on again. */
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
    const forward = (): Promise<ServerAnswer> => send(server, incoming, body);
    const pass = (answer: ServerAnswer): void => {
      response.writeHead(answer.status, { ...answer.headers, connection: 'close' }).end(answer.body);
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
    // A client that leaves in the middle is a case here, not a failure of the gateway.
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  const tcp = createTcpServer((socket: Socket) => {
    socket.on('error', () => undefined);
    if (resets) {
      // Not before: a connection that is reset at once was none to the client, and it knows that it has sent nothing.
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

function send(server: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<ServerAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = sendRequest(
      `${server}${url}`,
      { method, headers: { ...headers, host: new URL(server).host } },
      (answer) => {
        readAll(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes }),
          reject,
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
