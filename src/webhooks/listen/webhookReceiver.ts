import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../../core/loopbackServer';
import { nodeResponse } from '../explain/sdkResponses';
import { headerPairs } from '../headerPairs';
import { postWebhook, type WebhookResult } from '../send/postWebhook';

/** A larger body is refused. Scalekit's have a few kilobytes. */
export const MOST_BODY_BYTES = 1_048_576;

/** At most this much of a body is kept. */
export const MOST_KEPT_BYTES = 65_536;

const MOST_CONNECTIONS = 200;

/** In which a webhook must arrive, in milliseconds. */
const REQUEST_DEADLINE_MS = 20_000;

/** Longer than Scalekit waits (docs/scalekit-api.md, 5.4). */
const SLOW_MS = 15_000;

/** What the receiver responds to each webhook. */
export type ReceiverResponse = 'ok' | 'error' | 'slow';

/** A webhook that came, with what was kept of it. */
export interface ReceivedWebhook {
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly path: string;
  /** With their names as they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Its beginning. */
  readonly body: Buffer;
  /** The length of the whole body. */
  readonly bytes: number;
  /** What the SDK for Node.js says: `true` or its error. Undefined without a secret, or if the body was refused. */
  readonly verdict: string | undefined;
  /** The status that was responded. */
  readonly status: number;
  /** What the app responded that it was passed on to. */
  readonly passedOn: { readonly port: number; readonly result: WebhookResult } | undefined;
}

export interface WebhookReceiverOptions {
  readonly port: number;
  readonly secret: string | undefined;
  readonly response: ReceiverResponse;
  /** A port of this machine that gets each webhook too. */
  readonly passOnTo: number | undefined;
  readonly now: () => number;
  readonly onReceive: (webhook: ReceivedWebhook) => void;
  readonly slowMs?: number;
}

/**
 * Receives webhooks on this machine. It takes only `POST` with one of its own names as `Host` and without an `Origin`, so
 * no web page can reach it. Everything is bounded.
 */
export class WebhookReceiver {
  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(
    readonly options: WebhookReceiverOptions,
    private readonly server: LoopbackServer,
  ) {}

  /** @throws PortTakenError if another program has the port */
  static async start(options: WebhookReceiverOptions): Promise<WebhookReceiver> {
    let receiver: WebhookReceiver | undefined;
    const server = await LoopbackServer.start({
      port: options.port,
      mostConnections: MOST_CONNECTIONS,
      requestDeadlineMs: REQUEST_DEADLINE_MS,
      handle: (request, response, own) => {
        receiver ??= new WebhookReceiver(options, own);
        void receiver.handle(request, response).catch(() => response.destroy());
      },
    });
    return (receiver ??= new WebhookReceiver(options, server));
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.server.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.refusal(request);
    if (refusal !== undefined) {
      respond(response, refusal);
      return;
    }
    const receivedAt = this.options.now();
    const body = await readBody(request);
    const headers = headerPairs(request);
    const { secret, onReceive } = this.options;
    if (body === undefined) {
      respond(response, 413);
      onReceive({
        receivedAt,
        path: request.url ?? '/',
        headers,
        body: Buffer.alloc(0),
        bytes: MOST_BODY_BYTES,
        verdict: undefined,
        status: 413,
        passedOn: undefined,
      });
      return;
    }
    const verdict =
      secret === undefined
        ? undefined
        : nodeResponse({
            secret,
            headers: headers.map(([name, value]) => [name.toLowerCase(), value]),
            body: body.toString('utf8'),
            now: receivedAt,
            family: 'webhook',
          });
    const [passedOn, status] = await Promise.all([this.passOn(request, headers, body), this.respondAsChosen(response)]);
    onReceive({
      receivedAt,
      path: request.url ?? '/',
      headers,
      // A part of a large body would keep all of it.
      body: body.length > MOST_KEPT_BYTES ? Buffer.from(body.subarray(0, MOST_KEPT_BYTES)) : body,
      bytes: body.length,
      verdict,
      status,
      passedOn,
    });
  }

  private refusal({ method, headers }: IncomingMessage): number | undefined {
    if (!this.server.isAddressedToUs(headers) || headers.origin !== undefined) return 403;
    return method === 'POST' ? undefined : 405;
  }

  private async respondAsChosen(response: ServerResponse): Promise<number> {
    const { response: chosen, slowMs = SLOW_MS } = this.options;
    if (chosen === 'slow')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          this.timers.delete(timer);
          resolve();
        }, slowMs);
        this.timers.add(timer);
        // The sender needn't wait.
        response.once('close', () => {
          clearTimeout(timer);
          this.timers.delete(timer);
          resolve();
        });
      });
    const status = chosen === 'error' ? 500 : 200;
    respond(response, status);
    return status;
  }

  private async passOn(
    request: IncomingMessage,
    headers: ReceivedWebhook['headers'],
    body: Buffer,
  ): Promise<ReceivedWebhook['passedOn']> {
    const port = this.options.passOnTo;
    if (port === undefined) return undefined;
    const url = new URL(`http://localhost:${port}`);
    const [, path = '/', query] = /^([^?]*)(\?.*)?$/s.exec(request.url ?? '/') ?? [];
    url.pathname = path;
    url.search = query ?? '';
    const result = await postWebhook({
      url,
      addresses: ['127.0.0.1', '::1'],
      headers: headers.filter(([name]) => !OF_THE_CONNECTION.test(name)),
      body,
    });
    return { port, result };
  }
}

/** Headers that belong to one connection, not to the webhook. */
const OF_THE_CONNECTION =
  /^(?:host|connection|content-length|transfer-encoding|keep-alive|expect|upgrade|te|trailer|proxy-.{1,50})$/i;

function respond(response: ServerResponse, status: number): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-length': 0,
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'POST' } : {}),
    // A sender that keeps connections can't use them all up, and none is open when this ends.
    connection: 'close',
  });
  response.end();
}

/** The whole body. Undefined if it's too large. */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= MOST_BODY_BYTES) parts.push(part);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('The request ended early.')));
  });
}
