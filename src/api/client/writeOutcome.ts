import type { ScalekitClient } from './scalekitClient';
import { isOutcomeUnknown, ScalekitError } from './scalekitError';

/**
 * The outcome of a change: its result, or the failure with which its response was lost. In that case the change may
 * have been made anyway.
 */
export type WriteOutcome<T> = { readonly result: T } | { readonly lost: ScalekitError };

/** One change, and how to find out whether it was made. */
export interface VerifiableWrite<T> {
  readonly call: (client: ScalekitClient) => Promise<T>;
  /** For a call whose response was lost: its result, or undefined if the change wasn't made. */
  readonly verify?: (client: ScalekitClient) => Promise<T | undefined>;
}

/**
 * Makes a change. If its response is lost, first checks whether it was made.
 *
 * @throws ScalekitError if Scalekit refused it
 */
export async function makeWrite<T>(
  client: ScalekitClient,
  { call, verify }: VerifiableWrite<T>,
): Promise<WriteOutcome<T>> {
  try {
    return { result: await call(client) };
  } catch (error) {
    if (!(error instanceof ScalekitError) || !isOutcomeUnknown(error)) throw error;
    const result = await verify?.(client).catch(() => undefined);
    return result === undefined ? { lost: error } : { result };
  }
}
