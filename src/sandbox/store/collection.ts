import type { IdSeries } from './idSeries';
import type { Listing } from './pages';

/** Objects created on demand: `make(position)` must return an equal object each time. */
export interface Samples<T> {
  readonly count: number;
  make(position: number): T;
}

/**
 * Objects of one kind in order of creation. The samples come first and exist only as a recipe. Objects that were
 * changed, deleted or added override them. Starting and paging cost the same for ten objects as for a million.
 */
export class Collection<T extends object> implements Listing<T> {
  readonly #changed = new Map<number, T>();
  readonly #deleted = new Set<number>();
  #end: number;

  constructor(
    readonly ids: IdSeries,
    private readonly samples: Samples<T>,
  ) {
    this.#end = samples.count;
  }

  /** Number of objects. */
  get size(): number {
    return this.#end - this.#deleted.size;
  }

  /** One past the last position in use. */
  get end(): number {
    return this.#end;
  }

  /** Number of samples at the start. */
  get sampleCount(): number {
    return this.samples.count;
  }

  /** A sample as it was at the start, even if it has changed since. */
  original(position: number): T | undefined {
    return position >= 0 && position < this.samples.count ? this.samples.make(position) : undefined;
  }

  at(position: number): T | undefined {
    if (position < 0 || position >= this.#end || this.#deleted.has(position)) return undefined;
    return this.#changed.get(position) ?? this.samples.make(position);
  }

  get(id: string): T | undefined {
    const position = this.ids.positionOf(id);
    return position === undefined ? undefined : this.at(position);
  }

  /** Adds an object at the end. `make` receives its new id. */
  add(make: (id: string) => T): T {
    const position = this.#end++;
    const value = make(this.ids.idAt(position));
    this.#changed.set(position, value);
    return value;
  }

  /** Replaces the object with an existing id. */
  set(id: string, value: T): void {
    const position = this.ids.positionOf(id);
    if (position === undefined || this.at(position) === undefined)
      throw new RangeError(`${id} isn't in the collection`);
    this.#changed.set(position, value);
  }

  /** True if there was such an object. */
  delete(id: string): boolean {
    const position = this.ids.positionOf(id);
    if (position === undefined || this.at(position) === undefined) return false;
    this.#deleted.add(position);
    this.#changed.delete(position);
    return true;
  }

  /** Whether a position has an unchanged sample. */
  isSample(position: number): boolean {
    return position < this.samples.count && !this.#changed.has(position) && !this.#deleted.has(position);
  }

  *after(position: number): Generator<[number, T]> {
    for (let at = Math.max(position + 1, 0); at < this.#end; at++) {
      const value = this.at(at);
      if (value !== undefined) yield [at, value];
    }
  }

  *before(position: number): Generator<[number, T]> {
    for (let at = Math.min(position, this.#end) - 1; at >= 0; at--) {
      const value = this.at(at);
      if (value !== undefined) yield [at, value];
    }
  }
}
