import { isCancelled } from '../api/scalekitError.js';
import type { Page, PageItem } from '../api/page.js';

/** Reads one page; `fresh` asks the server even when a cached answer is held. */
export type PageReader<T> = (request: PageRequest) => Promise<Page<T>>;

export interface PageRequest {
  readonly pageToken?: string;
  readonly fresh: boolean;
  readonly signal: AbortSignal;
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

const IDLE = { items: [], phase: 'idle', hasMore: false, loadingMore: false } as const;

/**
 * A list that is read page by page. Single flight; a refresh keeps what is shown until all of it has been read again; a failure
 * in the middle keeps what was read.
 */
export class PagedList<T> {
  private current: PagedListState<T> = IDLE;
  private nextPageToken: string | undefined;
  private pagesShown = 0;
  private running: { readonly task: 'load' | 'refresh' | 'append'; readonly done: Promise<void> } | undefined;
  private controller = new AbortController();

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
    if (this.running !== undefined && this.running.task !== 'refresh') await this.running.done;
    await (this.running?.done ?? this.run('refresh', () => this.reload(Math.max(1, this.pagesShown), true)));
  }

  /** Reads the next page. Pressed while something runs, it joins that. */
  loadMore(): Promise<void> {
    if (!this.current.hasMore) return Promise.resolve();
    return this.running?.done ?? this.run('append', () => this.append());
  }

  /** Puts a newer record in the place of the one that it is. */
  replace(is: (record: T) => boolean, record: T): void {
    this.set({ ...this.current, items: this.current.items.map((item) => ('record' in item && is(item.record) ? { record } : item)) });
  }

  /** Gives up what is under way; the list is not used any more. */
  dispose(): void {
    this.controller.abort();
  }

  private run(task: 'load' | 'refresh' | 'append', start: () => Promise<void>): Promise<void> {
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
    const items: PageItem<T>[] = [];
    let token: string | undefined;
    let totalSize: number | undefined;
    let read = 0;
    try {
      do {
        const page = await this.read({ pageToken: token, fresh, signal: this.controller.signal });
        items.push(...unseen(page.items, items));
        totalSize = page.totalSize;
        token = following(page, token, items.length);
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
      const page = await this.read({ pageToken: this.nextPageToken, fresh: false, signal: this.controller.signal });
      const items = [...this.current.items, ...unseen(page.items, this.current.items)];
      const token = following(page, this.nextPageToken, items.length);
      this.nextPageToken = token;
      this.pagesShown++;
      this.set({ ...this.current, items, totalSize: page.totalSize ?? this.current.totalSize, hasMore: token !== undefined, loadingMore: false });
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
