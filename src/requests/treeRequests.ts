import { isRecord, readText } from '../api/json.js';
import { readDocumentReference } from '../editor/documentReference.js';
import { requestOf, type ApiRequest } from './apiRequest.js';
import type { DocumentedEndpoint } from './documentedEndpoint.js';

/** A request, and the environment that it is meant for. */
export interface EnvironmentRequest {
  readonly environmentId: string;
  readonly request: ApiRequest;
}

const API = '/api/v1/';
const SIGN_IN_LOG = 'logs/authentication/requests';

/**
 * The documented request behind a row of a tree: the GET of a resource, or else of the list that it is in; for a row that holds a list,
 * the list. Undefined for anything else.
 */
export function requestOfRow(argument: unknown, endpoints: readonly DocumentedEndpoint[]): EnvironmentRequest | undefined {
  const row = readRow(argument);
  if (row === undefined) return undefined;
  const request = requestOfPath(row.path, endpoints);
  return request === undefined ? undefined : { environmentId: row.environmentId, request };
}

/** Collections and ids by turns, as a document's path; ends with a collection for a list. */
function readRow(argument: unknown): { readonly environmentId: string; readonly path: readonly string[] } | undefined {
  const document = readDocumentReference(argument);
  if (document !== undefined) return document;
  if (!isRecord(argument) || argument['kind'] !== 'branch') return undefined;
  const environmentId = readText(argument['environmentId']);
  // A list is told from its neighbours by the last part of its id: `users`, `roles`.
  const collection = readText(argument['id'])?.split('/').pop();
  if (environmentId === undefined || collection === undefined) return undefined;
  return { environmentId, path: [...(readDocumentReference(argument['parent'])?.path ?? []), collection] };
}

function requestOfPath(path: readonly string[], endpoints: readonly DocumentedEndpoint[]): ApiRequest | undefined {
  const collections = path.filter((_, index) => index % 2 === 0);
  const last = collections.at(-1);
  if (last === 'signInLog' || last === 'sign-ins') return matching([...SIGN_IN_LOG.split('/')], endpoints);
  // A user is read by itself, whatever organization its row stands in.
  const own = collections.join('/') === 'organizations/users' && path.length === 4 ? path.slice(2) : path;
  return matching(own, endpoints) ?? (path.length % 2 === 0 ? matching(path.slice(0, -1), endpoints) : undefined);
}

function matching(path: readonly string[], endpoints: readonly DocumentedEndpoint[]): ApiRequest | undefined {
  for (const endpoint of endpoints) {
    const parts = endpoint.path.slice(API.length).split('/');
    const names = parts.map((part) => /^\{(\w+)\}$/.exec(part)?.[1]);
    if (parts.length !== path.length || !parts.every((part, index) => names[index] !== undefined ? index % 2 === 1 : part === path[index])) continue;
    return requestOf(endpoint, Object.fromEntries(names.flatMap((name, index) => (name === undefined ? [] : [[name, path[index] ?? '']]))));
  }
  return undefined;
}
