/**
 * How many sample objects each organization has: a pattern that repeats. It determines, without any table, which
 * objects belong to an organization, and which organization an object belongs to.
 * @param first how many the first organization has, if that differs from the pattern
 */
export class Shares {
  readonly #starts: number[] = [];
  readonly #sum: number;
  /** How many more the first organization has than the pattern says. */
  readonly #more: number;

  constructor(
    private readonly pattern: readonly number[],
    private readonly first = pattern[0] ?? 0,
  ) {
    this.#more = first - (pattern[0] ?? 0);
    let sum = 0;
    for (const count of pattern) {
      this.#starts.push(sum);
      sum += count;
    }
    this.#sum = sum;
  }

  /** Position of an organization's first object, by the organization's position. */
  startOf(organization: number): number {
    if (organization === 0) return 0;
    const place = organization % this.pattern.length;
    return this.#more + Math.floor(organization / this.pattern.length) * this.#sum + (this.#starts[place] ?? 0);
  }

  /** The organization that an object belongs to, and the object's place among its objects. */
  ownerOf(object: number): { organization: number; index: number } {
    if (object < this.first) return { organization: 0, index: object };
    const round = Math.floor((object - this.#more) / this.#sum);
    const rest = (object - this.#more) % this.#sum;
    let place = this.pattern.length - 1;
    while (place > 0 && (this.#starts[place] ?? 0) > rest) place--;
    return { organization: round * this.pattern.length + place, index: rest - (this.#starts[place] ?? 0) };
  }
}
