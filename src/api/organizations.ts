import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { envelope, tryEnvelope } from './envelope';
import { isRecord, readArray, readRecord, readText, readTextMap, type JsonRecord } from './json';
import { PAGE_SIZE, readPage, type Page } from './page';

const ORGANIZATIONS_PATH = '/api/v1/organizations';

/** A customer of the environment (docs/scalekit-api.md, 2.2). Only the ID is always there. */
export interface Organization {
  readonly id: string;
  readonly displayName?: string;
  readonly externalId?: string;
  /**
   * As printed; `readTime` parses it. Not parsed here: most of the time for a page would go into times that nobody
   * looks at.
   */
  readonly createTime?: string;
  /** Like `createTime`. */
  readonly updateTime?: string;
  readonly regionCode?: string;
  readonly slug?: string;
  readonly logoUrl?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Absent if the response leaves them out, as lists may (docs/scalekit-api.md, 2.2). */
  readonly features?: readonly OrganizationFeature[];
}

export interface OrganizationFeature {
  /** `sso`, `dir_sync` and older names. */
  readonly name: string;
  readonly enabled: boolean;
}

/** One page of the environment's organizations, at most 100. @throws ScalekitError */
export async function listOrganizations(
  client: ScalekitClient,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Organization>> {
  return client.read(
    ORGANIZATIONS_PATH,
    { page_size: PAGE_SIZE, page_token: page.pageToken },
    readOrganizations,
    options,
  );
}

/** The shortest and longest search text, and the largest page of results (docs/scalekit-api.md, 2.1, 2.2). */
export const SHORTEST_SEARCH = 3;
export const LONGEST_SEARCH = 100;
export const LARGEST_SEARCH_PAGE = 30;

/** As much of a text as Scalekit's search accepts. Scalekit counts code points, JavaScript UTF-16 units. */
export function searchQuery(text: string): string {
  return [...text.trim()].slice(0, LONGEST_SEARCH).join('');
}

/** Whether it's long enough for Scalekit's search. */
export function isSearchable(query: string): boolean {
  return [...query].length >= SHORTEST_SEARCH;
}

/** One page of the organizations that match a text of 3 to 100 characters, at most 30. @throws ScalekitError */
export async function searchOrganizations(
  client: ScalekitClient,
  search: { readonly query: string; readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<Organization>> {
  const query = { query: search.query, page_size: LARGEST_SEARCH_PAGE, page_token: search.pageToken };
  return client.read('/api/v1/organizations:search', query, readOrganizations, options);
}

/** One organization. @throws ScalekitError */
export async function getOrganization(
  client: ScalekitClient,
  id: string,
  options?: ReadOptions,
): Promise<Organization> {
  return client.read(organizationPath(id), {}, readEnvelope, options);
}

/** The organization with this external ID. @throws ScalekitError */
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
  return client.read(organizationPath(id), {}, readJsonEnvelope, options);
}

/** The fields of a new organization. {@link ORGANIZATION_LIMITS} has their limits. */
export interface NewOrganization {
  readonly display_name: string;
  readonly external_id?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Maximum lengths of its texts, in characters, and the number of metadata pairs (docs/scalekit-api.md, 2.2). */
export const ORGANIZATION_LIMITS = {
  name: 200,
  metadataPairs: 10,
  metadataKey: { least: 3, most: 25 },
  metadataValue: 256,
} as const;

/**
 * Creates an organization. Returns it as Scalekit stored it.
 *
 * @throws ScalekitError probably `conflict` if another one has the external ID, or `invalid` (docs/scalekit-api.md,
 * 2.2)
 */
export async function createOrganization(client: ScalekitClient, organization: NewOrganization): Promise<Organization> {
  return readEnvelope(await client.writeJson({ method: 'POST', path: ORGANIZATIONS_PATH, body: organization }));
}

/**
 * The fields of an organization that can be changed (docs/scalekit-api.md, 2.2). `metadata` is probably replaced as a
 * whole, and an empty text probably clears an optional field.
 */
export interface OrganizationChanges {
  readonly display_name?: string;
  readonly external_id?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly slug?: string;
  readonly logo_url?: string;
}

/** Changes an organization. Returns its JSON afterwards. @throws ScalekitError */
export async function updateOrganization(
  client: ScalekitClient,
  id: string,
  changes: OrganizationChanges,
): Promise<JsonRecord> {
  const json = await client.writeJson({ method: 'PATCH', path: organizationPath(id), body: changes });
  return tryEnvelope(json, 'organization', readRecord) ?? getOrganizationJson(client, id, { fresh: true });
}

/**
 * Switches features, for example `sso` and `dir_sync`. Others probably stay as they are. Returns the organization
 * afterwards (docs/scalekit-api.md, 2.2).
 *
 * @throws ScalekitError
 */
export async function setOrganizationFeatures(
  client: ScalekitClient,
  id: string,
  features: readonly OrganizationFeature[],
): Promise<Organization> {
  const json = await client.writeJson({
    method: 'PATCH',
    path: `${organizationPath(id)}/settings`,
    body: { features },
  });
  const organization = tryEnvelope(json, 'organization', readOrganization);
  return organization?.features === undefined ? getOrganization(client, id, { fresh: true }) : organization;
}

/**
 * Deletes an organization with everything in it. Its external ID becomes free again (docs/scalekit-api.md, 2.2).
 *
 * @throws ScalekitError
 */
export async function deleteOrganization(client: ScalekitClient, id: string): Promise<void> {
  await client.writeJson({ method: 'DELETE', path: organizationPath(id) });
}

/** Reads a record tolerantly. Undefined if it has no ID: then nothing can be done with it. */
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

function readOrganizations(json: unknown): Page<Organization> {
  return readPage(json, 'organizations', readOrganization);
}

function readEnvelope(json: unknown): Organization {
  return envelope(json, 'organization', readOrganization);
}

function readJsonEnvelope(json: unknown): JsonRecord {
  return envelope(json, 'organization', readRecord);
}

function organizationPath(id: string): string {
  return `${ORGANIZATIONS_PATH}/${pathSegment(id)}`;
}
