import type { Sending, WebhookDelivery } from './brokenWebhook';
import type { WebhookResult } from './postWebhook';

/** A request and what came back. */
export interface WebhookExchange {
  readonly delivery: WebhookDelivery;
  readonly result: WebhookResult;
}

/** A webhook that the user sent, with its responses. Never has the secret. */
export interface SentWebhook {
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly title: string;
  readonly url: URL;
  readonly sending: Sending;
  readonly isSigned: boolean;
  readonly exchanges: readonly WebhookExchange[];
  /** What to send again. */
  readonly body: string;
}
