import { isRecord, readArray, readCount, readText } from './json';
import { ScalekitError } from './client/scalekitError';

/** A record, or the place of one that couldn't be read: that costs one row, never the whole page. */
export type PageItem<T> = { readonly record: T } | { readonly unreadable: unknown };

/** One page of a list (docs/scalekit-api.md, 2.1). */
export interface Page<T> {
  readonly items: readonly PageItem<T>[];
  /** Absent after the last page. Some servers send one there too (docs/scalekit-api.md, 2.1). */
  readonly nextPageToken?: string;
  /** Absent if the page contradicts it, for example when a server counts the page instead of the list. */
  readonly totalSize?: number;
  /** Its records were filtered from what the server sent, so an empty page says nothing about the next one. */
  readonly mayBeEmpty?: boolean;
}

/** The largest page of organizations (docs/scalekit-api.md, 2.1). */
export const PAGE_SIZE = 100;

/**
 * Reads a list's response. `read` returns undefined for a record it can't use.
 *
 * @throws ScalekitError `protocol` if the response contains no such list.
 */
export function readPage<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): Page<T> {
  // Scalekit prints empty lists (docs/scalekit-api.md, 2.1), so a body with neither the list nor its total isn't one of
  // its lists.
  const isList =
    isRecord(json) &&
    (Array.isArray(json[field]) || ((json[field] ?? undefined) === undefined && 'total_size' in json));
  if (!isList) {
    throw new ScalekitError('protocol', { server: 'api', reason: 'notAList', maybeReceived: true });
  }
  const items = readArray(json[field]).map((value): PageItem<T> => {
    const record = read(value);
    return record === undefined ? { unreadable: value } : { record };
  });
  const nextPageToken = readText(json['next_page_token']);
  const total = readCount(json['total_size']);
  const isContradicted =
    total !== undefined && (nextPageToken === undefined ? total < items.length : total <= items.length);
  return { items, nextPageToken, totalSize: isContradicted ? undefined : total };
}

/** The records of a page that could be read. */
export function records<T>(page: Pick<Page<T>, 'items'>): T[] {
  return page.items.flatMap((item) => ('record' in item ? [item.record] : []));
}

/** After so many pages in a row without anything new, the list counts as complete. */
const MOST_IDLE_PAGES = 10;

/** Where to start reading a list. */
export interface ListStart<T> {
  readonly pageToken?: string;
  /** The tokens of the pages read before. */
  readonly asked?: ReadonlySet<string>;
  /** The items read before. */
  readonly items?: readonly PageItem<T>[];
}

/** One page of {@link pagesFrom}. */
export interface FollowedPage<T> extends Page<T> {
  /** Its own token. Absent for the first page. */
  readonly pageToken?: string;
  /** The tokens of the pages read up to this one, including its own. */
  readonly asked: ReadonlySet<string>;
}

/**
 * Reads a list to its end, page by page. It follows the token, whatever the total says, even past an empty page. It
 * ends where there is no token or a repeated one, and after many pages without anything new. A page contains only items
 * that no page before it had: if someone adds a record at the front, the next page begins with an old one.
 */
export async function* pagesFrom<T>(
  read: (pageToken: string | undefined) => Promise<Page<T>>,
  start: ListStart<T> = {},
): AsyncGenerator<FollowedPage<T>> {
  let { pageToken } = start;
  const asked = new Set(start.asked);
  const ids = new Set((start.items ?? []).map(idOf));
  let idle = 0;
  do {
    const page = await read(pageToken);
    if (pageToken !== undefined) asked.add(pageToken);
    const items = page.items.filter((item) => {
      const id = idOf(item);
      return id === undefined || (!ids.has(id) && ids.add(id));
    });
    idle = items.length > 0 || page.mayBeEmpty ? 0 : idle + 1;
    const next = page.nextPageToken;
    const nextPageToken = next === undefined || asked.has(next) || idle === MOST_IDLE_PAGES ? undefined : next;
    yield { ...page, items, nextPageToken, pageToken, asked: new Set(asked) };
    pageToken = nextPageToken;
  } while (pageToken !== undefined);
}

/** How many pages to search for one record: about as many as the user would look through. */
const MOST_PAGES_SEARCHED = 10;

/**
 * The first matching record of a list, searched page by page. Undefined if the first ten pages don't contain it.
 *
 * @throws what `read` throws
 */
export async function findRecord<T>(
  read: (page: { readonly pageToken?: string }) => Promise<Page<T>>,
  isWanted: (record: T) => boolean,
): Promise<T | undefined> {
  let pages = 0;
  for await (const page of pagesFrom((pageToken) => read({ pageToken }))) {
    const found = records(page).find(isWanted);
    if (found !== undefined || ++pages === MOST_PAGES_SEARCHED) return found;
  }
  return undefined;
}

function idOf<T>(item: PageItem<T>): unknown {
  const id = 'record' in item ? (item.record as { id?: unknown }).id : undefined;
  return id === '' ? undefined : id;
}
