import { isCancelled } from '../api/client/scalekitError';
import { pagesFrom, type Page, type PageItem } from '../api/page';

/** Reads one page. `fresh` asks the server even if there is a cached response. */
export type PageReader<T> = (request: PageRequest) => Promise<Page<T>>;

export interface PageRequest {
  readonly pageToken?: string;
  readonly fresh: boolean;
  readonly signal: AbortSignal;
  /** Called if the page came from the cache and the server now has a different one. */
  readonly onNewer: () => void;
}

/** What a list shows right now. */
export interface PagedListState<T> {
  readonly items: readonly PageItem<T>[];
  /**
   * `idle` before the first load. `loading` while there is nothing to show yet. `failed` if the first page couldn't be
   * read.
   */
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed';
  readonly error?: unknown;
  readonly totalSize?: number;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Why the last attempt to load more failed. The items stay. */
  readonly moreError?: unknown;
  /** Why the last refresh failed. The items stay. */
  readonly refreshError?: unknown;
}

/** Applies the change of one record to records that were read before it. */
type Amendment<T> = (items: readonly PageItem<T>[]) => readonly PageItem<T>[];

/** What was read of a list. */
interface Reading<T> {
  readonly items: readonly PageItem<T>[];
  /** Where it continues. Absent at its end. */
  readonly token?: string;
  readonly asked: ReadonlySet<string>;
  readonly totalSize?: number;
}

const IDLE = { items: [], phase: 'idle', hasMore: false, loadingMore: false } as const;

/**
 * A list that is read page by page, by one task at a time. A refresh keeps what is shown until everything has been read
 * again. A failure halfway keeps what was read.
 */
export class PagedList<T> {
  private current: PagedListState<T> = IDLE;
  private nextPageToken: string | undefined;
  /** The tokens of the pages that are shown. */
  private asked: ReadonlySet<string> = new Set();
  private pagesShown = 0;
  private running: { readonly task: 'load' | 'refresh' | 'renew' | 'append'; readonly done: Promise<void> } | undefined;
  /** The reading that starts when the current task is done. Everyone who asks for it meanwhile shares it. */
  private next: Promise<void> | undefined;
  private controller = new AbortController();
  /** Changes of single records since the page being read was requested. */
  private amendments: Amendment<T>[] = [];

  constructor(
    private readonly read: PageReader<T>,
    private readonly onDidChange: () => void,
    /** Whether even the first read bypasses the cache. */
    private readonly freshAtFirst = false,
  ) {}

  get state(): PagedListState<T> {
    return this.current;
  }

  /**
   * Reads the first page unless that was done. Waits for it, but not for further pages. Never throws: failures are in
   * the state.
   */
  ensureLoaded(): Promise<void> {
    if (this.current.phase === 'ready' || this.current.phase === 'failed') return Promise.resolve();
    return this.running?.done ?? this.run('load', () => this.reload(1, this.freshAtFirst));
  }

  /** Reads all shown pages again, past the cache. If a refresh is running, joins it; waits for any other task. */
  async refresh(): Promise<void> {
    while (this.running !== undefined && this.running.task !== 'refresh') await this.running.done;
    await (this.running?.done ?? this.run('refresh', () => this.reload(Math.max(1, this.pagesShown), true)));
  }

  /**
   * The same after a change. A running task's responses may predate the change, so everything is read again after it.
   */
  refreshAfterChange(): Promise<void> {
    if (this.running === undefined) return this.refresh();
    this.next ??= this.running.done.then(() => {
      this.next = undefined;
      return this.refresh();
    });
    return this.next;
  }

  /** Reads the next page, or joins the running task. A disposed list has no next page. */
  loadMore(): Promise<void> {
    if (!this.current.hasMore || this.controller.signal.aborted) return Promise.resolve();
    return this.running?.done ?? this.run('append', () => this.append());
  }

  /** Replaces a record by a newer one. */
  replace(is: (record: T) => boolean, record: T): void {
    this.amend((items) => items.map((item) => ('record' in item && is(item.record) ? { record } : item)));
  }

  /** Removes a deleted record. */
  remove(is: (record: T) => boolean): void {
    this.amend((items) => items.filter((item) => !('record' in item && is(item.record))));
  }

  /** Cancels the running task. The list is no longer used. */
  dispose(): void {
    this.controller.abort();
  }

  /**
   * A page that was requested earlier may contain the old record, so it's amended too, and nothing older appears
   * afterwards.
   */
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

  /** Adds a page to the ones before it, and reads on while pages bring nothing. */
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

  /** Shows what the cache has now, which is newer than what is shown. */
  private async renew(): Promise<void> {
    await this.running?.done;
    if (this.controller.signal.aborted || this.current.phase !== 'ready') return;
    await (this.running?.done ?? this.run('renew', () => this.reload(Math.max(1, this.pagesShown), false)));
  }

  private run(task: 'load' | 'refresh' | 'renew' | 'append', start: () => Promise<void>): Promise<void> {
    // Starts asynchronously, so that a listener of the first change sees that it's running.
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

/** How many records the list has. Undefined if unknown: some servers count the page, or fewer than they then send. */
function totalOf({ totalSize, nextPageToken }: Page<unknown>, count: number): number | undefined {
  if (totalSize === undefined || totalSize > count) return totalSize;
  return nextPageToken === undefined ? count : undefined;
}
