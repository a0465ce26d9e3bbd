import type { InterceptorCall, Interceptors, ListedInterceptor } from '../interceptors/interceptors';
import { jsonResponse, type SandboxResponse } from '../protocol/response';

/** What the control endpoint's help says of these paths. */
export const INTERCEPTOR_HELP = {
  'GET /__sandbox/interceptors': 'the interceptors, without their secrets',
  'POST /__sandbox/interceptors':
    'adds one on this machine: {"trigger_point":"PRE_SIGNUP","url":"http://localhost:3000/interceptors","timeout_ms":10000,"failure_policy":"FAIL_OPEN","secret":"whsec_…"}. Without a secret it gets a new one, which only this response shows',
  'DELETE /__sandbox/interceptors/{interceptor_id}': 'deletes one',
  'GET /__sandbox/interceptor-calls': 'the latest 200 calls, newest first, each with its request and response',
};

/** The interceptors' part of the control endpoint. */
export class InterceptorControl {
  constructor(private readonly interceptors: Interceptors) {}

  /**
   * Undefined for a path or method that isn't its own.
   * @param path without the control endpoint's prefix
   * @param body reads the request's JSON
   * @throws Error with a sentence
   */
  respond(method: string, path: string, body: () => Record<string, unknown>): SandboxResponse | undefined {
    const [, id] = /^interceptors\/([^/]+)$/.exec(path) ?? [];
    if (method === 'DELETE' && id !== undefined) {
      return this.interceptors.remove(id)
        ? jsonResponse(200, {})
        : jsonResponse(404, { error: `There is no interceptor ${id}.` });
    }
    switch (`${method} ${path}`) {
      case 'GET interceptors':
        return jsonResponse(200, { interceptors: this.interceptors.list().map(interceptorJson) });
      case 'POST interceptors': {
        const { interceptor, secret } = this.interceptors.add(body());
        return jsonResponse(200, { ...interceptorJson(interceptor), secret });
      }
      case 'GET interceptor-calls':
        return jsonResponse(200, { calls: this.interceptors.calls().map(callJson) });
      default:
        return undefined;
    }
  }
}

function interceptorJson({ id, name, trigger, url, timeoutMs, failurePolicy }: ListedInterceptor): object {
  return {
    id,
    display_name: name,
    trigger_point: trigger,
    url: url.href,
    timeout_ms: timeoutMs,
    failure_policy: failurePolicy,
  };
}

function callJson(call: InterceptorCall): object {
  return {
    id: call.id,
    interceptor_id: call.interceptorId,
    trigger_point: call.trigger,
    url: call.url,
    time: new Date(call.startedAt).toISOString(),
    milliseconds: call.milliseconds,
    status: call.status ?? null,
    problem: call.problem ?? null,
    decision: call.decision ?? null,
    outcome: call.outcome,
    request: JSON.parse(call.request) as unknown,
    response: call.body,
  };
}
