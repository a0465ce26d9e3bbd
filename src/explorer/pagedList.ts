import { isCancelled } from '../api/scalekitError.js';
import type { Page, PageItem } from '../api/page.js';

/** Reads one page; `fresh` asks the server even when a cached answer is held. */
export type PageReader<T> = (request: PageRequest) => Promise<Page<T>>;

export interface PageRequest {
  readonly pageToken?: string;
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  /** Told when the page was given from the cache, and the server was found to have another one since. */
  readonly onNewer: () => void;
}

/** What a list shows right now. */
export interface PagedListState<T> {
  readonly items: readonly PageItem<T>[];
  /** `idle` before the first load. `loading` while there is nothing to show yet. `failed`: the first page could not be read. */
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error?: unknown;
  readonly totalSize?: number;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Why the last attempt to load more failed; the items stay. */
  readonly moreError?: unknown;
  /** Why the last refresh failed; the items stay. */
  readonly refreshError?: unknown;
}

/** What a change of one record makes of the records that were read before it. */
type Amendment<T> = (items: readonly PageItem<T>[]) => readonly PageItem<T>[];

const IDLE = { items: [], phase: 'idle', hasMore: false, loadingMore: false } as const;

/**
 * A list that is read page by page. Single flight; a refresh keeps what is shown until all of it has been read again; a failure
 * in the middle keeps what was read.
 */
export class PagedList<T> {
  private current: PagedListState<T> = IDLE;
  private nextPageToken: string | undefined;
  private pagesShown = 0;
  private running: { readonly task: 'load' | 'refresh' | 'renew' | 'append'; readonly done: Promise<void> } | undefined;
  /** The reading that begins once what is running is done, for all who ask for it meanwhile. */
  private next: Promise<void> | undefined;
  private controller = new AbortController();
  /** What was made known of single records since the page that is being read was asked for. */
  private amendments: Amendment<T>[] = [];

  constructor(
    private readonly read: PageReader<T>,
    private readonly onDidChange: () => void,
    /** Whether already the first reading goes past the cache. */
    private readonly freshAtFirst = false,
  ) {}

  get state(): PagedListState<T> {
    return this.current;
  }

  /** Reads the first page unless that was done; waits for it, but not for more than there is to show. Never throws: a failure is in the state. */
  ensureLoaded(): Promise<void> {
    if (this.current.phase === 'ready' || this.current.phase === 'failed') return Promise.resolve();
    return this.running?.done ?? this.run('load', () => this.reload(1, this.freshAtFirst));
  }

  /** Reads as many pages as are shown again, past the cache. Pressed while it runs, it joins that; anything else is waited for. */
  async refresh(): Promise<void> {
    while (this.running !== undefined && this.running.task !== 'refresh') await this.running.done;
    await (this.running?.done ?? this.run('refresh', () => this.reload(Math.max(1, this.pagesShown), true)));
  }

  /** The same after a change: what is under way may have been answered before it, so all of it is read once more after that. */
  refreshAfterChange(): Promise<void> {
    if (this.running === undefined) return this.refresh();
    this.next ??= this.running.done.then(() => {
      this.next = undefined;
      return this.refresh();
    });
    return this.next;
  }

  /** Reads the next page. Pressed while something runs, it joins that. A list that is not used any more has no next one. */
  loadMore(): Promise<void> {
    if (!this.current.hasMore || this.controller.signal.aborted) return Promise.resolve();
    return this.running?.done ?? this.run('append', () => this.append());
  }

  /** Puts a newer record in the place of the one that it is. */
  replace(is: (record: T) => boolean, record: T): void {
    this.amend((items) => items.map((item) => ('record' in item && is(item.record) ? { record } : item)));
  }

  /** Takes a record away that is no more. */
  remove(is: (record: T) => boolean): void {
    this.amend((items) => items.filter((item) => !('record' in item && is(item.record))));
  }

  /** Gives up what is under way; the list is not used any more. */
  dispose(): void {
    this.controller.abort();
  }

  /** A page that was asked for before this may hold what was there before: it is amended too, so that nothing older appears after it. */
  private amend(change: Amendment<T>): void {
    if (this.running !== undefined) this.amendments.push(change);
    const items = change(this.current.items);
    const { items: before, totalSize } = this.current;
    if (items.length === before.length && items.every((item, index) => item === before[index])) return;
    const gone = before.length - items.length;
    this.set({ ...this.current, items, ...(totalSize === undefined || gone === 0 ? {} : { totalSize: totalSize - gone }) });
  }

  /** Reads a page into the ones before it. */
  private async readInto(
    items: readonly PageItem<T>[],
    pageToken: string | undefined,
    fresh: boolean,
  ): Promise<{ items: readonly PageItem<T>[]; token?: string; totalSize?: number }> {
    this.amendments = [];
    const page = await this.read({ pageToken, fresh, signal: this.controller.signal, onNewer: () => void this.renew() });
    const all = [...items, ...unseen(page.items, items)];
    const token = following(page, pageToken, all.length);
    const amended = this.amendments.reduce<readonly PageItem<T>[]>((read, change) => change(read), all);
    const { totalSize } = page;
    return { items: amended, token, totalSize: totalSize === undefined ? undefined : totalSize - (all.length - amended.length) };
  }

  /** Shows what the cache holds now, which is newer than what is shown. */
  private async renew(): Promise<void> {
    await this.running?.done;
    if (this.controller.signal.aborted || this.current.phase !== 'ready') return;
    await (this.running?.done ?? this.run('renew', () => this.reload(Math.max(1, this.pagesShown), false)));
  }

  private run(task: 'load' | 'refresh' | 'renew' | 'append', start: () => Promise<void>): Promise<void> {
    // Begun a moment later, so that whoever is told of its first change finds it running.
    const done = Promise.resolve()
      .then(start)
      .finally(() => {
        this.running = undefined;
      });
    this.running = { task, done };
    return done;
  }

  private async reload(pages: number, fresh: boolean): Promise<void> {
    if (this.current.items.length === 0) this.set({ ...IDLE, phase: 'loading' });
    let items: readonly PageItem<T>[] = [];
    let token: string | undefined;
    let totalSize: number | undefined;
    let read = 0;
    try {
      do {
        ({ items, token, totalSize } = await this.readInto(items, token, fresh));
        read++;
      } while (token !== undefined && read < pages);
    } catch (error) {
      if (isCancelled(error)) return;
      if (this.current.items.length > 0) this.set({ ...this.current, refreshError: error });
      else this.set({ ...IDLE, phase: 'failed', error });
      return;
    }
    this.nextPageToken = token;
    this.pagesShown = read;
    this.set({ items, phase: 'ready', totalSize, hasMore: token !== undefined, loadingMore: false });
  }

  private async append(): Promise<void> {
    this.set({ ...this.current, loadingMore: true, moreError: undefined });
    try {
      const shown = this.current.items;
      const { items, token, totalSize = this.current.totalSize } = await this.readInto(shown, this.nextPageToken, false);
      this.nextPageToken = token;
      this.pagesShown++;
      this.set({ ...this.current, items, totalSize, hasMore: token !== undefined, loadingMore: false });
    } catch (error) {
      this.set({ ...this.current, loadingMore: false, moreError: isCancelled(error) ? undefined : error });
    }
  }

  private set(state: PagedListState<T>): void {
    this.current = state;
    if (!this.controller.signal.aborted) this.onDidChange();
  }
}

/**
 * The token of the next page. Servers were seen to send one after the last page too (api.md 2.1), so an empty page, a total that is
 * reached and a token that repeats end the list as well.
 */
function following<T>(page: Page<T>, token: string | undefined, count: number): string | undefined {
  if ((page.items.length === 0 && !page.mayBeEmpty) || page.nextPageToken === token) return undefined;
  if (page.totalSize !== undefined && page.totalSize > 0 && count >= page.totalSize) return undefined;
  return page.nextPageToken;
}

/** Records of a page that are not shown yet: when someone adds one at the front, the next page begins with an old one. Rows need unique ids. */
function unseen<T>(items: readonly PageItem<T>[], shown: readonly PageItem<T>[]): PageItem<T>[] {
  const ids = new Set(shown.map(idOf));
  return items.filter((item) => {
    const id = idOf(item);
    if (id === undefined) return true;
    if (ids.has(id)) return false;
    ids.add(id);
    return true;
  });
}

function idOf<T>(item: PageItem<T>): unknown {
  return 'record' in item ? (item.record as { id?: unknown }).id : undefined;
}
