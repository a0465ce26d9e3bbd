import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';

const SILENCE_MS = 120_000;
const HTTP2_PREFACE = 'PRI';

export type GrpcHandler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Serves both protocols on one port: the first three bytes of a connection tell HTTP/2 (gRPC) from HTTP/1.1 (REST). */
export class PortListener {
  readonly #sockets = new Set<Socket>();
  readonly #http;
  readonly #net = createServer((socket) => this.#accept(socket));
  #http2: ReturnType<typeof createHttp2Server> | undefined;

  /** @param loadGrpc called on the first gRPC connection, so that its libraries aren't loaded before */
  constructor(
    rest: RequestListener,
    private readonly loadGrpc: () => Promise<GrpcHandler>,
  ) {
    this.#http = createHttpServer({ keepAliveTimeout: 65_000, requestTimeout: 120_000 }, rest);
    this.#http.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      else socket.destroy();
    });
  }

  /** Resolves to the port. Rejects as `net.Server` does, for example with EADDRINUSE. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#net.once('error', reject);
      this.#net.listen(port, host, () => {
        this.#net.off('error', reject);
        resolve((this.#net.address() as AddressInfo).port);
      });
    });
  }

  /** Stops listening and cuts every connection. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#net.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Nothing else handles errors yet, and a reset before the first byte must not end the process.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    let start = Buffer.alloc(0);
    const look = () => {
      const chunk = socket.read() as Buffer | null;
      if (chunk === null) return;
      start = Buffer.concat([start, chunk]);
      const text = start.toString('latin1', 0, HTTP2_PREFACE.length);
      if (text.length < HTTP2_PREFACE.length && HTTP2_PREFACE.startsWith(text)) return;
      socket.off('readable', look);
      socket.setTimeout(0);
      socket.unshift(start);
      if (text === HTTP2_PREFACE) void this.#handToHttp2(socket);
      else this.#http.emit('connection', socket);
    };
    socket.on('readable', look);
  }

  async #handToHttp2(socket: Socket): Promise<void> {
    if (this.#http2 === undefined) {
      const handler = await this.loadGrpc();
      if (this.#http2 === undefined) {
        this.#http2 = createHttp2Server();
        this.#http2.on('request', handler);
        this.#http2.on('sessionError', () => undefined);
      }
    }
    this.#http2.emit('connection', socket);
  }
}
