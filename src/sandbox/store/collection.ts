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
  /** The ids that were given with an object, and the positions that have one. */
  readonly #given = new Map<string, number>();
  readonly #isGiven = new Set<number>();
  readonly #reserved = new Set<string>();
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
    const position = this.#positionOf(id);
    return position === undefined ? undefined : this.at(position);
  }

  /** Keeps ids of the series for objects that are added with them. */
  reserve(ids: readonly string[]): void {
    for (const id of ids) this.#reserved.add(id);
  }

  /** Adds an object at the end. `make` receives its id: a new one, unless it's given. */
  add(make: (id: string) => T, givenId?: string): T {
    if (givenId === undefined) while (this.#reserved.has(this.ids.idAt(this.#end))) this.#deleted.add(this.#end++);
    const position = this.#end++;
    const id = givenId ?? this.ids.idAt(position);
    if (id !== this.ids.idAt(position)) {
      this.#given.set(id, position);
      this.#isGiven.add(position);
    }
    const value = make(id);
    this.#changed.set(position, value);
    return value;
  }

  /** Replaces the object with an existing id. */
  set(id: string, value: T): void {
    const position = this.#positionOf(id);
    if (position === undefined || this.at(position) === undefined)
      throw new RangeError(`${id} isn't in the collection`);
    this.#changed.set(position, value);
  }

  /** True if there was such an object. */
  delete(id: string): boolean {
    const position = this.#positionOf(id);
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

  #positionOf(id: string): number | undefined {
    const given = this.#given.get(id);
    if (given !== undefined) return given;
    const position = this.ids.positionOf(id);
    return position === undefined || this.#isGiven.has(position) ? undefined : position;
  }
}
