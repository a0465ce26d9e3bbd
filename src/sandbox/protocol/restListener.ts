import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Faults } from '../faults';
import type { Fault } from '../package/api';
import { oauthError } from '../oauth/oauthError';
import { isOwnPage } from '../pages/ownPages';
import type { ReceivedRequest, ReceivedRequests } from '../receivedRequests';
import { requestProblem } from '../requestProblem';
import { headerOf, type SandboxResponse, type HttpRequest, type HttpSite } from './response';
import { ApiError, errorBody, grpcStatusOf, internalError } from './apiError';
import type { Calls } from './calls';
import { corsHeaders, preflight } from './cors';
import { optional } from './optional';
import type { PathRouter } from './pathRouter';
import { requestMessage, responseJson } from './transcoder';

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const PROXY_PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>\n';
const CUT_JSON = '{"next_page_token":"","total_size":3,"organizations":[{"id":"org_';

/** Serves HTTP/1.1: the REST side of the API, the other sites, and the active faults of both. */
export class RestListener {
  constructor(
    private readonly router: PathRouter,
    private readonly calls: Calls,
    private readonly sites: readonly HttpSite[],
    private readonly faults: Faults,
    private readonly received: ReceivedRequests,
    private readonly now: () => number,
    /** Whether an origin is that of an application's registered address. */
    private readonly isRegistered: (origin: string) => boolean = () => false,
    /** Called for what changes something on the sandbox's own pages. The received requests tell the rest. */
    private readonly afterOwnChange: () => void = () => undefined,
  ) {}

  /** Handles one request. Never rejects. */
  async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const time = this.now();
    const started = performance.now();
    const traceId = randomBytes(16).toString('hex');
    const method = incoming.method ?? 'GET';
    const target = incoming.url ?? '/';
    const path = target.split('?', 1)[0] ?? '/';
    const isOwn = path.startsWith('/__sandbox/') || isOwnPage(method, path);
    const log = (status: number, problem?: string) => {
      if (isOwn) {
        if (method !== 'GET') this.afterOwnChange();
        return;
      }
      const protocol: ReceivedRequest['protocol'] = path.startsWith('/api/') ? 'rest' : 'oauth';
      this.received.add({
        time,
        protocol,
        method,
        path: withoutSecrets(target),
        status,
        traceId,
        fromWorkbench: incoming.headers['user-agent']?.startsWith('scalekit-workbench/') === true,
        milliseconds: Math.round(performance.now() - started),
        ...optional('problem', problem),
      });
    };
    try {
      const request: HttpRequest = {
        method,
        path,
        query: new URLSearchParams(target.slice(path.length + 1)),
        headers: incoming.headers,
        body: await readBody(incoming),
        isLocal: LOOPBACK.test(incoming.socket.remoteAddress ?? ''),
      };
      const fault = isOwn ? undefined : this.faults.take(method, [path]);
      if (fault?.delayMs !== undefined) await wait(fault.delayMs);
      if (fault?.drop === true) {
        log(0);
        incoming.socket.destroy();
        return;
      }
      const ordered = fault === undefined ? undefined : faultResponse(fault, path.startsWith('/api/'));
      const bare = preflight(request, this.isRegistered) ?? ordered ?? (await this.#respond(request));
      const result = { ...bare, headers: { ...corsHeaders(request, this.isRegistered), ...bare.headers } };
      log(result.status, requestProblem(result));
      send(response, result, traceId, fault?.halfBody === true);
    } catch (error) {
      if (error instanceof BodyTooLarge && !response.headersSent) {
        log(413);
        const tooLarge = new ApiError('INVALID_ARGUMENT', `the body is larger than ${MAX_BODY_BYTES} bytes`, null);
        send(response, apiResponse(413, errorBody(tooLarge), { connection: 'close' }), traceId, false);
      } else {
        // The client disconnected while it was sending, so there's nobody to respond to.
        log(0);
        incoming.socket.destroy();
      }
    }
  }

  async #respond(request: HttpRequest): Promise<SandboxResponse> {
    for (const site of this.sites) {
      const result = await site.respond(request);
      if (result !== undefined) return result;
    }
    try {
      const route = this.router.find(request.method, request.path);
      if (route.kind === 'unknown') throw new ApiError('NOT_FOUND', 'Not Found', null);
      if (route.kind === 'wrongMethod') throw new ApiError('UNIMPLEMENTED', 'Method Not Allowed', null);
      const { endpoint, parameters } = route;
      const message = requestMessage(endpoint, { parameters, query: request.query, body: request.body });
      const result = await this.calls.run(endpoint.api, message, headerOf(request, 'authorization'));
      return apiResponse(endpoint.api.successStatus, responseJson(endpoint.api.method.output, result));
    } catch (error) {
      const apiError = error instanceof ApiError ? error : internalError(error);
      return apiResponse(apiError.httpStatus, errorBody(apiError));
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

/** The path in a form that may be logged: an unused portal link lets anyone in, and a query may hold tokens, codes and people's email addresses. */
function withoutSecrets(target: string): string {
  return target
    .replace(/^\/magicLink\/.*/, '/magicLink/***')
    .replace(
      /([?&](?:id_token_hint|login_hint|idp_initiated_login|authRequestID|code|token|access_token|client_secret|code_verifier)=)[^&]*/gi,
      '$1***',
    );
}

function apiResponse(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): SandboxResponse {
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

/** The response with which a fault replaces the real one, if it does. */
export function faultResponse(fault: Fault, isApi: boolean): SandboxResponse | undefined {
  if (fault.respond !== undefined) {
    const { status = 200, headers = {}, body = '' } = fault.respond;
    return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
  }
  if (fault.html === true) {
    return { status: fault.status ?? 502, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: PROXY_PAGE };
  }
  if (fault.wrongJson === true) return { ...apiResponse(200, null), body: CUT_JSON };
  if (fault.status === undefined) return undefined;
  const headers: Record<string, string> =
    fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
  if (!isApi) {
    const error = fault.errorCode ?? (fault.status < 500 ? 'invalid_request' : 'server_error');
    return oauthError(fault.status, error, fault.message, headers);
  }
  return apiResponse(fault.status, errorBody(faultError(fault, fault.status)), headers);
}

/** The error of a fault with a status, in either protocol. */
export function faultError(fault: Fault, status: number): ApiError {
  const grpc = grpcStatusOf(status);
  const errorCode = fault.errorCode ?? (grpc === 'RESOURCE_EXHAUSTED' ? 'RATE_LIMITED' : grpc);
  return new ApiError(grpc, fault.message ?? 'A fault of the sandbox', { errorCode }, status);
}

function send(response: ServerResponse, result: SandboxResponse, traceId: string, onlyHalf: boolean): void {
  const bytes = Buffer.from(result.body);
  response.writeHead(result.status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    vary: 'Origin',
    'x-trace-id': traceId,
    'grpc-metadata-x-trace-id': traceId,
    ...result.headers,
  });
  if (onlyHalf) response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.destroy());
  else response.end(bytes);
}
