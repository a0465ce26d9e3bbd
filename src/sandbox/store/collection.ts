import type { IdSeries } from './idSeries';
import type { Listing } from './pages';

/** Objects that are made when asked for: `make(position)` must give an equal object each time. */
export interface Samples<T> {
  readonly count: number;
  make(position: number): T;
}

/**
 * Objects of one kind in the order of their creation. The samples come first and exist only as a recipe; what was
 * changed, deleted or added lies over them. Starting and paging cost the same for ten objects as for a million.
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

  /** Number of objects there are. */
  get size(): number {
    return this.#end - this.#deleted.size;
  }

  /** One past the last position in use. */
  get end(): number {
    return this.#end;
  }

  /** Number of samples that there were at the start. */
  get sampleCount(): number {
    return this.samples.count;
  }

  /** A sample as it was at the start, whatever has become of it. */
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

  /** Adds an object at the end; `make` is given the id it gets. */
  add(make: (id: string) => T): T {
    const position = this.#end++;
    const value = make(this.ids.idAt(position));
    this.#changed.set(position, value);
    return value;
  }

  /** Replaces what is under an id that exists. */
  set(id: string, value: T): void {
    const position = this.ids.positionOf(id);
    if (position === undefined || this.at(position) === undefined)
      throw new RangeError(`${id} is not in the collection`);
    this.#changed.set(position, value);
  }

  /** True when there was such an object. */
  delete(id: string): boolean {
    const position = this.ids.positionOf(id);
    if (position === undefined || this.at(position) === undefined) return false;
    this.#deleted.add(position);
    this.#changed.delete(position);
    return true;
  }

  /** Whether a position holds a sample as it was made. */
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
