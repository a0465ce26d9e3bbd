import { BoundedMap } from '../store/boundedMap';
import type { Attempt, Delivery } from './delivery';

const MOST_DELIVERIES = 200;
const MOST_ATTEMPTS = 20;

/** A delivery and what came of it. */
export interface LoggedDelivery {
  readonly delivery: Delivery;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
}

/** The latest 200 deliveries. One that leaves the log is delivered nevertheless. */
export class DeliveryLog {
  readonly #entries = new BoundedMap<string, { delivery: Delivery; attempts: Attempt[] }>(MOST_DELIVERIES);

  add(delivery: Delivery): void {
    this.#entries.set(delivery.id, { delivery, attempts: [] });
  }

  /** Notes an attempt, if the delivery is still in the log. */
  note(delivery: Delivery, attempt: Attempt): void {
    const attempts = this.#entries.get(delivery.id)?.attempts;
    attempts?.push(attempt);
    if (attempts !== undefined && attempts.length > MOST_ATTEMPTS) attempts.shift();
  }

  find(id: string): LoggedDelivery | undefined {
    return this.#entries.get(id);
  }

  /** Newest first. */
  list(): readonly LoggedDelivery[] {
    return [...this.#entries.values()].reverse();
  }

  clear(): void {
    this.#entries.clear();
  }
}
