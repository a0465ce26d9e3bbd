import { ScalekitError } from '../api/client/scalekitError';
import type { Environment } from './environment';

/** As much of an environment as a sentence needs, also of one that is gone. */
type Named = Pick<Environment, 'id' | 'name'>;

/** Why an environment cannot be used at all, so that no call was made. */
export type UnusableReason =
  | 'secretMissing'
  | 'secretDamaged'
  | 'secretUnreadable'
  | 'sandboxStopped'
  | 'invalidUrl'
  | 'gone';

/** A failure together with the environment it concerns, which the message must name. */
export class EnvironmentFailure extends Error {
  constructor(
    readonly environment: Named,
    readonly failure: ScalekitError | UnusableReason,
  ) {
    super(typeof failure === 'string' ? failure : failure.message);
    this.name = 'EnvironmentFailure';
  }
}

/** Whether a failed call means that the object which it was about is no more. */
export function isNotFound(error: unknown): error is EnvironmentFailure {
  return (
    error instanceof EnvironmentFailure &&
    error.failure instanceof ScalekitError &&
    error.failure.kind === 'notFound' &&
    error.failure.details.server === 'api'
  );
}

/** Runs a task that concerns one environment, so that its failed calls name it; cancelling is no failure. @throws EnvironmentFailure */
export async function inEnvironment<T>(environment: Named, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof ScalekitError && error.kind !== 'cancelled') throw new EnvironmentFailure(environment, error);
    throw error;
  }
}
