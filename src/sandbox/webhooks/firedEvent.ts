import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../../api/webhooks/eventTypes';
import { samplePayload, type SampleIds } from '../../api/webhooks/samplePayload';
import type { WebhookPayload } from '../../api/webhooks/webhookPayload';
import { TargetError } from './loopbackTarget';

/**
 * The payload of an event that somebody fires: a whole one, or a sample of a type with some fields of their own.
 * @param ids of the sandbox's records, for a sample
 * @throws TargetError with a sentence that says what is wrong
 */
export function readEvent(json: Readonly<Record<string, unknown>>, ids: SampleIds, now: Date): WebhookPayload {
  const { type, organization_id: organizationId, data, payload } = json;
  const unknown = Object.keys(json).find((name) => !['type', 'organization_id', 'data', 'payload'].includes(name));
  if (unknown !== undefined)
    throw new TargetError(
      `${unknown.slice(0, 100)} isn't a field here. The fields are type, organization_id and data, or only payload.`,
    );
  if (payload !== undefined) {
    if (!isObject(payload)) throw new TargetError('payload must be a JSON object.');
    return { ...samplePayload(eventType(payload['type']), ids, now), ...payload } as WebhookPayload;
  }
  const sample = samplePayload(eventType(type), ids, now);
  if (organizationId !== undefined && typeof organizationId !== 'string')
    throw new TargetError('organization_id must be a text.');
  if (data !== undefined && !isObject(data)) throw new TargetError('data must be a JSON object.');
  return {
    ...sample,
    ...(organizationId === undefined ? {} : { organization_id: organizationId }),
    ...(data === undefined ? {} : { data }),
  };
}

function eventType(type: unknown): WebhookEventType {
  const found = WEBHOOK_EVENT_TYPES.find((known) => known.type === type);
  if (found === undefined) throw new TargetError('type must be one of those that GET /__sandbox/webhook-events lists.');
  return found;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
