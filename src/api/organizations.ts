import { isRecord, readArray, readText, readTextMap, type JsonRecord } from './json';
import { LARGEST_PAGE, readPage, type Page } from './page';
import { ScalekitError } from './client/scalekitError';
import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';

/** A customer of the environment (docs/scalekit-api.md, 2.2). Only the id is sure to be there. */
export interface Organization {
  readonly id: string;
  readonly displayName?: string;
  readonly externalId?: string;
  /** As printed; `readTime` reads it. Not read here, as most of the time of reading a page would go into times that nobody looks at. */
  readonly createTime?: string;
  /** As `createTime`. */
  readonly updateTime?: string;
  readonly regionCode?: string;
  readonly slug?: string;
  readonly logoUrl?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Absent where the answer leaves them out, as lists may (docs/scalekit-api.md, 2.2). */
  readonly features?: readonly OrganizationFeature[];
}

export interface OrganizationFeature {
  /** `sso`, `dir_sync` and older names. */
  readonly name: string;
  readonly enabled: boolean;
}

/** One page of the environment's organizations, 100 at most. @throws ScalekitError */
export async function listOrganizations(
  client: ScalekitClient,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Organization>> {
  return client.read(
    '/api/v1/organizations',
    { page_size: LARGEST_PAGE, page_token: page.pageToken },
    (json) => readPage(json, 'organizations', readOrganization),
    options,
  );
}

/**
 * The shortest and the longest text that can be searched for, and the most that a page of results may hold
 * (docs/scalekit-api.md, 2.1, 2.2).
 */
export const SHORTEST_SEARCH = 3;
export const LONGEST_SEARCH = 100;
export const LARGEST_SEARCH_PAGE = 30;

/** A text, as far as Scalekit's search takes it. It counts characters (code points), where JavaScript counts halves of some. */
export function searchQuery(text: string): string {
  return [...text.trim()].slice(0, LONGEST_SEARCH).join('');
}

/** Whether it is long enough for Scalekit's search. */
export function isSearchable(query: string): boolean {
  return [...query].length >= SHORTEST_SEARCH;
}

/** One page of the organizations that match a text of 3 to 100 characters, 30 at most. @throws ScalekitError */
export async function searchOrganizations(
  client: ScalekitClient,
  search: { readonly query: string; readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Organization>> {
  const query = { query: search.query, page_size: LARGEST_SEARCH_PAGE, page_token: search.pageToken };
  return client.read(
    '/api/v1/organizations:search',
    query,
    (json) => readPage(json, 'organizations', readOrganization),
    options,
  );
}

/** One organization. @throws ScalekitError */
export async function getOrganization(
  client: ScalekitClient,
  id: string,
  options?: ReadOptions,
): Promise<Organization> {
  return client.read(`/api/v1/organizations/${pathSegment(id)}`, {}, readEnvelope, options);
}

/** The organization with an external id of one's own. @throws ScalekitError */
export async function getOrganizationByExternalId(
  client: ScalekitClient,
  externalId: string,
  options?: ReadOptions,
): Promise<Organization> {
  return client.read(`/api/v1/organizations:external/${pathSegment(externalId)}`, {}, readEnvelope, options);
}

/** One organization's JSON as Scalekit prints it, without the envelope. @throws ScalekitError */
export async function getOrganizationJson(
  client: ScalekitClient,
  id: string,
  options?: ReadOptions,
): Promise<JsonRecord> {
  return client.read(`/api/v1/organizations/${pathSegment(id)}`, {}, unwrapOrganization, options);
}

function readEnvelope(json: unknown): Organization {
  return readOrganization(unwrapOrganization(json)) ?? notAnOrganization();
}

function unwrapOrganization(json: unknown): JsonRecord {
  const organization = isRecord(json) ? json['organization'] : undefined;
  return isRecord(organization) ? organization : notAnOrganization();
}

function notAnOrganization(): never {
  throw new ScalekitError('protocol', { server: 'api', reason: 'noOrganization', maybeReceived: true });
}

/**
 * What of an organization can be changed (docs/scalekit-api.md, 2.2). `metadata` is replaced as a whole; an empty text clears an
 * optional field.
 */
export interface OrganizationChanges {
  readonly display_name?: string;
  readonly external_id?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly slug?: string;
  readonly logo_url?: string;
}

/** Changes an organization; gives its JSON as it is afterwards. @throws ScalekitError */
export async function updateOrganization(
  client: ScalekitClient,
  id: string,
  changes: OrganizationChanges,
): Promise<JsonRecord> {
  const path = `/api/v1/organizations/${pathSegment(id)}`;
  const json = await client.writeJson({
    method: 'PATCH',
    path,
    body: changes,
    changes: (target) => showsOrganization(target, path),
  });
  const organization = isRecord(json) ? json['organization'] : undefined;
  return isRecord(organization) ? organization : getOrganizationJson(client, id, { fresh: true });
}

/** Whether an answer holds the organization at `path`: its own, and each list, search or look-up of organizations. */
export function showsOrganization(target: string, path: string): boolean {
  const [targetPath] = target.split('?');
  return targetPath === path || targetPath === '/api/v1/organizations' || target.startsWith('/api/v1/organizations:');
}

/** Reads a record tolerantly; undefined when it has no id, without which nothing can be done with it. */
export function readOrganization(value: unknown): Organization | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  const settings = value['settings'];
  const features = isRecord(settings) ? readArray(settings['features']).filter(isRecord) : undefined;
  return {
    id,
    metadata: readTextMap(value['metadata']),
    displayName: readText(value['display_name']),
    externalId: readText(value['external_id']),
    createTime: readText(value['create_time']),
    updateTime: readText(value['update_time']),
    regionCode: readText(value['region_code']),
    slug: readText(value['slug']),
    logoUrl: readText(value['logo_url']),
    features: features?.map((feature) => ({
      name: readText(feature['name']) ?? '',
      enabled: feature['enabled'] === true,
    })),
  };
}
