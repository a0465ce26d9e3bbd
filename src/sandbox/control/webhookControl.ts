import { WEBHOOK_EVENT_TYPES } from '../../api/webhooks/eventTypes';
import { jsonResponse, type SandboxResponse } from '../protocol/response';
import type { LoggedDelivery } from '../webhooks/deliveryLog';
import { readEvent } from '../webhooks/firedEvent';
import { isFiredOnly } from '../webhooks/firedOnly';
import { TargetError } from '../webhooks/loopbackTarget';
import type { Webhooks } from '../webhooks/webhooks';
import type { SampleIds } from '../../api/webhooks/samplePayload';

/** What the control endpoint's help says of these paths. */
export const WEBHOOK_HELP = {
  'GET /__sandbox/webhooks': 'the webhook endpoints, without their secrets',
  'POST /__sandbox/webhooks':
    'adds one on this machine: {"url":"http://localhost:3000/webhooks","events":["organization.created"],"secret":"whsec_…"}. Without events it gets all, without a secret a new one, which only this response shows',
  'DELETE /__sandbox/webhooks/{endpoint_id}': 'deletes one. What it still waits for is never sent',
  'GET /__sandbox/webhook-events': 'the types of events, and which of them nothing in the sandbox causes',
  'POST /__sandbox/webhook-events':
    'fires one: {"type":"role.created"} with sample data, with "organization_id" and "data" of your own, or {"payload":{…}} with all of it',
  'GET /__sandbox/webhook-deliveries': 'the latest 200 deliveries, newest first; ?state=Retrying selects some',
  'GET /__sandbox/webhook-deliveries/{delivery_id}': 'one, with its payload and the responses',
  'POST /__sandbox/webhook-deliveries/{delivery_id}/resend': 'sends it once more, with a new timestamp and signature',
  'DELETE /__sandbox/webhook-deliveries': 'clears the list. Nothing is stopped by that',
  'GET /__sandbox/webhook-retries': 'how many times faster than Scalekit the sandbox tries again',
  'POST /__sandbox/webhook-retries': 'changes that: {"factor":1000}',
};

/** The webhooks' part of the control endpoint. */
export class WebhookControl {
  constructor(
    private readonly webhooks: Webhooks,
    private readonly sampleIds: () => SampleIds,
    private readonly now: () => number,
  ) {}

  /**
   * Undefined for a path or method that isn't its own.
   * @param path without the control endpoint's prefix
   * @param body reads the request's JSON
   * @throws Error with a sentence
   */
  respond(
    method: string,
    path: string,
    query: URLSearchParams,
    body: () => Record<string, unknown>,
  ): SandboxResponse | undefined {
    const [, kind, id, verb] = /^webhook(s|-events|-deliveries|-retries)(?:\/([^/]+)(\/resend)?)?$/.exec(path) ?? [];
    if (kind === undefined) return undefined;
    switch (`${method} ${kind}${id === undefined ? '' : '/id'}${verb ?? ''}`) {
      case 'GET s':
        return jsonResponse(200, { endpoints: this.webhooks.endpoints().map(endpointJson) });
      case 'POST s': {
        const { endpoint, secret } = this.webhooks.add(body());
        return jsonResponse(200, { ...endpointJson(endpoint), secret });
      }
      case 'DELETE s/id':
        return this.webhooks.remove(id ?? '')
          ? jsonResponse(200, {})
          : jsonResponse(404, { error: `There is no endpoint ${id}.` });
      case 'GET -events':
        return jsonResponse(200, {
          types: WEBHOOK_EVENT_TYPES.map((type) => ({ ...type, fired_only: isFiredOnly(type) })),
        });
      case 'POST -events': {
        const payload = readEvent(body(), this.sampleIds(), new Date(this.now()));
        const deliveries = this.webhooks.fire(payload);
        return jsonResponse(200, { event_id: payload.id, deliveries: deliveries.map((delivery) => delivery.id) });
      }
      case 'GET -deliveries': {
        const state = query.get('state');
        const found = this.webhooks.log.list().filter(({ delivery }) => state === null || delivery.state === state);
        return jsonResponse(200, { deliveries: found.map((logged) => deliveryJson(logged, false)) });
      }
      case 'GET -deliveries/id': {
        const logged = this.webhooks.log.find(id ?? '');
        return logged === undefined
          ? jsonResponse(404, { error: `There is no delivery ${id}.` })
          : jsonResponse(200, deliveryJson(logged, true));
      }
      case 'POST -deliveries/id/resend': {
        const { state } = this.webhooks.resend(id ?? '');
        return jsonResponse(200, { id, state });
      }
      case 'DELETE -deliveries':
        this.webhooks.log.clear();
        return jsonResponse(200, {});
      case 'GET -retries':
        return jsonResponse(200, { factor: this.webhooks.pace.factor });
      case 'POST -retries': {
        const { factor } = body();
        if (typeof factor !== 'number') throw new TargetError('factor must be a number.');
        this.webhooks.pace.set(factor);
        return jsonResponse(200, { factor });
      }
      default:
        return undefined;
    }
  }
}

function endpointJson({ id, url, events, pending }: ReturnType<Webhooks['endpoints']>[number]): object {
  return { id, url, events: events ?? 'all', pending };
}

function deliveryJson({ delivery, attempts }: LoggedDelivery, isWhole: boolean): object {
  const { id, endpointId, url, type, eventId, state, createdAt, body } = delivery;
  return {
    id,
    endpoint_id: endpointId,
    url,
    event_id: eventId,
    type,
    state,
    created_at: new Date(createdAt).toISOString(),
    attempts: attempts.map((attempt) => ({
      time: new Date(attempt.startedAt).toISOString(),
      milliseconds: attempt.milliseconds,
      status: attempt.status ?? null,
      problem: attempt.problem ?? null,
      ...(isWhole ? { response: attempt.body } : {}),
    })),
    ...(isWhole ? { payload: JSON.parse(body) as unknown } : {}),
  };
}
