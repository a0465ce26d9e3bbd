import { isRecord, readArray, readCount, readText } from './json';
import { ScalekitError } from './client/scalekitError';

/** A record that was read, or the place of one that could not be: it takes one row, never the whole page. */
export type PageItem<T> = { readonly record: T } | { readonly unreadable: unknown };

/** One page of a list (docs/scalekit-api.md, 2.1). */
export interface Page<T> {
  readonly items: readonly PageItem<T>[];
  /** Absent after the last page. Servers were seen to send one there too (docs/scalekit-api.md, 2.1). */
  readonly nextPageToken?: string;
  /** Absent when the page contradicts it, as where a server counts the page instead of the list. */
  readonly totalSize?: number;
  /** Its records were chosen from those that the server sent: when there are none, that says nothing about the next page. */
  readonly mayBeEmpty?: boolean;
}

/** The most that a page of organizations may hold (docs/scalekit-api.md, 2.1). */
export const PAGE_SIZE = 100;

/**
 * Reads a list's response; `read` gives undefined for a record it cannot use.
 *
 * @throws ScalekitError `protocol` when the response holds no such list at all.
 */
export function readPage<T>(json: unknown, field: string, read: (value: unknown) => T | undefined): Page<T> {
  // Scalekit prints what is empty (docs/scalekit-api.md, 2.1), so a body with neither the list nor its total is no list of its.
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

/** So many pages in a row may bring nothing new before a list is taken to be at its end. */
const MOST_IDLE_PAGES = 10;

/** Where in a list the reading begins. */
export interface ListStart<T> {
  readonly pageToken?: string;
  /** The tokens of the pages that were read before. */
  readonly asked?: ReadonlySet<string>;
  /** What was read before. */
  readonly items?: readonly PageItem<T>[];
}

/** One page of {@link pagesFrom}. */
export interface FollowedPage<T> extends Page<T> {
  /** Its own token; absent for the first page. */
  readonly pageToken?: string;
  /** The tokens of the pages that were read up to this one, with its own. */
  readonly asked: ReadonlySet<string>;
}

/**
 * Reads a list to its end, page by page: it follows the token, whatever the total says, also over an empty page. It ends where there is
 * no token or one that was asked for already, and after many pages without anything new. Pages hold only what none before them held:
 * when someone adds a record at the front, the next page begins with an old one.
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

/** So many pages are looked through for one record: about as many as a person would look through. */
const MOST_PAGES_SEARCHED = 10;

/** The first record of a list that is the wanted one, looked for page by page; undefined when the first ten pages don't hold it. @throws what `read` throws */
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
