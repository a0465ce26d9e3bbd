import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../../api/webhooks/eventTypes';
import { signWebhook } from '../../api/webhooks/signWebhook';
import { webhookPayload, type WebhookPayload } from '../../api/webhooks/webhookPayload';
import { randomDigits } from '../random';
import type { Attempt, Delivery } from './delivery';
import { DeliveryLog } from './deliveryLog';
import { DeliveryQueue, MOST_AT_ONCE, MOST_PENDING } from './deliveryQueue';
import type { EventSink } from './eventSink';
import { readSecret, readTarget, TargetError } from './loopbackTarget';
import { newSecret } from './newSecret';
import { Connections } from './post';
import { RetryPace } from './retrySchedule';

const MOST_ENDPOINTS = 20;
const TIMEOUT_MS = 10_000;

/** An app that wants to be told of events. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** Undefined for all. */
  readonly events: readonly string[] | undefined;
  /** How many deliveries aren't done. */
  readonly pending: number;
}

/** What makes an endpoint, as text from outside. */
export interface NewEndpoint {
  readonly url?: unknown;
  readonly events?: unknown;
  readonly secret?: unknown;
}

interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[] | undefined;
  readonly secret: string;
  readonly queue: DeliveryQueue;
  readonly connections: Connections;
}

/** What webhooks need to know about their sandbox. */
export interface WebhookSurroundings {
  readonly environmentId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The sandbox's own address. */
  readonly url: () => string;
}

const TYPES: ReadonlyMap<string, WebhookEventType> = new Map(WEBHOOK_EVENT_TYPES.map((type) => [type.type, type]));

/** The sandbox's webhooks: who wants which events, and what is delivered. */
export class Webhooks implements EventSink {
  readonly log = new DeliveryLog();
  readonly pace = new RetryPace();
  readonly #endpoints = new Map<string, Endpoint>();

  constructor(private readonly surroundings: WebhookSurroundings) {}

  /** In order of creation. */
  endpoints(): readonly WebhookEndpoint[] {
    return [...this.#endpoints.values()].map(view);
  }

  find(id: string): WebhookEndpoint | undefined {
    const endpoint = this.#endpoints.get(id);
    return endpoint === undefined ? undefined : view(endpoint);
  }

  /** @returns the endpoint and its secret, which nothing tells again. @throws TargetError */
  add({ url, events, secret }: NewEndpoint): { readonly endpoint: WebhookEndpoint; readonly secret: string } {
    if (this.#endpoints.size >= MOST_ENDPOINTS) throw new TargetError(`There are ${MOST_ENDPOINTS} endpoints already.`);
    const target = readTarget(url, this.surroundings.url());
    const added: Endpoint = {
      id: `ep_${randomDigits(18)}`,
      url: target.href,
      events: readEvents(events),
      secret: secret === undefined || secret === '' ? newSecret() : readSecret(secret),
      connections: new Connections(target, MOST_AT_ONCE),
      queue: new DeliveryQueue(
        this.pace,
        (delivery, signal) => this.#send(added, delivery, signal),
        (delivery, attempt) => this.log.note(delivery, attempt),
      ),
    };
    this.#endpoints.set(added.id, added);
    return { endpoint: view(added), secret: added.secret };
  }

  /** False if there is no such endpoint. What it still waited for is never sent. */
  remove(id: string): boolean {
    const endpoint = this.#endpoints.get(id);
    endpoint?.queue.close();
    endpoint?.connections.close();
    return this.#endpoints.delete(id);
  }

  emit(type: string, organizationId: string | undefined, data: () => Readonly<Record<string, unknown>>): void {
    const known = TYPES.get(type);
    if (known === undefined || ![...this.#endpoints.values()].some((endpoint) => wants(endpoint, type))) return;
    const { environmentId, now } = this.surroundings;
    const content = { environmentId, data: data(), ...(organizationId === undefined ? {} : { organizationId }) };
    this.fire(webhookPayload(known, content, new Date(now())));
  }

  /** Sends a payload to every endpoint that wants its type. */
  fire(payload: WebhookPayload): readonly Delivery[] {
    const body = JSON.stringify(payload);
    return [...this.#endpoints.values()]
      .filter((endpoint) => wants(endpoint, payload.type))
      .map((endpoint) => {
        const delivery: Delivery = {
          id: `msg_${randomDigits(18)}`,
          endpointId: endpoint.id,
          url: endpoint.url,
          type: payload.type,
          eventId: payload.id,
          body,
          createdAt: this.surroundings.now(),
          state: 'Queued',
          tries: 0,
        };
        this.log.add(delivery);
        if (!endpoint.queue.add(delivery)) this.log.note(delivery, this.#unsent());
        return delivery;
      });
  }

  /** Sends a logged delivery once more. @throws TargetError */
  resend(id: string): Delivery {
    const delivery = this.log.find(id)?.delivery;
    if (delivery === undefined) throw new TargetError(`There is no delivery ${id}.`);
    const endpoint = this.#endpoints.get(delivery.endpointId);
    if (endpoint === undefined) throw new TargetError('Its endpoint was deleted.');
    if (!endpoint.queue.resend(delivery)) throw new TargetError("It's being sent, or the queue is full.");
    return delivery;
  }

  /** Ends all deliveries. */
  close(): void {
    for (const id of [...this.#endpoints.keys()]) this.remove(id);
  }

  async #send({ secret, connections }: Endpoint, delivery: Delivery, signal: AbortSignal): Promise<Attempt> {
    const startedAt = this.surroundings.now();
    const timestamp = Math.floor(startedAt / 1000);
    const { id, body } = delivery;
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook({ secret, id, timestamp, body }),
    };
    return { startedAt, ...(await connections.post(headers, body, TIMEOUT_MS, signal)) };
  }

  #unsent(): Attempt {
    const problem = `It wasn't sent, because too many deliveries of this endpoint were waiting (at most ${MOST_PENDING}).`;
    return { startedAt: this.surroundings.now(), milliseconds: 0, status: undefined, problem, body: '' };
  }
}

function wants({ events }: Endpoint, type: string): boolean {
  return events === undefined || events.includes(type);
}

function view({ id, url, events, queue }: Endpoint): WebhookEndpoint {
  return { id, url, events, pending: queue.pending };
}

/** @throws TargetError for a type that doesn't exist */
function readEvents(events: unknown): readonly string[] | undefined {
  if (events === undefined || events === 'all') return undefined;
  if (!Array.isArray(events) || events.length === 0)
    throw new TargetError('events must be "all", or a list of event types.');
  for (const type of events as unknown[]) {
    if (typeof type !== 'string' || !TYPES.has(type))
      throw new TargetError(`${String(type).slice(0, 100)} isn't a type of event.`);
  }
  return [...new Set(events as string[])];
}
