import type { Connection, Credentials } from '../contender';
import { connectBare } from './bareHttp';

/** Node's own fetch, with nothing around it. */
export function connect(credentials: Credentials): Connection {
  return connectBare(fetch, credentials);
}
