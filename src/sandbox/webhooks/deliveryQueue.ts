import type { Attempt, Delivery } from './delivery';
import type { RetryPace } from './retrySchedule';

/** Deliveries at one moment to one endpoint. */
export const MOST_AT_ONCE = 8;
/** Deliveries of one endpoint that wait or are sent. What comes on top fails at once. */
export const MOST_PENDING = 20_000;
/** Of all their payloads together. */
export const MOST_PENDING_CHARACTERS = 64_000_000;

interface Waiting {
  readonly timer: NodeJS.Timeout;
  /** Of the clock of `performance`. */
  readonly since: number;
}

/**
 * What is still to be delivered to one endpoint. A few are sent at a time, and what fails is tried again later: at least
 * once, in no promised order.
 */
export class DeliveryQueue {
  /** In the order of their turn. */
  readonly #next = new Set<Delivery>();
  readonly #retrying = new Map<Delivery, Waiting>();
  readonly #sending = new Map<Delivery, AbortController>();
  readonly #stopListening: () => void;
  /** Of the payloads that are pending. */
  #length = 0;
  #turn: NodeJS.Immediate | undefined;
  #isClosed = false;

  /**
   * @param send makes one attempt, and never rejects
   * @param note told of every attempt, before the delivery's state changes
   */
  constructor(
    private readonly pace: RetryPace,
    private readonly send: (delivery: Delivery, signal: AbortSignal) => Promise<Attempt>,
    private readonly note: (delivery: Delivery, attempt: Attempt) => void,
  ) {
    this.#stopListening = pace.onChange(() => this.#waitAnew());
  }

  /** How many deliveries aren't done. */
  get pending(): number {
    return this.#next.size + this.#retrying.size + this.#sending.size;
  }

  /** How many are on their way right now. */
  get sending(): number {
    return this.#sending.size;
  }

  /** False if the queue is full: then the delivery has failed. */
  add(delivery: Delivery): boolean {
    const length = this.#length + delivery.body.length;
    if (this.#isClosed || this.pending >= MOST_PENDING || length > MOST_PENDING_CHARACTERS) {
      delivery.state = 'Failed';
      return false;
    }
    this.#length = length;
    delivery.state = 'Queued';
    this.#next.add(delivery);
    // Not at once, so that the change that caused it is answered first.
    this.#turn ??= setImmediate(() => {
      this.#turn = undefined;
      this.#fill();
    });
    return true;
  }

  /** Delivers once more, whatever came of it before. False if it's being sent, or the queue is full. */
  resend(delivery: Delivery): boolean {
    if (this.#sending.has(delivery)) return false;
    const isPending = this.#retrying.has(delivery) || this.#next.has(delivery);
    this.#stopWaiting(delivery);
    this.#next.delete(delivery);
    if (isPending) this.#length -= delivery.body.length;
    delivery.tries = 0;
    return this.add(delivery);
  }

  /** Ends everything, also what is being sent. What isn't done fails. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    for (const delivery of this.#retrying.keys()) {
      this.#stopWaiting(delivery);
      delivery.state = 'Failed';
    }
    for (const delivery of this.#next) delivery.state = 'Failed';
    this.#next.clear();
    for (const controller of this.#sending.values()) controller.abort();
  }

  #fill(): void {
    for (const delivery of this.#next) {
      if (this.#sending.size >= MOST_AT_ONCE) return;
      this.#next.delete(delivery);
      void this.#try(delivery);
    }
  }

  async #try(delivery: Delivery): Promise<void> {
    const controller = new AbortController();
    this.#sending.set(delivery, controller);
    delivery.tries++;
    const attempt = await this.send(delivery, controller.signal);
    this.#sending.delete(delivery);
    this.note(delivery, attempt);
    const { status = 0 } = attempt;
    if (status >= 200 && status <= 299) delivery.state = 'Success';
    else if (this.#isClosed || this.pace.delayAfter(delivery.tries) === undefined) delivery.state = 'Failed';
    else {
      delivery.state = 'Retrying';
      this.#wait(delivery, performance.now());
    }
    if (delivery.state !== 'Retrying') this.#length -= delivery.body.length;
    this.#fill();
  }

  #wait(delivery: Delivery, since: number): void {
    const delay = this.pace.delayAfter(delivery.tries) ?? 0;
    const timer = setTimeout(
      () => {
        this.#retrying.delete(delivery);
        this.#next.add(delivery);
        this.#fill();
      },
      Math.max(since + delay - performance.now(), 0),
    );
    timer.unref();
    this.#retrying.set(delivery, { timer, since });
  }

  #waitAnew(): void {
    for (const [delivery, { timer, since }] of [...this.#retrying]) {
      clearTimeout(timer);
      this.#wait(delivery, since);
    }
  }

  #stopWaiting(delivery: Delivery): void {
    clearTimeout(this.#retrying.get(delivery)?.timer);
    this.#retrying.delete(delivery);
  }
}
