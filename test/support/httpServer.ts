import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as received over the socket. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Responds to one request. `index` counts the requests from 0. */
export type Answerer = (request: SeenRequest, response: ServerResponse, index: number) => void | Promise<void>;

/** A small HTTP server on 127.0.0.1 that records its requests. */
export interface HttpServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Sockets that are open right now. */
  readonly openSockets: number;
  /** Uses another handler from now on. */
  answerWith(answerer: Answerer): void;
  /** Where clients that use it as a proxy want to connect, as `host:port`. It never connects them. */
  onConnect(listener: (target: string) => void): void;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startHttpServer(answerer: Answerer): Promise<HttpServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let answer = answerer;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      const index = requests.push(seen) - 1;
      void answer(seen, response, index);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get openSockets() {
      return sockets.size;
    },
    answerWith: (next) => {
      answer = next;
    },
    onConnect: (listener) =>
      void server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
        listener(url);
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends a JSON response. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
