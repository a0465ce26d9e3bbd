import { isRecord, readText, readTime, type JsonRecord } from './json';
import { PAGE_SIZE, pagesFrom, readPage, type Page, type PageItem } from './page';
import type { ReadOptions, ScalekitClient } from './client/scalekitClient';
import { failureReason, listEvents, signInOf } from './signInEvents';

/** One attempt to sign in (docs/scalekit-api.md, 2.12). */
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
  /** Why it failed, if an event of the same time says so. */
  readonly reason?: string;
  /** As in the list: there is no GET for one. */
  readonly json: JsonRecord;
}

export interface SignInFilter {
  readonly status?: SignInStatus;
  readonly email?: string;
}

export type SignInStatus = 'INITIATED' | 'PENDING' | 'SUCCESS' | 'FAILED';

const LOG = '/api/v1/logs/authentication/requests';

/**
 * One page of the environment's sign-ins since a time, newest first, past the cache. A server may ignore the time.
 *
 * @throws ScalekitError
 */
export function readSignInLog(
  client: ScalekitClient,
  since: Date | undefined,
  pageToken: string | undefined,
  signal: AbortSignal,
): Promise<Page<SignIn>> {
  const query = { page_size: PAGE_SIZE, page_token: pageToken, start_time: since?.toISOString() };
  return client.readOnce(LOG, query, (json) => readPage(json, 'authRequests', readSignIn), { signal });
}

/** How many pages of the environment's log to search for one page of an organization's. */
const PAGES_LOOKED_THROUGH = 5;

/**
 * One page of an organization's sign-ins, newest first. Scalekit's log covers the whole environment and can't be
 * filtered by organization (docs/scalekit-api.md, 2.12), so each page searches up to 500 entries. `nextPageToken` leads
 * further back, even if none of them was the organization's. One more request finds the reasons of the failed ones.
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
  const read = (pageToken: string | undefined): Promise<Page<SignIn>> => {
    const query = { page_size: PAGE_SIZE, page_token: pageToken, status: filter.status, email: filter.email };
    return client.read(LOG, query, (json) => readPage(json, 'authRequests', readSignIn), options);
  };
  const items: PageItem<SignIn>[] = [];
  let nextPageToken: string | undefined;
  let looked = 0;
  let entries = 0;
  for await (const found of pagesFrom(read, page)) {
    items.push(...found.items.filter((item) => 'record' in item && item.record.organizationId === organizationId));
    entries += found.items.length;
    ({ nextPageToken } = found);
    if (++looked === PAGES_LOOKED_THROUGH) break;
  }
  const isLast = nextPageToken === undefined || entries === 0;
  return {
    items: await withReasons(client, organizationId, items, options),
    ...(isLast ? {} : { nextPageToken, mayBeEmpty: true }),
  };
}

/** How long the log waits for the reasons, in milliseconds. They're requested again when the user opens a sign-in. */
const REASONS_MS = 3_000;
/** An event may be written a little before or after its sign-in, in milliseconds. */
const AROUND_MS = 60_000;

/** The same sign-ins, with the reasons of the failed ones as far as one request returns them. */
async function withReasons(
  client: ScalekitClient,
  organizationId: string,
  items: readonly PageItem<SignIn>[],
  options: ReadOptions = {},
): Promise<PageItem<SignIn>[]> {
  const times = items.flatMap((item) =>
    'record' in item && item.record.status === 'FAILED' && item.record.time !== undefined
      ? [item.record.time.getTime()]
      : [],
  );
  if (times.length === 0) return [...items];
  const limit = AbortSignal.timeout(REASONS_MS);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  const span = {
    start_time: new Date(Math.min(...times) - AROUND_MS).toISOString(),
    end_time: new Date(Math.max(...times) + AROUND_MS).toISOString(),
  };
  // The log is useful without reasons: an environment may lack events, or the client the permission to read them.
  const events = await listEvents(client, { organization_id: organizationId, ...span }, { ...options, signal }).catch(
    () => [],
  );
  return items.map((item) => {
    if (!('record' in item) || item.record.status !== 'FAILED') return item;
    const { record } = item;
    return { record: { ...record, reason: failureReason(events.filter((event) => signInOf(event) === record.id)) } };
  });
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
