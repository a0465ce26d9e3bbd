import type { Environment } from '../core/environment';
import { environmentArgument, type EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure } from '../core/environmentFailure';
import { isRecord, readText } from '../api/json';
import type { Prompts } from '../ui/prompts';
import { resolveEnvironment } from '../ui/resolveEnvironment';
import type { ConnectionSelector } from './signInChoices';

/** Where a sign-in command was run. */
export interface SignInTarget {
  readonly environment: Environment;
  /** The connection or organization of the row. Undefined if the command was run on an environment or in the palette. */
  readonly selector: ConnectionSelector | undefined;
}

/**
 * The environment, and the organization or connection, that a sign-in command was run on. In the palette it's the active
 * environment. Undefined if there's none.
 *
 * @throws EnvironmentFailure if the environment no longer exists
 */
export async function signInTarget(
  argument: unknown,
  environments: EnvironmentAccess,
  prompts: Prompts,
): Promise<SignInTarget | undefined> {
  const environmentId = isRecord(argument) ? readText(argument['environmentId']) : undefined;
  if (!isRecord(argument) || environmentId === undefined) {
    const environment = await resolveEnvironment(argument, environments, prompts);
    return environment && { environment, selector: undefined };
  }
  await environments.ready();
  const environment = environmentArgument(environmentId, environments);
  if (environment === undefined) throw new EnvironmentFailure({ id: environmentId, name: environmentId }, 'gone');
  return { environment, selector: rowSelector(argument) };
}

function rowSelector(row: Readonly<Record<string, unknown>>): ConnectionSelector | undefined {
  const { connection } = row;
  const connectionId = isRecord(connection) ? readText(connection['id']) : undefined;
  if (connectionId !== undefined) return { by: 'connection', value: connectionId };
  const organizationId = readText(row['organizationId']);
  return organizationId === undefined ? undefined : { by: 'organization', value: organizationId };
}
