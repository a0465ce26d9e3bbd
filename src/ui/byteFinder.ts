/** A range of bytes: its start, and the position after its end. */
export type Span = readonly [start: number, end: number];

/** Shorter strings aren't searched for. */
export const SHORTEST_NEEDLE = 4;

const SPACE = 0x20;
const PLUS = 0x2b;

/**
 * Finds any of many byte strings in one pass, however many there are: it looks up the last four bytes of each at every
 * position. A plus and a space count as the same, since forms encode a space as a plus.
 */
export class ByteFinder<T> {
  private readonly byEnd = new Map<number, { readonly bytes: Uint8Array; readonly name: T }[]>();
  /** Whether any needle may end like this: a much faster check than the map. */
  private readonly mayEnd = new Uint8Array(1 << 16);

  /** Ignores needles shorter than {@link SHORTEST_NEEDLE}. */
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

  /** Reports each occurrence of a needle, ordered by where they end. */
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
