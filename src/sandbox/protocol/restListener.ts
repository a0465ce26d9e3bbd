import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault, Faults } from '../faults';
import type { OAuthEndpoints } from '../oauth/oauthEndpoints';
import type { ReceivedRequest, ReceivedRequests } from '../receivedRequests';
import { ApiError, errorBody, grpcStatusOf } from './apiError';
import type { Calls } from './calls';
import type { PathRouter } from './pathRouter';
import { requestMessage, responseJson } from './transcoder';

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const PROXY_PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Serves HTTP/1.1: the REST side of the API, OAuth, and the faults on order for both. */
export class RestListener {
  constructor(
    private readonly router: PathRouter,
    private readonly calls: Calls,
    private readonly oauth: OAuthEndpoints,
    private readonly faults: Faults,
    private readonly received: ReceivedRequests,
    private readonly now: () => number,
  ) {}

  /** Handles one request. Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const time = this.now();
    const traceId = randomBytes(16).toString('hex');
    const method = request.method ?? 'GET';
    const target = request.url ?? '/';
    const path = target.split('?', 1)[0] ?? '/';
    const isOAuth = !path.startsWith('/api/');
    const log = (status: number) => {
      const protocol: ReceivedRequest['protocol'] = isOAuth ? 'oauth' : 'rest';
      this.received.add({ time, protocol, method, path: target, status, traceId });
    };
    try {
      const body = await readBody(request);
      const fault = this.faults.take(method, [path]);
      if (fault?.delayMs !== undefined) await wait(fault.delayMs);
      if (fault?.drop === true) {
        log(0);
        request.socket.destroy();
        return;
      }
      const answer =
        (fault === undefined ? undefined : faultAnswer(fault, isOAuth)) ?? (await this.#answer(method, target, path, request, body));
      log(answer.status);
      send(response, answer, traceId, fault);
    } catch (error) {
      // The client went away while it was sending, or sent something that is no HTTP: nobody is left to answer.
      log(0);
      if (!response.headersSent && error instanceof BodyTooLarge) {
        const tooLarge = new ApiError('INVALID_ARGUMENT', `the body is larger than ${MAX_BODY_BYTES} bytes`, null, 413);
        send(response, apiAnswer(tooLarge.httpStatus, errorBody(tooLarge), { connection: 'close' }), traceId, undefined);
      } else {
        request.socket.destroy();
      }
    }
  }

  async #answer(method: string, target: string, path: string, request: IncomingMessage, body: string): Promise<Answer> {
    const oauth = await this.oauth.answer(method, path, {
      contentType: request.headers['content-type'] ?? '',
      authorization: request.headers.authorization,
      body,
    });
    if (oauth !== undefined) {
      return { status: oauth.status, headers: { 'cache-control': 'no-store' }, body: JSON.stringify(oauth.body) };
    }
    try {
      const route = this.router.find(method, path);
      if (route.kind === 'unknown') throw new ApiError('NOT_FOUND', 'Not Found', null);
      if (route.kind === 'wrongMethod') throw new ApiError('UNIMPLEMENTED', 'Method Not Allowed', null);
      const { endpoint, parameters } = route;
      const query = new URLSearchParams(target.slice(path.length + 1));
      const message = requestMessage(endpoint, { parameters, query, body });
      const result = await this.calls.run(endpoint.api, message, request.headers.authorization);
      return apiAnswer(endpoint.api.successStatus, responseJson(endpoint.api.method.output, result));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return apiAnswer(error.httpStatus, errorBody(error));
    }
  }
}

class BodyTooLarge extends Error {}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function apiAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: {
      'cache-control': 'no-cache, no-store, must-revalidate',
      'grpc-metadata-content-type': 'application/grpc',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}

function faultAnswer(fault: Fault, isOAuth: boolean): Answer | undefined {
  if (fault.respond !== undefined) {
    const { status = 200, headers = {}, body = '' } = fault.respond;
    return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
  }
  if (fault.html === true) {
    return { status: fault.status ?? 502, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: PROXY_PAGE };
  }
  if (fault.wrongJson === true) return apiAnswerText(200, '{"next_page_token":"","total_size":3,"organizations":[{"id":"org_');
  if (fault.status === undefined) return undefined;
  const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  if (isOAuth) {
    const error = fault.errorCode ?? (fault.status < 500 ? 'invalid_request' : 'server_error');
    const body = { error, ...(fault.message === undefined ? {} : { error_description: fault.message }) };
    return { status: fault.status, headers, body: JSON.stringify(body) };
  }
  const error = faultError(fault, fault.status);
  return apiAnswer(fault.status, errorBody(error), headers);
}

/** The error a fault with a status stands for, in either protocol. */
export function faultError(fault: Fault, status: number): ApiError {
  const grpc = grpcStatusOf(status);
  const errorCode = fault.errorCode ?? (grpc === 'RESOURCE_EXHAUSTED' ? 'RATE_LIMITED' : grpc);
  return new ApiError(grpc, fault.message ?? 'Ordered of the sandbox', { errorCode }, status);
}

function apiAnswerText(status: number, body: string): Answer {
  return { ...apiAnswer(status, null), body };
}

function send(response: ServerResponse, answer: Answer, traceId: string, fault: Fault | undefined): void {
  const bytes = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    vary: 'Origin',
    'x-trace-id': traceId,
    'grpc-metadata-x-trace-id': traceId,
    ...answer.headers,
  });
  if (fault?.halfBody === true) {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy());
    return;
  }
  response.end(bytes);
}
