import { watchConnection } from './connectionWatch';
import { cancelledError, ScalekitError, type ScalekitErrorDetails, type ScalekitErrorKind } from './scalekitError';
import {
  MAX_RESPONSE_BYTES,
  type RequestLogEntry,
  type HttpResponse,
  type HttpRequest,
  type TransportOptions,
} from './http';

/** As long as Scalekit's own SDK waits for a response (docs/scalekit-api.md, 3.2). */
const DEFAULT_DEADLINE_MS = 20_000;

/** Sends one request; see `createTransport`. @throws ScalekitError if no complete response arrived */
export async function sendOnce(options: TransportOptions, request: HttpRequest): Promise<HttpResponse> {
  const startedAt = options.now();
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, request.deadlineMs ?? DEFAULT_DEADLINE_MS);
  const onAbort = (): void => controller.abort();
  if (request.signal?.aborted) controller.abort();
  request.signal?.addEventListener('abort', onAbort, { once: true });

  const report = (outcome: Pick<RequestLogEntry, 'status' | 'failure' | 'traceId'>): void =>
    options.onRequest?.({
      method: request.method,
      url: request.url.replace(/\?.*$/s, ''),
      durationMs: options.now() - startedAt,
      ...outcome,
    });

  let status: number | undefined;
  let traceId: string | undefined;
  const connection = watchConnection(request.method, request.url);
  try {
    const response = await options.fetch(request.url, {
      method: request.method,
      headers: { 'User-Agent': options.userAgent, Accept: 'application/json', ...request.headers },
      body: request.body,
      redirect: 'error',
      size: MAX_RESPONSE_BYTES,
      // node-fetch's type of a signal predates the DOM's. The object is the same.
      signal: controller.signal as never,
    });
    status = response.status;
    traceId = readTraceId(response.headers.get('x-trace-id'));
    const bytes = await response.arrayBuffer();
    const { headers } = response;
    const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
    if (bytes.byteLength > 0 && !READ_ENCODINGS.has(encoding)) {
      throw new ScalekitError('protocol', {
        server: request.server,
        maybeReceived: true,
        status,
        traceId,
        reason: 'encoding',
      });
    }
    // node-fetch accepts a response of the wrong length as complete, and then returns none of it.
    if (!headers.has('content-encoding') && bytes.byteLength < Number(headers.get('content-length') ?? 0)) {
      throw new ScalekitError('protocol', {
        server: request.server,
        maybeReceived: true,
        status,
        traceId,
        reason: 'wrongLength',
      });
    }
    const text = Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\ufeff/, '');
    report({ status, traceId });
    return {
      status,
      contentType: headers.get('content-type') ?? '',
      retryAfter: headers.get('retry-after'),
      traceId,
      ...(request.server === 'authorization' && { date: headers.get('date') }),
      text,
    };
  } catch (error) {
    const details = { server: request.server, maybeReceived: connection.connected !== false, status, traceId };
    const failure = timedOut
      ? new ScalekitError('timeout', details)
      : request.signal?.aborted
        ? cancelledError(request.server)
        : error instanceof ScalekitError
          ? error
          : classifyFailure(error, details);
    report({ status, traceId, failure: failure.details.reason ?? failure.kind });
    throw failure;
  } finally {
    clearTimeout(timer);
    connection.end();
    request.signal?.removeEventListener('abort', onAbort);
  }
}

/** A trace ID appears in log lines and messages, so it's only used if it looks like one. */
function readTraceId(value: string | null): string | undefined {
  return value !== null && /^[\w-]{1,64}$/.test(value) ? value : undefined;
}

/** Encodings that node-fetch decodes, and no encoding. */
const READ_ENCODINGS = new Set(['', 'identity', 'gzip', 'x-gzip', 'deflate', 'x-deflate', 'br']);

/** Failures before there was a connection: nothing of the request was sent. */
const NOTHING_SENT = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

/** Names of OpenSSL's certificate failures that lack the words CERT or TLS. */
const TLS_CODES =
  /CERT|TLS|SSL|^EPROTO$|^UNABLE_TO_|^SELF_SIGNED|^HOSTNAME_MISMATCH$|^CRL_|^INVALID_CA$|^PATH_LENGTH_EXCEEDED$|^INVALID_PURPOSE$/;

function classifyFailure(error: unknown, details: ScalekitErrorDetails): ScalekitError {
  const code = systemCode(error);
  const failure = (kind: ScalekitErrorKind, more: Partial<ScalekitErrorDetails>): ScalekitError =>
    new ScalekitError(kind, { ...details, ...more });

  const type = (error as { type?: unknown } | null)?.type;
  if (type === 'no-redirect') return failure('protocol', { reason: 'redirect' });
  if (type === 'max-size') return failure('protocol', { reason: 'tooLarge' });
  if (code !== undefined && TLS_CODES.test(code)) return failure('tls', { reason: code, maybeReceived: false });
  if (code !== undefined && NOTHING_SENT.has(code)) return failure('network', { reason: code, maybeReceived: false });
  if (code?.startsWith('HPE_')) return failure('protocol', { reason: code });
  // The server sent a body that can't be decompressed (Z_DATA_ERROR and similar).
  if (code?.startsWith('Z_')) return failure('protocol', { reason: code });
  // The system only gives up a connection. If several addresses were tried, their combined failure doesn't name the
  // call.
  const call = (error as { erroredSysCall?: unknown } | null)?.erroredSysCall;
  if (call === 'connect' || call === 'getaddrinfo' || (code === 'ETIMEDOUT' && call === undefined))
    return failure('network', { reason: code ?? 'connect', maybeReceived: false });
  return failure('network', { reason: code ?? 'unknown' });
}

/** Node's code for a failed connection. Follows the causes that fetch wraps around it. */
function systemCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    // In Node 20, only the message has OpenSSL's reason.
    const tls = code === 'EPROTO' ? /:SSL routines:[^:]*:([\w ]+):/.exec(current.message)?.[1] : undefined;
    if (tls !== undefined) return `ERR_SSL_${tls.toUpperCase().replaceAll(' ', '_')}`;
    if (typeof code === 'string' && code !== 'ERR_STREAM_PREMATURE_CLOSE') return code;
    if (code === 'ERR_STREAM_PREMATURE_CLOSE' || /premature close/i.test(current.message))
      return 'ERR_STREAM_PREMATURE_CLOSE';
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
    else current = cause;
  }
  return undefined;
}
