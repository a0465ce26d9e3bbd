import { isRecord } from '../api/json';
import { EnvironmentFailure } from './environmentFailure';

/**
 * The environment that a menu or another caller names, by its id or by an object that carries it; undefined when they name none.
 *
 * @throws EnvironmentFailure when it is gone: none is ever taken in its place.
 */
export function environmentArgument<E>(argument: unknown, get: (id: string) => E | undefined): E | undefined {
  const id = isRecord(argument) ? argument['id'] : argument;
  if (typeof id !== 'string') return undefined;
  const environment = get(id);
  if (environment === undefined) throw new EnvironmentFailure({ id, name: id }, 'gone');
  return environment;
}
