import { ScalekitError, type ScalekitErrorDetails, type ScalekitErrorKind } from '../../src/api/client/scalekitError';
import { EnvironmentFailure } from '../../src/core/environmentFailure';

/** Whether an error is a failed call of this kind that names an environment. Checks `serverMessage` if it's given. */
export function failsWith(
  kind: ScalekitErrorKind,
  { serverMessage }: Pick<ScalekitErrorDetails, 'serverMessage'> = {},
): (error: unknown) => boolean {
  return (error) =>
    error instanceof EnvironmentFailure &&
    error.failure instanceof ScalekitError &&
    error.failure.kind === kind &&
    (serverMessage === undefined || error.failure.details.serverMessage === serverMessage);
}
