import { setTimeout as delay } from 'node:timers/promises';
import { patient } from '../host/patience';

/**
 * Waits until the condition is true, and checks it every few milliseconds.
 *
 * @throws if it isn't true within `deadlineMs`, on an idle machine
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 2_000,
): Promise<void> {
  const limit = patient(deadlineMs);
  const end = performance.now() + limit;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limit} ms`);
    await delay(5);
  }
}

/** A promise together with the functions that settle it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) };
}
