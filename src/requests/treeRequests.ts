import { isRecord, readText } from '../api/json';
import { readDocumentReference } from '../core/documentReference';
import { requestOf, type ApiRequest } from './apiRequest';
import { pathParameters, type DocumentedEndpoint } from './documentedEndpoint';

/** A request and its environment. */
export interface EnvironmentRequest {
  readonly environmentId: string;
  readonly request: ApiRequest;
}

const SIGN_IN_LOG = '/api/v1/logs/authentication/requests';

/**
 * The documented request behind a tree row: the GET of a resource, or of the list that it's in. For a list's row, the
 * list. Undefined for anything else.
 */
export function requestOfRow(
  argument: unknown,
  endpoints: readonly DocumentedEndpoint[],
): EnvironmentRequest | undefined {
  const row = readRow(argument);
  if (row === undefined) return undefined;
  const request = requestOfPath(row.path, endpoints);
  return request === undefined ? undefined : { environmentId: row.environmentId, request };
}

/** Alternating collections and ids, like a document's path. For a list it ends with the collection. */
function readRow(argument: unknown): { readonly environmentId: string; readonly path: readonly string[] } | undefined {
  const document = readDocumentReference(argument);
  if (document !== undefined) return document;
  if (!isRecord(argument) || argument['kind'] !== 'list') return undefined;
  const environmentId = readText(argument['environmentId']);
  // The last part of a list's id distinguishes it from other lists: `users`, `roles`.
  const collection = readText(argument['id'])?.split('/').pop();
  if (environmentId === undefined || collection === undefined) return undefined;
  return { environmentId, path: [...(readDocumentReference(argument['parent'])?.path ?? []), collection] };
}

function requestOfPath(path: readonly string[], endpoints: readonly DocumentedEndpoint[]): ApiRequest | undefined {
  const last = path.filter((_, index) => index % 2 === 0).at(-1);
  if (last === 'signInLog' || last === 'sign-ins') return matching(SIGN_IN_LOG, [], endpoints);
  // A user has its own path, whatever organization its row is in.
  const own = path.length === 4 && last === 'users' ? path.slice(2) : path;
  const request = (segments: readonly string[]): ApiRequest | undefined =>
    matching(
      `/api/v1/${segments.map((segment, index) => (index % 2 === 1 ? '{}' : segment)).join('/')}`,
      segments.filter((_, index) => index % 2 === 1),
      endpoints,
    );
  return request(own) ?? (path.length % 2 === 0 ? request(path.slice(0, -1)) : undefined);
}

/** The request of the endpoint with this path, where `{}` matches any parameter. */
function matching(
  shape: string,
  ids: readonly string[],
  endpoints: readonly DocumentedEndpoint[],
): ApiRequest | undefined {
  const endpoint = endpoints.find(({ path }) => path.replace(/\{\w+\}/g, '{}') === shape);
  return (
    endpoint &&
    requestOf(endpoint, Object.fromEntries(pathParameters(endpoint).map(({ name }, index) => [name, ids[index] ?? ''])))
  );
}
