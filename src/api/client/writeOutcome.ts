import type { ScalekitClient } from './scalekitClient';
import { isOutcomeUnknown, ScalekitError } from './scalekitError';

/** What came of a change: what it gave, or the failure with which its response was lost, so that it may have been made all the same. */
export type WriteOutcome<T> = { readonly result: T } | { readonly lost: ScalekitError };

/** One change, and how to find out by reading whether it was made. */
export interface FindableWrite<T> {
  readonly call: (client: ScalekitClient) => Promise<T>;
  /** For a call whose response was lost: what it gave, or undefined when it was not done. */
  readonly verify?: (client: ScalekitClient) => Promise<T | undefined>;
}

/** Makes a change. When its response is lost, it is looked for before anyone is told so. @throws ScalekitError when Scalekit refused it */
export async function makeWrite<T>(
  client: ScalekitClient,
  { call, verify }: FindableWrite<T>,
): Promise<WriteOutcome<T>> {
  try {
    return { result: await call(client) };
  } catch (error) {
    if (!(error instanceof ScalekitError) || !isOutcomeUnknown(error)) throw error;
    const result = await verify?.(client).catch(() => undefined);
    return result === undefined ? { lost: error } : { result };
  }
}
