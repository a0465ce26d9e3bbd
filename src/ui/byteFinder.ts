/** A part of some bytes, from the first to the one after the last. */
export type Span = readonly [start: number, end: number];

/** What is found must be at least this long. */
export const SHORTEST_NEEDLE = 4;

const SPACE = 0x20;
const PLUS = 0x2b;

/**
 * Finds any of many byte strings in one pass, however many there are: the last four bytes of each are looked up at every place. A plus
 * and a space are the same here, since forms write one for the other.
 */
export class ByteFinder<T> {
  private readonly byEnd = new Map<number, { readonly bytes: Uint8Array; readonly name: T }[]>();
  /** Whether any needle may end so: far quicker to ask than the map. */
  private readonly mayEnd = new Uint8Array(1 << 16);

  /** Shorter needles than {@link SHORTEST_NEEDLE} are let be. */
  add(needle: Uint8Array, name: T): void {
    if (needle.length < SHORTEST_NEEDLE) return;
    const bytes = needle.map(folded);
    let end = 0;
    for (const byte of bytes.subarray(-SHORTEST_NEEDLE)) end = (end << 8) | byte;
    const equal = this.byEnd.get(end);
    if (equal === undefined) this.byEnd.set(end, [{ bytes, name }]);
    else equal.push({ bytes, name });
    this.mayEnd[hash(end)] = 1;
  }

  /** Tells of each place where a needle stands, in the order of their ends. */
  find(bytes: Uint8Array, onFound: (start: number, end: number, name: T) => void): void {
    if (this.byEnd.size === 0) return;
    let last = 0;
    for (let index = 0; index < bytes.length; index++) {
      last = (last << 8) | folded(bytes[index] ?? 0);
      if (this.mayEnd[hash(last)] === 0) continue;
      const end = index + 1;
      for (const needle of this.byEnd.get(last) ?? []) {
        const start = end - needle.bytes.length;
        if (start >= 0 && needle.bytes.every((byte, offset) => byte === folded(bytes[start + offset] ?? 0)))
          onFound(start, end, needle.name);
      }
    }
  }
}

function folded(byte: number): number {
  return byte === PLUS ? SPACE : byte;
}

function hash(four: number): number {
  return Math.imul(four, 0x9e3779b1) >>> 16;
}
