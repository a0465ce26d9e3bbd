import QuickLRU from 'quick-lru';
import { SharedRequests } from './sharedRequests';

export interface CacheReadOptions<T> {
  readonly signal?: AbortSignal;
  /** Ask the server even if a fresh response is cached, for example because the user pressed Refresh. */
  readonly fresh?: boolean;
  /** Called after a stale response was returned, if the newer one differs. */
  readonly onNewer?: (value: T) => void;
}

export interface ResponseCacheOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long a response is returned without asking again, in milliseconds. */
  readonly freshMs?: number;
  /** After how long a response is no longer returned at all, in milliseconds. */
  readonly staleMs?: number;
  readonly maxEntries?: number;
}

interface Entry<T> {
  readonly value: T;
  readonly readAt: number;
}

/**
 * The responses of one environment. Fresh ones are returned directly. Stale ones are returned and renewed in the
 * background. Readers of one key share one request. The size is limited: the least recently used entries go first.
 */
export class ResponseCache<T> {
  private readonly entries: QuickLRU<string, Entry<T>>;
  private readonly requests = new SharedRequests<T>('api');
  /** Which request's response may be cached: none that started before the cache was cleared. */
  private readonly current = new Map<string, object>();
  private readonly freshMs: number;
  private readonly staleMs: number;

  constructor(private readonly options: ResponseCacheOptions) {
    this.freshMs = options.freshMs ?? 60_000;
    this.staleMs = options.staleMs ?? 30 * 60_000;
    this.entries = new QuickLRU({ maxSize: options.maxEntries ?? 500 });
  }

  /** @throws what `load` throws, unless a response is cached; ScalekitError `cancelled` if the signal aborts. */
  async read(key: string, load: (signal: AbortSignal) => Promise<T>, options: CacheReadOptions<T> = {}): Promise<T> {
    const entry = this.entries.get(key);
    const age = entry === undefined ? Infinity : this.options.now() - entry.readAt;
    // If the clock was set back, the age is negative and tells nothing.
    if (entry === undefined || options.fresh || age < 0 || age > this.staleMs)
      return this.load(key, load, options.signal);
    if (age > this.freshMs) {
      this.load(key, load).then(
        (value) => {
          if (value !== entry.value) options.onNewer?.(value);
        },
        // The stale response was returned. The failure is in the log, and the next reader asks again.
        () => undefined,
      );
    }
    return entry.value;
  }

  /** Drops all responses. Pending ones aren't cached either: they may predate the write that made this necessary. */
  clear(): void {
    this.entries.clear();
    this.current.clear();
    this.requests.detach();
  }

  private load(key: string, load: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.requests.join(
      key,
      async (shared) => {
        const ticket = {};
        this.current.set(key, ticket);
        try {
          const value = await load(shared);
          if (this.current.get(key) === ticket) this.entries.set(key, { value, readAt: this.options.now() });
          return value;
        } finally {
          if (this.current.get(key) === ticket) this.current.delete(key);
        }
      },
      signal,
    );
  }
}
