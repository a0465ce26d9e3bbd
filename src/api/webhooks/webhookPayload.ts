import { randomInt } from 'node:crypto';
import type { WebhookEventType } from './eventTypes';

/** The body of a webhook (docs/scalekit-api.md, 5.2). */
export interface WebhookPayload {
  readonly spec_version: string;
  /** `evt_…`. A receiver ignores an event whose id it has seen. */
  readonly id: string;
  readonly type: string;
  readonly object: string;
  /** RFC 3339. */
  readonly occurred_at: string;
  readonly environment_id: string;
  /** Left out of events that don't belong to an organization. */
  readonly organization_id?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly display_name?: string;
}

/** What differs between two events of a type. */
export interface WebhookEventContent {
  readonly environmentId: string;
  readonly organizationId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The payload of a new event, with an id of its own. */
export function webhookPayload(
  { type, object, title }: WebhookEventType,
  { environmentId, organizationId, data }: WebhookEventContent,
  now: Date,
): WebhookPayload {
  return {
    spec_version: '1',
    id: newEventId(),
    type,
    object,
    occurred_at: now.toISOString(),
    environment_id: environmentId,
    ...(organizationId === undefined ? {} : { organization_id: organizationId }),
    data,
    display_name: title,
  };
}

/** `evt_` and 18 random digits. */
function newEventId(): string {
  const half = () => String(randomInt(100_000_000, 1_000_000_000));
  return `evt_${half()}${half()}`;
}
