import type { Reply } from './post';

/** The states in Scalekit's own log (docs/scalekit-api.md, 5.4). */
export type DeliveryState = 'Queued' | 'Success' | 'Failed' | 'Retrying';

/** One event on its way to one endpoint. */
export interface Delivery {
  /** The header `webhook-id`: the same in every attempt. */
  readonly id: string;
  readonly endpointId: string;
  readonly url: string;
  readonly type: string;
  /** The payload's own id. */
  readonly eventId: string;
  /** The payload, byte for byte the same in every attempt. */
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  state: DeliveryState;
  /** How often it was tried since it was queued or resent. */
  tries: number;
}

/** One try to deliver. */
export interface Attempt extends Reply {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
