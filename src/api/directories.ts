import { pathSegment, type ReadOptions, type ScalekitClient } from './client/scalekitClient';
import { envelope } from './envelope';
import { isRecord, readArray, readCount, readText, readTime, type JsonRecord } from './json';
import { readPage, type Page } from './page';
import { readToggle } from './toggle';

/** A directory that provisions an organization's users (docs/scalekit-api.md, 2.4). */
export interface Directory {
  readonly id: string;
  readonly name?: string;
  /** `SCIM`, `LDAP` or `POLL`. */
  readonly type?: string;
  readonly provider?: string;
  readonly enabled: boolean;
  /** `DRAFT`, `IN_PROGRESS` or `COMPLETED`. */
  readonly status?: string;
  readonly lastSyncTime?: Date;
  readonly endpoint?: string;
  readonly totalUsers?: number;
  readonly totalGroups?: number;
}

export interface DirectoryReference {
  readonly organizationId: string;
  readonly directoryId: string;
}

export interface DirectoryUser {
  readonly id: string;
  readonly email?: string;
  readonly name?: string;
  readonly groups: readonly string[];
  readonly updateTime?: Date;
  /** As in the list: there is no GET for one. */
  readonly json: JsonRecord;
}

export interface DirectoryGroup {
  readonly id: string;
  readonly displayName?: string;
  readonly totalUsers?: number;
  readonly updateTime?: Date;
  /** As in the list: there is no GET for one. */
  readonly json: JsonRecord;
}

/** The largest page of a directory's users or groups (docs/scalekit-api.md, 2.1). */
const LARGEST_DIRECTORY_PAGE = 30;

/** An organization's directories. Scalekit doesn't page this list. @throws ScalekitError */
export async function listDirectories(
  client: ScalekitClient,
  organizationId: string,
  options?: ReadOptions,
): Promise<Page<Directory>> {
  return client.read(
    directoriesPath(organizationId),
    {},
    (json) => readPage(json, 'directories', readDirectory),
    options,
  );
}

/** One directory in its current state. @throws ScalekitError */
export async function getDirectory(
  client: ScalekitClient,
  which: DirectoryReference,
  options?: ReadOptions,
): Promise<Directory> {
  return client.read(directoryPath(which), {}, (json) => envelope(json, 'directory', readDirectory), options);
}

/** Enables or disables a directory. @throws ScalekitError, also `invalid` if the response says why Scalekit didn't */
export async function setDirectoryEnabled(
  client: ScalekitClient,
  which: DirectoryReference,
  enabled: boolean,
): Promise<void> {
  const path = `${directoryPath(which)}:${enabled ? 'enable' : 'disable'}`;
  readToggle(await client.writeJson({ method: 'PATCH', path }), enabled);
}

/** One page of a directory's users, at most 30. @throws ScalekitError */
export async function listDirectoryUsers(
  client: ScalekitClient,
  directory: DirectoryReference,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<DirectoryUser>> {
  const path = `${directoryPath(directory)}/users`;
  const query = { page_size: LARGEST_DIRECTORY_PAGE, page_token: page.pageToken, include_detail: true };
  return client.read(path, query, (json) => readPage(json, 'users', readDirectoryUser), options);
}

/** One page of a directory's groups, at most 30. @throws ScalekitError */
export async function listDirectoryGroups(
  client: ScalekitClient,
  directory: DirectoryReference,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<DirectoryGroup>> {
  const path = `${directoryPath(directory)}/groups`;
  const query = { page_size: LARGEST_DIRECTORY_PAGE, page_token: page.pageToken, include_detail: true };
  return client.read(path, query, (json) => readPage(json, 'groups', readDirectoryGroup), options);
}

export function readDirectory(value: unknown): Directory | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  const stats = isRecord(value['stats']) ? value['stats'] : {};
  return {
    id,
    name: readText(value['name']),
    type: readText(value['directory_type']),
    provider: readText(value['directory_provider']),
    enabled: value['enabled'] === true,
    status: readText(value['status']),
    lastSyncTime: readTime(value['last_synced_at']),
    endpoint: readText(value['directory_endpoint']),
    totalUsers: readCount(stats['total_users'] ?? value['total_users']),
    totalGroups: readCount(stats['total_groups'] ?? value['total_groups']),
  };
}

export function readDirectoryUser(value: unknown): DirectoryUser | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  const name = [readText(value['given_name']), readText(value['family_name'])]
    .filter((part) => part !== undefined)
    .join(' ');
  return {
    id,
    email: readText(value['email']),
    name: name === '' ? readText(value['preferred_username']) : name,
    groups: readArray(value['groups'])
      .filter(isRecord)
      .map((group) => readText(group['display_name']))
      .filter((group) => group !== undefined),
    updateTime: readTime(value['updated_at']),
    json: value,
  };
}

export function readDirectoryGroup(value: unknown): DirectoryGroup | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['id']);
  if (id === undefined) return undefined;
  return {
    id,
    displayName: readText(value['display_name']),
    totalUsers: readCount(value['total_users']),
    updateTime: readTime(value['updated_at']),
    json: value,
  };
}

function directoryPath({ organizationId, directoryId }: DirectoryReference): string {
  return `${directoriesPath(organizationId)}/${pathSegment(directoryId)}`;
}

function directoriesPath(organizationId: string): string {
  return `/api/v1/organizations/${pathSegment(organizationId)}/directories`;
}
