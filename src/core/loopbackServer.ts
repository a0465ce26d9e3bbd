import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

const MOST_HEADER_BYTES = 16_384;
const REQUEST_DEADLINE_MS = 5_000;

/** Another program listens on the port. */
export class PortTakenError extends Error {
  constructor(readonly port: number) {
    super(`port ${port} is taken`);
    this.name = 'PortTakenError';
  }
}

export interface LoopbackServerOptions {
  readonly port: number;
  readonly mostConnections: number;
  /** In which a request must arrive. Default: 5 seconds. */
  readonly requestDeadlineMs?: number;
  /** Names of this machine, besides the usual ones, under which it may be reached. */
  readonly otherNames?: readonly string[];
  readonly handle: (request: IncomingMessage, response: ServerResponse, server: LoopbackServer) => void;
}

/**
 * A web server on both loopback addresses: `localhost` can mean either. It limits connections, headers and the time in
 * which a request must arrive.
 */
export class LoopbackServer {
  private readonly servers: Server[] = [];
  private readonly closings: Promise<void>[] = [];
  private readonly names: ReadonlySet<string>;

  private constructor(private readonly options: LoopbackServerOptions) {
    const names = ['localhost', '127.0.0.1', '[::1]', ...(options.otherNames ?? [])];
    this.names = new Set(names.map((name) => `${name}:${options.port}`));
  }

  /** @throws PortTakenError if another program has the port, on either address */
  static async start(options: LoopbackServerOptions): Promise<LoopbackServer> {
    const server = new LoopbackServer(options);
    try {
      await server.listen('127.0.0.1');
      await server.listen('::1');
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  get isOpen(): boolean {
    return this.servers.length > 0;
  }

  /** Whether a request was sent to one of this server's names. One that an attacker's DNS points here isn't. */
  isAddressedToUs({ host = '' }: IncomingHttpHeaders): boolean {
    return this.names.has(host.toLowerCase());
  }

  /** Whether an `Origin` is a page of this server's. */
  isOurOrigin(origin: string): boolean {
    return this.names.has(origin.replace(/^http:\/\//, ''));
  }

  /** Closes its ports and connections. Resolves when the port is free. May be called again. */
  async close(): Promise<void> {
    for (const server of this.servers.splice(0))
      this.closings.push(
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
      );
    await Promise.all(this.closings);
  }

  private listen(host: string): Promise<void> {
    const { port, mostConnections, handle, requestDeadlineMs = REQUEST_DEADLINE_MS } = this.options;
    const server = createServer(
      { maxHeaderSize: MOST_HEADER_BYTES, requestTimeout: requestDeadlineMs, headersTimeout: REQUEST_DEADLINE_MS },
      (request, response) => handle(request, response, this),
    );
    server.maxConnections = mostConnections;
    return new Promise((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        // A machine without IPv6 has only the other address.
        if (host === '::1' && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')) resolve();
        else reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new PortTakenError(port) : error);
      });
      server.listen({ host, port, exclusive: true, ipv6Only: host === '::1' }, () => {
        this.servers.push(server);
        resolve();
      });
    });
  }
}
