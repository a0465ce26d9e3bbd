import { WEBHOOK_EVENT_TYPES, type WebhookEventType } from '../../api/webhooks/eventTypes';

/** Whether nothing in the sandbox causes events of a type, so that they're only sent when somebody fires them. */
export function isFiredOnly({ object }: WebhookEventType): boolean {
  // The sandbox doesn't serve connected accounts.
  return object === 'ConnectedAccount';
}

/** The types of events that nothing in the sandbox causes. */
export const FIRED_ONLY: readonly WebhookEventType[] = WEBHOOK_EVENT_TYPES.filter(isFiredOnly);
