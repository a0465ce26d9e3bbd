import { randomBytes } from 'node:crypto';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import type { DescMethodUnary } from '@bufbuild/protobuf';
import { ConnectError, createContextKey, createContextValues, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb';
import type { Faults } from '../faults';
import type { Fault } from '../package/api';
import type { ReceivedRequests } from '../receivedRequests';
import { problemText } from '../requestProblem';
import { ApiError, grpcStatuses } from './apiError';
import type { Calls } from './calls';
import type { ApiMethod } from './endpoints';
import { optional } from './optional';
import { faultResponse, faultError } from './restListener';

/** What one gRPC call carries from the listener to its handler and back. */
interface CallState {
  readonly traceId: string;
  readonly error: ApiError | undefined;
  status: number | undefined;
  problem?: string | undefined;
}

const STATE = createContextKey<CallState>({ traceId: '', error: undefined, status: undefined });

/** Serves gRPC over HTTP/2 for the official SDKs, with the same handlers as REST. */
export function grpcListener(
  methods: readonly ApiMethod[],
  calls: Calls,
  faults: Faults,
  received: ReceivedRequests,
  now: () => number,
): (request: Http2ServerRequest, response: Http2ServerResponse) => void {
  const namesOf = new Map(
    methods.map(({ grpcPath, bindings }) => [grpcPath, [grpcPath, ...bindings.map(({ template }) => template)]]),
  );
  const states = new WeakMap<object, CallState>();

  const routes = (router: ConnectRouter) => {
    for (const api of methods) {
      // All of Scalekit's methods are unary.
      router.rpc(api.method as DescMethodUnary, async (request, context) => {
        const state = context.values.get(STATE);
        context.responseHeader.set('x-trace-id', state.traceId);
        try {
          if (state.error !== undefined) throw state.error;
          const response = await calls.run(api, request, context.requestHeader.get('authorization') ?? undefined);
          state.status = 200;
          return response;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          state.status = error.httpStatus;
          state.problem = problemText(error.info?.errorCode ?? error.status, error.message);
          throw connectError(error, state.traceId);
        }
      });
    }
  };
  const adapter = connectNodeAdapter({
    grpc: true,
    grpcWeb: false,
    connect: false,
    routes,
    contextValues: (request) => {
      const state = states.get(request);
      return state === undefined ? createContextValues() : createContextValues().set(STATE, state);
    },
  });

  const serve = async (request: Http2ServerRequest, response: Http2ServerResponse): Promise<void> => {
    const time = now();
    const started = performance.now();
    const path = request.url.split('?', 1)[0] ?? '';
    const httpMethod = request.method;
    const fault = faults.take(httpMethod, namesOf.get(path) ?? [path]);
    const state: CallState = {
      traceId: randomBytes(16).toString('hex'),
      error: isStatusOnly(fault) ? faultError(fault, fault.status) : undefined,
      status: undefined,
    };
    states.set(request, state);
    response.once('close', () => {
      const status = state.status ?? (response.headersSent ? response.statusCode : 0);
      const { traceId, problem } = state;
      received.add({
        time,
        protocol: 'grpc',
        method: httpMethod,
        path,
        status,
        traceId,
        fromWorkbench: false,
        milliseconds: Math.round(performance.now() - started),
        ...optional('problem', problem),
      });
    });
    if (fault?.delayMs !== undefined) await wait(fault.delayMs);
    if (fault?.drop === true) {
      request.stream.session?.destroy();
      return;
    }
    if (fault?.halfBody === true) {
      response.writeHead(200, { 'content-type': 'application/grpc+proto' });
      // A frame that announces 64 bytes and then ends.
      response.write(Buffer.from([0, 0, 0, 0, 64, 10, 2]), () => request.stream.session?.destroy());
      return;
    }
    const result = fault === undefined || state.error !== undefined ? undefined : faultResponse(fault, true);
    if (result !== undefined) {
      response.writeHead(result.status, {
        'content-type': 'application/json',
        'x-trace-id': state.traceId,
        ...result.headers,
      });
      response.end(result.body);
      return;
    }
    adapter(request, response);
  };
  return (request, response) => void serve(request, response);
}

/** A fault with an error status becomes a gRPC error. Other faults respond as a proxy would, outside gRPC. */
function isStatusOnly(fault: Fault | undefined): fault is Fault & { status: number } {
  return (
    fault?.status !== undefined &&
    fault.respond === undefined &&
    fault.html !== true &&
    fault.wrongJson !== true &&
    fault.drop !== true &&
    fault.halfBody !== true
  );
}

function connectError(error: ApiError, traceId: string): ConnectError {
  const details = error.info === null ? [] : [{ desc: ErrorInfoSchema, value: error.info }];
  return new ConnectError(error.message, grpcStatuses[error.status].code, { 'x-trace-id': traceId }, details);
}
