import fetch from 'node-fetch';
import type { Connection, Credentials } from '../contender';
import { connectBare } from './bareHttp';

/** node-fetch without anything around it: what the extension's client is built on. */
export function connect(credentials: Credentials): Connection {
  return connectBare(fetch, credentials);
}
