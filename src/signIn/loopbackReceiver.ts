import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pageOf } from './receiverPage';

/** How many requests a receiver answers before it ends. */
export const MOST_REQUESTS = 100;

/** How long a receiver waits before it ends, in milliseconds. */
export const LONGEST_WAIT_MS = 10 * 60_000;

const MOST_CONNECTIONS = 20;
const MOST_HEADER_BYTES = 16_384;
const REQUEST_DEADLINE_MS = 5_000;

/** The name under which a browser that reaches this machine another way is sent here. */
export const NAMED_HOST = 'scalekit.localhost';

/** Another program listens on the receiver's port. */
export class PortTakenError extends Error {
  constructor(readonly port: number) {
    super(`port ${port} is taken`);
    this.name = 'PortTakenError';
  }
}

/** A request that passed the checks which need no knowledge of the sign-in. */
export interface ReceivedRequest {
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
}

/** The response: a short text as a page, or another address. */
export type Reply =
  | { readonly status: number; readonly text: string }
  | { readonly status: 302 | 303; readonly location: string };

export interface LoopbackReceiverOptions {
  readonly port: number;
  /** Undefined if there's nothing at this path. */
  readonly respond: (request: ReceivedRequest) => Reply | undefined | Promise<Reply | undefined>;
  /** Called once, if it ends by itself. */
  readonly onEnd: (why: 'time' | 'requests') => void;
  /** The text for whatever isn't answered. */
  readonly refusal: string;
  readonly longestWaitMs?: number;
}

/**
 * A small web server on both loopback addresses: `localhost` can mean either. It answers only top-level navigations to
 * its own names, and ends by itself after 100 requests or 10 minutes. It keeps and logs nothing of a request.
 */
export class LoopbackReceiver {
  private readonly servers: Server[] = [];
  private readonly closings: Promise<void>[] = [];
  private readonly names: ReadonlySet<string>;
  private timer: NodeJS.Timeout | undefined;
  private requests = 0;

  private constructor(private readonly options: LoopbackReceiverOptions) {
    this.names = new Set(['localhost', '127.0.0.1', '[::1]', NAMED_HOST].map((host) => `${host}:${options.port}`));
  }

  /** @throws PortTakenError if another program has the port, on either address */
  static async start(options: LoopbackReceiverOptions): Promise<LoopbackReceiver> {
    const receiver = new LoopbackReceiver(options);
    try {
      await receiver.listen('127.0.0.1');
      await receiver.listen('::1');
    } catch (error) {
      await receiver.close();
      throw error;
    }
    receiver.timer = setTimeout(() => receiver.end('time'), options.longestWaitMs ?? LONGEST_WAIT_MS);
    return receiver;
  }

  /** Closes its ports and connections. Resolves when the port is free. May be called again. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    for (const server of this.servers.splice(0))
      this.closings.push(
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
      );
    await Promise.all(this.closings);
  }

  private end(why: 'time' | 'requests'): void {
    if (this.servers.length === 0) return;
    void this.close();
    this.options.onEnd(why);
  }

  private listen(host: string): Promise<void> {
    const { port } = this.options;
    const server = createServer(
      { maxHeaderSize: MOST_HEADER_BYTES, requestTimeout: REQUEST_DEADLINE_MS, headersTimeout: REQUEST_DEADLINE_MS },
      (request, response) => void this.handle(request, response),
    );
    server.maxConnections = MOST_CONNECTIONS;
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

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isLast = ++this.requests >= MOST_REQUESTS;
    const reply = await this.reply(request).catch((): Reply => ({ status: 500, text: this.options.refusal }));
    send(response, reply, () => {
      if (isLast) this.end('requests');
    });
  }

  private async reply(request: IncomingMessage): Promise<Reply> {
    const refused: Reply = { status: 400, text: this.options.refusal };
    if (request.method !== 'GET' || !this.isNavigationToUs(request)) return refused;
    const { path, query } = target(request.url ?? '');
    return (await this.options.respond({ path, query })) ?? { status: 404, text: this.options.refusal };
  }

  /**
   * Whether a browser opened this as a page. A name that an attacker's DNS points here isn't one of ours. Scripts, frames
   * and images of other sites say what they are. A redirect from the login page has no `Origin`.
   */
  private isNavigationToUs({ headers }: IncomingMessage): boolean {
    const { host = '', origin } = headers;
    const destination = headers['sec-fetch-dest'];
    if (!this.names.has(host.toLowerCase())) return false;
    if (destination !== undefined && destination !== 'document') return false;
    return origin === undefined || this.names.has(origin.replace(/^http:\/\//, ''));
  }
}

function target(url: string): ReceivedRequest {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function send(response: ServerResponse, reply: Reply, done: () => void): void {
  const text = 'text' in reply ? pageOf(reply.text) : '';
  response.writeHead(reply.status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    connection: 'close',
    ...('location' in reply ? { location: reply.location } : {}),
  });
  response.end(text, done);
}
