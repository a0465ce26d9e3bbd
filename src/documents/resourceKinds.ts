import { isRecord, readArray, type JsonRecord } from '../api/json';
import { pathSegment, type Query, type ReadOptions, type ScalekitClient } from '../api/client/scalekitClient';
import { listEvents } from '../api/signInEvents';

/** How to read one resource. */
export interface ResourceRequest {
  /** The GET that returns it, with the field name of its envelope. */
  readonly get?: { readonly path: string; readonly query: Query; readonly field: string };
  /** The list that contains it, for a resource without a GET, or whose GET isn't available everywhere. */
  readonly list?: ResourceList;
  /** What the document shows of the response, if that is different JSON. */
  readonly transform?: (json: JsonRecord) => JsonRecord;
  /** What is read with it and shown under this field. */
  readonly related?: {
    readonly field: string;
    readonly read: (client: ScalekitClient, options: ReadOptions) => Promise<unknown>;
  };
}

export interface ResourceList {
  readonly path: string;
  readonly query: Query;
  readonly field: string;
  readonly matches: (record: JsonRecord) => boolean;
}

type Describe = (ids: readonly string[], path: string) => ResourceRequest;

const API = '/api/v1';
const ROLE = { include: 'permissions' };

/** A GET at the resource's own path. */
const own =
  (field: string, query: Query = {}): Describe =>
  (_ids, path) => ({ get: { path: `${API}/${path}`, query, field } });

/** An entry of the list at the path without the last ID. */
function entry(idField: string, field: string, query: Query): Describe {
  return (ids, path) => ({
    list: {
      path: `${API}/${path.slice(0, path.lastIndexOf('/'))}`,
      query,
      field,
      matches: (record) => record[idField] === ids.at(-1),
    },
  });
}

const signIn: Describe = (ids) => ({
  list: {
    path: `${API}/logs/authentication/requests`,
    query: { page_size: 100 },
    field: 'authRequests',
    matches: (record) => record['auth_request_id'] === ids.at(-1),
  },
  // The log says that a sign-in failed. Its events say why (docs/scalekit-api.md, 2.12).
  related: {
    field: 'events',
    read: (client, options) => listEvents(client, { auth_request_id: ids.at(-1) ?? '' }, options),
  },
});

const user: Describe = (ids) => ({
  get: { path: `${API}/users/${pathSegment(ids.at(-1) ?? '')}`, query: {}, field: 'user' },
});

/** Shows a role's permissions by name, as requests contain them, without the permissions' other fields. */
function roleDocument(role: JsonRecord): JsonRecord {
  const permissions = readArray(role['permissions']).map((permission) =>
    isRecord(permission) ? permission['name'] : permission,
  );
  return { ...role, permissions };
}

/** By the collections of a document's path. The sources are docs/scalekit-api.md, 2.2 to 2.12. */
const KINDS: Readonly<Record<string, Describe>> = {
  organizations: own('organization'),
  'organizations/connections': own('connection'),
  'organizations/directories': own('directory'),
  'organizations/directories/users': entry('id', 'users', { page_size: 30 }),
  'organizations/directories/groups': entry('id', 'groups', { page_size: 30 }),
  'organizations/domains': own('domain'),
  'organizations/users': user,
  'organizations/clients': own('client'),
  'organizations/roles': (_ids, path) => ({
    get: { path: `${API}/${path}`, query: ROLE, field: 'role' },
    transform: roleDocument,
  }),
  'organizations/sign-ins': signIn,
  users: user,
  roles: ([name], path) => ({
    get: { path: `${API}/${path}`, query: ROLE, field: 'role' },
    // The list also contains roles of single organizations, which the GET may not know.
    list: { path: `${API}/roles`, query: ROLE, field: 'roles', matches: (record) => record['name'] === name },
    transform: roleDocument,
  }),
  permissions: own('permission'),
  connections: ([id], path) => ({
    get: { path: `${API}/${path}`, query: {}, field: 'connection' },
    // The GET is a preview.
    list: {
      path: `${API}/connections`,
      query: { include: 'all' },
      field: 'connections',
      matches: (record) => record['id'] === id,
    },
  }),
};

/** The collections of a document's path: `organizations/connections` for a connection of an organization. */
export function collectionsOf(path: readonly string[]): string {
  return path.filter((_, index) => index % 2 === 0).join('/');
}

function idsOf(path: readonly string[]): string[] {
  return path.filter((_, index) => index % 2 === 1);
}

/**
 * How to read the resource at a document's path. Undefined for a kind that Scalekit doesn't have.
 *
 * @throws ScalekitError for an ID like `..`
 */
export function resourceRequest(path: readonly string[]): ResourceRequest | undefined {
  const collections = collectionsOf(path);
  const describe = Object.hasOwn(KINDS, collections) ? KINDS[collections] : undefined;
  if (describe === undefined) return undefined;
  const target = path.map((segment, index) => (index % 2 === 0 ? segment : pathSegment(segment))).join('/');
  return describe(idsOf(path), target);
}
