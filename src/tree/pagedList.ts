import { isCancelled } from '../api/client/scalekitError';
import { pagesFrom, type Page, type PageItem } from '../api/page';

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

/** What was read of a list. */
interface Reading<T> {
  readonly items: readonly PageItem<T>[];
  /** Where it goes on; absent at its end. */
  readonly token?: string;
  readonly asked: ReadonlySet<string>;
  readonly totalSize?: number;
}

const IDLE = { items: [], phase: 'idle', hasMore: false, loadingMore: false } as const;

/**
 * A list that is read page by page. Single flight; a refresh keeps what is shown until all of it has been read again; a failure
 * in the middle keeps what was read.
 */
export class PagedList<T> {
  private current: PagedListState<T> = IDLE;
  private nextPageToken: string | undefined;
  /** The tokens of the pages that are shown. */
  private asked: ReadonlySet<string> = new Set();
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
    this.set({
      ...this.current,
      items,
      ...(totalSize === undefined || gone === 0 ? {} : { totalSize: totalSize - gone }),
    });
  }

  /** Reads a page into the ones before it, and on while that brings nothing. */
  private async readInto(
    items: readonly PageItem<T>[],
    pageToken: string | undefined,
    asked: ReadonlySet<string>,
    fresh: boolean,
  ): Promise<Reading<T>> {
    this.amendments = [];
    const read = (token: string | undefined): Promise<Page<T>> =>
      this.read({ pageToken: token, fresh, signal: this.controller.signal, onNewer: () => void this.renew() });
    let reading: Reading<T> = { items, asked };
    for await (const page of pagesFrom(read, { pageToken, asked, items })) {
      const all = [...items, ...page.items];
      const amended = this.amendments.reduce<readonly PageItem<T>[]>((before, change) => change(before), all);
      const total = totalOf(page, all.length);
      reading = {
        items: amended,
        token: page.nextPageToken,
        asked: page.asked,
        totalSize: total === undefined ? undefined : total - (all.length - amended.length),
      };
      if (page.items.length > 0 || page.mayBeEmpty) break;
    }
    return reading;
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
    let asked: ReadonlySet<string> = new Set();
    let totalSize: number | undefined;
    let read = 0;
    try {
      do {
        ({ items, token, asked, totalSize } = await this.readInto(items, token, asked, fresh));
        read++;
      } while (token !== undefined && read < pages);
    } catch (error) {
      if (isCancelled(error)) return;
      if (this.current.items.length > 0) this.set({ ...this.current, refreshError: error });
      else this.set({ ...IDLE, phase: 'failed', error });
      return;
    }
    this.nextPageToken = token;
    this.asked = asked;
    this.pagesShown = read;
    this.set({ items, phase: 'ready', totalSize, hasMore: token !== undefined, loadingMore: false });
  }

  private async append(): Promise<void> {
    this.set({ ...this.current, loadingMore: true, moreError: undefined });
    try {
      const shown = this.current.items;
      const { items, token, asked, totalSize } = await this.readInto(shown, this.nextPageToken, this.asked, false);
      const total =
        totalSize ?? totalOf({ items, totalSize: this.current.totalSize, nextPageToken: token }, items.length);
      this.nextPageToken = token;
      this.asked = asked;
      this.pagesShown++;
      this.set({ ...this.current, items, totalSize: total, hasMore: token !== undefined, loadingMore: false });
    } catch (error) {
      this.set({ ...this.current, loadingMore: false, moreError: isCancelled(error) ? undefined : error });
    }
  }

  private set(state: PagedListState<T>): void {
    this.current = state;
    if (!this.controller.signal.aborted) this.onDidChange();
  }
}

/** How many records the list has; undefined when nobody knows. Some servers count the page, or less than they then send. */
function totalOf({ totalSize, nextPageToken }: Page<unknown>, count: number): number | undefined {
  if (totalSize === undefined || totalSize > count) return totalSize;
  return nextPageToken === undefined ? count : undefined;
}
