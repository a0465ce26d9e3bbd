import fetch from 'node-fetch';
import type { Connection, Credentials } from '../contender';
import { connectBare } from './bareHttp';

/** Bare node-fetch, which the extension's client uses. */
export function connect(credentials: Credentials): Connection {
  return connectBare(fetch, credentials);
}
