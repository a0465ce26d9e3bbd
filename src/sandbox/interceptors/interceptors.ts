import { signWebhook } from '../../api/webhooks/signWebhook';
import { randomDigits } from '../random';
import { BoundedMap } from '../store/boundedMap';
import { TargetError } from '../webhooks/loopbackTarget';
import { Connections, type Reply } from '../webhooks/post';
import type { WebhookSurroundings } from '../webhooks/webhooks';
import { DENIED, readDecision, type Decision } from './decision';
import { readInterceptor, type Interceptor, type Trigger } from './interceptor';

const MOST_INTERCEPTORS = 20;
const MOST_CALLS = 200;
const MOST_AT_ONCE = 32;

/** An interceptor with its id, and without its secret. */
export type ListedInterceptor = Omit<Interceptor, 'secret'> & { readonly id: string };

/** One call of an interceptor, and what came of it. */
export interface InterceptorCall extends Reply {
  /** The header `interceptor-id`. */
  readonly id: string;
  readonly interceptorId: string;
  readonly trigger: Trigger;
  readonly url: string;
  /** What was sent. */
  readonly request: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Undefined if the response was unusable. */
  readonly decision: Decision['decision'] | undefined;
  /** What happened: the decision, or what the failure policy says. */
  readonly outcome: Decision['decision'];
}

/** What is going on when an interceptor is asked. */
export interface Situation {
  /** Beside what every call has: `user_email`, `organization_id` and so on. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What makes the `response` of an allowing decision unusable, as a sentence. */
export type ResponseCheck = (response: Readonly<Record<string, unknown>>) => string | undefined;

interface Kept {
  readonly id: string;
  readonly interceptor: Interceptor;
  readonly connections: Connections;
}

/** The sandbox's interceptors: it calls them before something happens, and waits for what they decide. */
export class Interceptors {
  readonly #interceptors = new Map<string, Kept>();
  readonly #calls = new BoundedMap<string, InterceptorCall>(MOST_CALLS);
  readonly #closing = new AbortController();

  constructor(private readonly surroundings: WebhookSurroundings) {}

  /** In order of creation. */
  list(): readonly ListedInterceptor[] {
    return [...this.#interceptors.values()].map(view);
  }

  find(id: string): ListedInterceptor | undefined {
    const kept = this.#interceptors.get(id);
    return kept === undefined ? undefined : view(kept);
  }

  /** The latest calls, newest first. */
  calls(): readonly InterceptorCall[] {
    return [...this.#calls.values()].reverse();
  }

  /** @returns the interceptor and its secret, which nothing tells again. @throws TargetError */
  add(json: unknown): { readonly interceptor: ListedInterceptor; readonly secret: string } {
    if (this.#interceptors.size >= MOST_INTERCEPTORS)
      throw new TargetError(`There are ${MOST_INTERCEPTORS} interceptors already.`);
    const interceptor = readInterceptor(json, this.surroundings.url());
    const kept = {
      id: `icp_${randomDigits(18)}`,
      interceptor,
      connections: new Connections(interceptor.url, MOST_AT_ONCE),
    };
    this.#interceptors.set(kept.id, kept);
    return { interceptor: view(kept), secret: interceptor.secret };
  }

  /** False if there is no such interceptor. */
  remove(id: string): boolean {
    this.#interceptors.get(id)?.connections.close();
    return this.#interceptors.delete(id);
  }

  /**
   * Asks every interceptor of a trigger, one after the other, up to the first denial. What they respond is merged.
   * Undefined if there is none, at no cost.
   * @param situation made only if there is an interceptor
   * @param problemOf what makes a response unusable, as a sentence. Default: claims that aren't an object
   */
  ask(
    trigger: Trigger,
    situation: () => Situation,
    problemOf: ResponseCheck = claimsProblem,
  ): Promise<Decision> | undefined {
    const asked = [...this.#interceptors.values()].filter(({ interceptor }) => interceptor.trigger === trigger);
    return asked.length === 0 ? undefined : this.#askAll(asked, situation(), problemOf);
  }

  /** Ends all calls. */
  close(): void {
    this.#closing.abort();
    for (const id of [...this.#interceptors.keys()]) this.remove(id);
  }

  async #askAll(asked: readonly Kept[], situation: Situation, problemOf: ResponseCheck): Promise<Decision> {
    let response: Readonly<Record<string, unknown>> = {};
    for (const kept of asked) {
      const decision = await this.#call(kept, situation, problemOf);
      if (decision.decision === 'DENY') return decision;
      response = merged(response, decision.response);
    }
    return { decision: 'ALLOW', response };
  }

  async #call(
    { id: interceptorId, interceptor, connections }: Kept,
    situation: Situation,
    problemOf: ResponseCheck,
  ): Promise<Decision> {
    const { trigger, name, url, secret, timeoutMs, failurePolicy } = interceptor;
    const { environmentId, now } = this.surroundings;
    const startedAt = now();
    const request = JSON.stringify({
      display_name: name,
      trigger_point: trigger,
      interceptor_context: {
        environment_id: environmentId,
        ...situation.context,
        triggered_at: new Date(startedAt).toISOString(),
      },
      data: situation.data,
    });
    const id = `msg_${randomDigits(18)}`;
    const timestamp = Math.floor(startedAt / 1000);
    const signature = signWebhook({ secret, id, timestamp, body: request });
    // Scalekit's SDKs read different ones, and which ones Scalekit sends isn't documented (docs/scalekit-api.md, 5.5).
    const headers = Object.fromEntries(
      ['interceptor', 'webhook'].flatMap((prefix) => [
        [`${prefix}-id`, id],
        [`${prefix}-timestamp`, String(timestamp)],
        [`${prefix}-signature`, signature],
      ]),
    );
    const reply = await connections.post(headers, request, timeoutMs, this.#closing.signal);
    const read = reply.status === 200 && reply.problem === undefined ? readDecision(reply.body) : undefined;
    const problem =
      reply.problem ??
      (read === undefined ? "The response isn't a decision with status 200." : undefined) ??
      (read?.decision === 'ALLOW' ? problemOf(read.response) : undefined);
    const decision = problem === undefined ? read : undefined;
    const outcome: Decision =
      decision ?? (failurePolicy === 'FAIL_OPEN' ? { decision: 'ALLOW', response: {} } : DENIED);
    this.#calls.set(id, {
      id,
      interceptorId,
      trigger,
      url: url.href,
      request,
      startedAt,
      ...reply,
      problem,
      decision: decision?.decision,
      outcome: outcome.decision,
    });
    return outcome;
  }
}

function view({ id, interceptor }: Kept): ListedInterceptor {
  const { name, trigger, url, timeoutMs, failurePolicy } = interceptor;
  return { id, name, trigger, url, timeoutMs, failurePolicy };
}

function claimsProblem({ claims }: Readonly<Record<string, unknown>>): string | undefined {
  return claims === undefined || (typeof claims === 'object' && claims !== null && !Array.isArray(claims))
    ? undefined
    : 'response.claims must be an object.';
}

/** Later values win, and claims are merged one by one. */
function merged(
  first: Readonly<Record<string, unknown>>,
  second: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const claims = [first['claims'], second['claims']].filter((each) => typeof each === 'object' && each !== null);
  return { ...first, ...second, ...(claims.length === 0 ? {} : { claims: Object.assign({}, ...claims) as unknown }) };
}
