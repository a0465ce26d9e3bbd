import { randomBytes, randomInt } from 'node:crypto';

/** Makes repeatable choices: the same seed and key always give the same number. Not for secrets. */
export class SeededRandom {
  constructor(readonly seed: number) {}

  /** A whole number from 0 to `below - 1` for a key, for example `('members', 12)`. */
  number(below: number, kind: string, index: number): number {
    let hash = 0x811c9dc5 ^ this.seed;
    for (let i = 0; i < kind.length; i++) hash = Math.imul(hash ^ kind.charCodeAt(i), 0x01000193);
    // The finalizer of MurmurHash3, because neighboring indexes must not give neighboring numbers.
    hash = Math.imul(hash ^ index, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) % below;
  }

  /** One of `values`. */
  pick<T>(values: readonly T[], kind: string, index: number): T {
    const value = values[this.number(values.length, kind, index)];
    if (value === undefined) throw new RangeError(`nothing to pick for ${kind}`);
    return value;
  }
}

/** `count` decimal digits that can't be guessed. The first isn't zero. */
export function randomDigits(count: number): string {
  let digits = String(randomInt(1, 10));
  while (digits.length < count) digits += String(randomInt(0, 10));
  return digits;
}

/** A secret of 48 URL-safe characters. */
export function randomSecret(): string {
  return randomBytes(36).toString('base64url');
}
