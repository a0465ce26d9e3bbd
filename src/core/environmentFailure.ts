import { ScalekitError } from '../api/client/scalekitError';
import type { Environment } from './environment';

/** The part of an environment that a message needs, even after the environment was removed. */
type Named = Pick<Environment, 'id' | 'name'>;

/** Why an environment can't be used at all, so that no call was made. */
export type UnusableReason =
  | 'secretMissing'
  | 'secretDamaged'
  | 'secretUnreadable'
  | 'sandboxStopped'
  | 'invalidUrl'
  | 'gone';

/** A failure and its environment, which the message must name. */
export class EnvironmentFailure extends Error {
  constructor(
    readonly environment: Named,
    readonly failure: ScalekitError | UnusableReason,
  ) {
    super(typeof failure === 'string' ? failure : failure.message);
    this.name = 'EnvironmentFailure';
  }
}

/** Whether a failed call means that its object no longer exists. */
export function isNotFound(error: unknown): error is EnvironmentFailure {
  return (
    error instanceof EnvironmentFailure &&
    error.failure instanceof ScalekitError &&
    error.failure.kind === 'notFound' &&
    error.failure.details.server === 'api'
  );
}

/**
 * Runs a task in an environment, so that failed calls name it. Cancelling isn't a failure.
 *
 * @throws EnvironmentFailure
 */
export async function inEnvironment<T>(environment: Named, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof ScalekitError && error.kind !== 'cancelled') throw new EnvironmentFailure(environment, error);
    throw error;
  }
}
