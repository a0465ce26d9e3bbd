import { NAMED_HOST } from '../core/namedHost';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../core/loopbackServer';
import { pageOf } from './receiverPage';

/** How many requests a receiver answers before it ends. */
export const MOST_REQUESTS = 100;

/** How long a receiver waits before it ends, in milliseconds. */
export const LONGEST_WAIT_MS = 10 * 60_000;

const MOST_CONNECTIONS = 20;

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
 * A small web server on both loopback addresses. It answers only top-level navigations to its own names, and ends by
 * itself after 100 requests or 10 minutes. It keeps and logs nothing of a request.
 */
export class LoopbackReceiver {
  private server: LoopbackServer | undefined;
  private timer: NodeJS.Timeout | undefined;
  private requests = 0;

  private constructor(private readonly options: LoopbackReceiverOptions) {}

  /** @throws PortTakenError if another program has the port, on either address */
  static async start(options: LoopbackReceiverOptions): Promise<LoopbackReceiver> {
    const receiver = new LoopbackReceiver(options);
    receiver.server = await LoopbackServer.start({
      port: options.port,
      mostConnections: MOST_CONNECTIONS,
      otherNames: [NAMED_HOST],
      handle: (request, response, server) => void receiver.handle(request, response, server),
    });
    receiver.timer = setTimeout(() => receiver.end('time'), options.longestWaitMs ?? LONGEST_WAIT_MS);
    return receiver;
  }

  /** Closes its ports and connections. Resolves when the port is free. May be called again. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.server?.close();
  }

  private end(why: 'time' | 'requests'): void {
    if (this.server?.isOpen !== true) return;
    void this.close();
    this.options.onEnd(why);
  }

  private async handle(request: IncomingMessage, response: ServerResponse, server: LoopbackServer): Promise<void> {
    const isLast = ++this.requests >= MOST_REQUESTS;
    const reply = await this.reply(request, server).catch((): Reply => ({ status: 500, text: this.options.refusal }));
    send(response, reply, () => {
      if (isLast) this.end('requests');
    });
  }

  private async reply(request: IncomingMessage, server: LoopbackServer): Promise<Reply> {
    const refused: Reply = { status: 400, text: this.options.refusal };
    if (request.method !== 'GET' || !isNavigationTo(server, request)) return refused;
    const { path, query } = target(request.url ?? '');
    return (await this.options.respond({ path, query })) ?? { status: 404, text: this.options.refusal };
  }
}

/**
 * Whether a browser opened this as a page. A name that an attacker's DNS points here isn't one of ours. Scripts, frames
 * and images of other sites say what they are. A redirect from the login page has no `Origin`.
 */
function isNavigationTo(server: LoopbackServer, { headers }: IncomingMessage): boolean {
  const { origin } = headers;
  const destination = headers['sec-fetch-dest'];
  if (!server.isAddressedToUs(headers)) return false;
  if (destination !== undefined && destination !== 'document') return false;
  return origin === undefined || server.isOurOrigin(origin);
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
