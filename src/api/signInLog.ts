import { isRecord, readText, readTime, type JsonRecord } from './json.js';
import { LARGEST_PAGE, readPage, type Page, type PageItem } from './page.js';
import type { ReadOptions, ScalekitClient } from './scalekitClient.js';

/** One try to sign in (api.md 2.12). */
export interface SignIn {
  /** The `auth_request_id`. */
  readonly id: string;
  readonly organizationId?: string;
  readonly connectionId?: string;
  readonly email?: string;
  /** `INITIATED`, `PENDING`, `SUCCESS` or `FAILED`. */
  readonly status?: string;
  readonly connectionType?: string;
  readonly connectionProvider?: string;
  readonly workflow?: string;
  readonly time?: Date;
  /** As the list has it: there is no GET for one. */
  readonly json: JsonRecord;
}

export interface SignInFilter {
  readonly status?: SignInStatus;
  readonly email?: string;
}

export type SignInStatus = 'INITIATED' | 'PENDING' | 'SUCCESS' | 'FAILED';

/** How many pages of the environment's log are looked through for one page of an organization's. */
const PAGES_LOOKED_THROUGH = 5;

/**
 * One page of an organization's tries to sign in, the newest first. Scalekit's log is the environment's and cannot be asked for one
 * organization (api.md 2.12), so up to 500 entries are looked through for each page; `nextPageToken` leads further back, also when
 * none of them was the organization's.
 *
 * @throws ScalekitError
 */
export async function listSignIns(
  client: ScalekitClient,
  organizationId: string,
  filter: SignInFilter,
  page: { readonly pageToken?: string },
  options?: ReadOptions,
): Promise<Page<SignIn>> {
  const items: PageItem<SignIn>[] = [];
  let pageToken = page.pageToken;
  for (let looked = 0; looked < PAGES_LOOKED_THROUGH; looked++) {
    const query = { page_size: LARGEST_PAGE, page_token: pageToken, status: filter.status, email: filter.email };
    const json = await client.getJson('/api/v1/logs/authentication/requests', query, options);
    const found = readPage(json, 'authRequests', readSignIn);
    items.push(...found.items.filter((item) => 'record' in item && item.record.organizationId === organizationId));
    const isLast = found.items.length === 0 || found.nextPageToken === undefined || found.nextPageToken === pageToken;
    if (isLast) return { items };
    pageToken = found.nextPageToken;
  }
  return { items, nextPageToken: pageToken, mayBeEmpty: true };
}

export function readSignIn(value: unknown): SignIn | undefined {
  if (!isRecord(value)) return undefined;
  const id = readText(value['auth_request_id']);
  if (id === undefined) return undefined;
  return {
    id,
    organizationId: readText(value['organization_id']),
    connectionId: readText(value['connection_id']),
    email: readText(value['email']),
    status: readText(value['status']),
    connectionType: readText(value['connection_type']),
    connectionProvider: readText(value['connection_provider']),
    workflow: readText(value['workflow']),
    time: readTime(value['timestamp']),
    json: value,
  };
}
