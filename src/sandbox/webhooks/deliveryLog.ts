import type { Attempt, Delivery } from './delivery';

const MOST_DELIVERIES = 200;
const MOST_ATTEMPTS = 20;
/** Of all payloads together. */
const MOST_CHARACTERS = 16_000_000;

/** A delivery and what came of it. */
export interface LoggedDelivery {
  readonly delivery: Delivery;
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
}

/** The latest 200 deliveries, or fewer if their payloads are large. One that leaves the log is delivered nevertheless. */
export class DeliveryLog {
  /** Oldest first. */
  readonly #entries = new Map<string, { delivery: Delivery; attempts: Attempt[] }>();
  readonly #listeners = new Set<() => void>();
  #length = 0;

  add(delivery: Delivery): void {
    this.#entries.set(delivery.id, { delivery, attempts: [] });
    this.#length += delivery.body.length;
    for (const [id, oldest] of this.#entries) {
      const isFull = this.#entries.size > MOST_DELIVERIES || this.#length > MOST_CHARACTERS;
      if (!isFull || id === delivery.id) return;
      this.#entries.delete(id);
      this.#length -= oldest.delivery.body.length;
    }
  }

  /** Notes an attempt, if the delivery is still in the log. */
  note(delivery: Delivery, attempt: Attempt): void {
    const attempts = this.#entries.get(delivery.id)?.attempts;
    attempts?.push(attempt);
    if (attempts !== undefined && attempts.length > MOST_ATTEMPTS) attempts.shift();
    // Not at once: what came of the delivery is written down right after this.
    if (this.#listeners.size > 0) queueMicrotask(() => this.#listeners.forEach((listener) => listener()));
  }

  /** Tells of every attempt, once its outcome is in the log. @returns a function that ends that */
  onAttempt(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    this.#length = 0;
  }
}
