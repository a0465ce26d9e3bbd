/**
 * How many sample objects each organization has: a pattern that repeats. From it follows, without any table, which
 * objects belong to an organization and which organization an object belongs to.
 */
export class Shares {
  readonly #starts: number[] = [];
  readonly #sum: number;

  constructor(private readonly pattern: readonly number[]) {
    let sum = 0;
    for (const count of pattern) {
      this.#starts.push(sum);
      sum += count;
    }
    this.#sum = sum;
  }

  /** Position of the first object of an organization, by the organization's position. */
  startOf(organization: number): number {
    const place = organization % this.pattern.length;
    return Math.floor(organization / this.pattern.length) * this.#sum + (this.#starts[place] ?? 0);
  }

  /** The organization that an object belongs to, and the object's place among its objects. */
  ownerOf(object: number): { organization: number; index: number } {
    const round = Math.floor(object / this.#sum);
    const rest = object % this.#sum;
    let place = this.pattern.length - 1;
    while (place > 0 && (this.#starts[place] ?? 0) > rest) place--;
    return { organization: round * this.pattern.length + place, index: rest - (this.#starts[place] ?? 0) };
  }
}
