/**
 * Ids of one kind, for example `org_64444217115541813`, one for each position. The position can be computed from the id.
 * So 100,000 sample objects need no index, and a new object gets the next id.
 */
export class IdSeries {
  /**
   * @param prefix for example `org_`
   * @param leading digits that all ids start with
   * @param first the other digits of the first id: a number below 10^12
   * @param step distance from one id to the next
   */
  constructor(
    private readonly prefix: string,
    private readonly leading: string,
    private readonly first: number,
    private readonly step: number,
  ) {}

  idAt(position: number): string {
    return `${this.prefix}${this.leading}${String(this.first + position * this.step).padStart(12, '0')}`;
  }

  /** The position of an id, or undefined if the id isn't in this series. */
  positionOf(id: string): number | undefined {
    const start = this.prefix + this.leading;
    const digits = id.slice(start.length);
    if (!id.startsWith(start) || !/^\d{12}$/.test(digits)) return undefined;
    const position = (Number(digits) - this.first) / this.step;
    return Number.isInteger(position) && position >= 0 ? position : undefined;
  }
}
