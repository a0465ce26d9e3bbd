import { signInErrors } from './signInErrors';

/** How a sign-in goes wrong though it succeeds at the identity provider. */
export const faultyOutcomes = {
  expired_code: 'The code has already expired',
  used_code: 'The code was already used',
  wrong_state: 'The callback has a different state',
  missing_state: 'The callback gets no state',
  wrong_nonce: 'The ID token has another nonce',
} as const;

const ERRORS = new Set(signInErrors.flatMap(({ errors }) => errors.map(({ code }) => code)));

/** How a sign-in ends: `success`, one of `faultyOutcomes`, or the code of an error at the callback. */
export type Outcome = string;

/** What a person or a test orders for a sign-in. */
export interface Order {
  readonly outcome: Outcome;
  /** Milliseconds to wait before the browser is sent back. */
  readonly delayMs: number;
}

export const LONGEST_DELAY_MS = 60_000;

export function isOutcome(text: string): boolean {
  return text === 'success' || text in faultyOutcomes || ERRORS.has(text);
}

export function isErrorOutcome(outcome: Outcome): boolean {
  return ERRORS.has(outcome);
}

/** The outcomes that the control endpoint ordered for the next sign-ins. They go before what is chosen on a page. */
export class OrderedOutcomes {
  #orders: (Order & { times: number })[] = [];

  add(order: Order, times: number): void {
    this.#orders.push({ ...order, times });
  }

  list(): readonly (Order & { readonly times: number })[] {
    return this.#orders.map((order) => ({ ...order }));
  }

  clear(): void {
    this.#orders = [];
  }

  /** The order for a sign-in that ends now. */
  take(): Order | undefined {
    const [first] = this.#orders;
    if (first === undefined) return undefined;
    first.times--;
    if (first.times <= 0) this.#orders.shift();
    return { outcome: first.outcome, delayMs: first.delayMs };
  }
}
