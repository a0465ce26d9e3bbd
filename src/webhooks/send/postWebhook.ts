import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { headerPairs } from '../headerPairs';

/** At most this much of a response's body is read. */
export const MOST_RESPONSE_BYTES = 1_048_576;

/** How long to wait for a response. Scalekit waits 10 seconds (docs/scalekit-api.md, 5.4). */
const DEADLINE_MS = 30_000;

/** A slow body comes in this many pieces, with a pause between them. */
const PIECES = 10;
const PAUSE_MS = 500;

export interface OutgoingWebhook {
  readonly url: URL;
  /** Connects to these addresses instead of looking up the host. */
  readonly addresses: readonly string[] | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Sends the body in pieces. */
  readonly slowly?: boolean;
}

export interface WebhookResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The body goes on, but wasn't read further. */
  readonly isCut: boolean;
  readonly durationMs: number;
}

/** Why no response came. */
export interface NoResponse {
  readonly failure: 'refused' | 'unknownHost' | 'timeout' | 'tls' | 'protocol' | 'reset';
  /** For example `ECONNREFUSED`. */
  readonly code: string | undefined;
  readonly durationMs: number;
}

export type WebhookResult = WebhookResponse | NoResponse;

/** Sends a webhook once and reads the response, whatever its status. Redirects aren't followed. */
export async function postWebhook(
  webhook: OutgoingWebhook,
  signal?: AbortSignal,
  deadlineMs = DEADLINE_MS,
): Promise<WebhookResult> {
  const hosts = webhook.addresses ?? [undefined];
  for (const [index, address] of hosts.entries()) {
    const result = await postTo(address, webhook, signal, deadlineMs);
    // `localhost` has two addresses, and a server may have only one of them.
    const triesNext = 'failure' in result && result.failure === 'refused' && index < hosts.length - 1;
    if (!triesNext) return result;
  }
  return { failure: 'refused', code: undefined, durationMs: 0 };
}

function postTo(
  address: string | undefined,
  { url, headers, body, slowly = false }: OutgoingWebhook,
  signal: AbortSignal | undefined,
  deadlineMs: number,
): Promise<WebhookResult> {
  const begun = performance.now();
  const isTls = url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const outgoing = (isTls ? httpsRequest : httpRequest)({
      host: address ?? hostname,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
      method: 'POST',
      // A connection of before may be one that the app has closed meanwhile.
      agent: false,
      headers: { ...Object.fromEntries(headers), host: url.host, 'content-length': body.length },
      ...(isTls && !/^[\d.:]+$/.test(hostname) ? { servername: hostname } : {}),
      signal,
    });
    const timer = setTimeout(() => {
      timedOut = true;
      outgoing.destroy();
    }, deadlineMs);
    const finish = (result: WebhookResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    outgoing.on('response', (response) => {
      void readResponse(response).then(({ body: text, isCut }) => {
        // What came counts, even if the end of the body never did.
        finish({ ...headOf(response), body: text, isCut, durationMs: performance.now() - begun });
        outgoing.destroy();
      });
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (signal?.aborted === true) reject(error);
      else finish({ failure: failureOf(error, timedOut), code: error.code, durationMs: performance.now() - begun });
    });
    void write(outgoing, body, slowly);
  });
}

async function write(
  outgoing: { write(part: Buffer): boolean; end(part?: Buffer): unknown; readonly destroyed: boolean },
  body: Buffer,
  slowly: boolean,
): Promise<void> {
  if (!slowly) {
    outgoing.end(body);
    return;
  }
  const size = Math.max(1, Math.ceil(body.length / PIECES));
  for (let start = 0; start < body.length && !outgoing.destroyed; start += size) {
    outgoing.write(body.subarray(start, start + size));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  if (!outgoing.destroyed) outgoing.end();
}

function headOf(response: IncomingMessage): Pick<WebhookResponse, 'status' | 'statusText' | 'headers'> {
  const { statusCode = 0, statusMessage = '' } = response;
  return { status: statusCode, statusText: statusMessage, headers: headerPairs(response) };
}

/** The body, up to the limit, or as much as came before the connection ended. */
function readResponse(response: IncomingMessage): Promise<{ readonly body: Buffer; readonly isCut: boolean }> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const finish = (isCut: boolean): void =>
      resolve({ body: Buffer.concat(parts).subarray(0, MOST_RESPONSE_BYTES), isCut });
    response.on('data', (part: Buffer) => {
      parts.push(part);
      bytes += part.length;
      if (bytes > MOST_RESPONSE_BYTES) finish(true);
    });
    response.on('end', () => finish(false));
    response.on('error', () => finish(true));
    response.on('close', () => finish(true));
  });
}

function failureOf({ code = '', message }: NodeJS.ErrnoException, timedOut: boolean): NoResponse['failure'] {
  if (timedOut || code === 'ETIMEDOUT') return 'timeout';
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL')
    return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'unknownHost';
  if (code.startsWith('HPE_')) return 'protocol';
  if (/CERT|SSL|TLS|ALTNAME|SELF_SIGNED|ISSUER|EPROTO/.test(code) || message.includes('SSL')) return 'tls';
  return 'reset';
}
