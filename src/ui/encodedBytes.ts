/** Bytes that other bytes encode. Byte `n` is encoded there from `places[2 * n]` up to `places[2 * n + 1]`. */
export interface Decoded {
  readonly bytes: Uint8Array;
  readonly places: Int32Array;
}

/**
 * Everything that these bytes may encode, in each possible reading. The time is always proportional to the number of
 * bytes.
 */
export function* decodings(bytes: Uint8Array): Generator<Decoded> {
  const unescaped = withoutEscapes(bytes);
  if (unescaped !== undefined) yield unescaped;
  yield* inGroups(bytes, BASE64);
  yield* inGroups(bytes, HEX);
  yield* decimals(bytes);
}

/** The bytes without escapes, however many times they were escaped. */
export function fullyUnescaped(bytes: Uint8Array): Uint8Array {
  let plain = bytes;
  for (let passes = 0; passes < MOST_PASSES; passes++) plain = withoutEscapes(plain)?.bytes ?? plain;
  return plain;
}

const MOST_PASSES = 5;

/**
 * Escapes of URLs, HTML, JSON and programming languages, even if escaped again: `%2b` and `%252b`, `&#43;` and
 * `&amp;#43;`, `\u002b` and `\\u002b`.
 */
const ESCAPES =
  /%(?:25)*(?:u([\da-f]{4})|([\da-f]{2}))|&(?:amp;)*(?:#(\d{1,7});?|#x([\da-f]{1,6});?|(amp|lt|gt|quot|apos|plus|sol|equals|percnt|lowbar|num|bsol|nbsp);)|\\+(?:u([\da-f]{4})|u\{([\da-f]{1,6})\}|x([\da-f]{2})|([0-3][0-7]{2})|([nrt]))?/gi;

/**
 * UTF-16 has these beside each ASCII character. They're removed first, since they separate the characters of an escape.
 */
const ZEROS = /\0+/g;

/** HTML's names of the characters in secrets and the texts around them. */
const HTML_NAMES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  plus: '+',
  sol: '/',
  equals: '=',
  percnt: '%',
  lowbar: '_',
  num: '#',
  bsol: '\\',
  nbsp: '\u00a0',
};

const CONTROLS: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09 };

/** Undefined if nothing is escaped. */
function withoutEscapes(bytes: Uint8Array): Decoded | undefined {
  const pattern = bytes.includes(0)
    ? ZEROS
    : [...'%&\\'].some((sign) => bytes.includes(sign.charCodeAt(0)))
      ? ESCAPES
      : undefined;
  if (pattern === undefined) return undefined;
  // One character per byte. No escape is shorter than what it represents.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  let out: Writer | undefined;
  let copied = 0;
  let highSurrogate: { readonly code: number; readonly start: number; readonly end: number } | undefined;
  const copyUntil = (end: number, writer: Writer): void => {
    for (; copied < end; copied++) writer.write(bytes[copied] ?? 0, copied, copied + 1);
  };
  for (const match of text.matchAll(pattern)) {
    const [escape, percentU, percent, decimal, hexEntity, name = '', backslashU, braces, hex, octal, control] = match;
    const named = HTML_NAMES[name.toLowerCase()];
    out ??= new Writer(bytes.length);
    const start = match.index;
    const end = start + escape.length;
    copyUntil(start, out);
    copied = end;
    const byte = percent ?? hex;
    if (byte !== undefined) out.write(parseInt(byte, 16), start, end);
    else if (octal !== undefined) out.write(parseInt(octal, 8), start, end);
    else if (control !== undefined) out.write(CONTROLS[control.toLowerCase()] ?? 0, start, end);
    else {
      const hexCode = percentU ?? hexEntity ?? backslashU ?? braces;
      let code =
        named?.charCodeAt(0) ??
        (hexCode !== undefined ? parseInt(hexCode, 16) : decimal === undefined ? undefined : Number(decimal));
      // A lone backslash, or zeros.
      if (code === undefined) continue;
      let from = start;
      if (isBetween(code, 0xd800, 0xdbff)) {
        highSurrogate = { code, start, end };
        continue;
      }
      if (highSurrogate?.end === start && isBetween(code, 0xdc00, 0xdfff)) {
        code = (highSurrogate.code - 0xd800) * 0x400 + (code - 0xdc00) + 0x10000;
        from = highSurrogate.start;
      }
      if (code <= 0x10ffff) for (const each of Buffer.from(String.fromCodePoint(code))) out.write(each, from, end);
    }
  }
  if (out === undefined) return undefined;
  copyUntil(bytes.length, out);
  return out.done();
}

function isBetween(code: number, least: number, most: number): boolean {
  return code >= least && code <= most;
}

/** An encoding that writes some bytes as a group of characters. */
interface GroupEncoding {
  /** For each byte: the bits that a character represents, `PASSED` if it's skipped, or `NONE`. */
  readonly values: Int8Array;
  /** Bits per character, and characters per group. */
  readonly bits: number;
  readonly group: number;
  /** Shorter runs of characters contain nothing of interest. */
  readonly shortest: number;
}

const NONE = -1;
const PASSED = -2;

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Both alphabets, with line breaks and indentation anywhere. */
const BASE64 = groupEncoding(6, 4, 6, [`${LETTERS_AND_DIGITS}+/`, `${LETTERS_AND_DIGITS}-_`], '\n\r\t ');
/** Also in pairs with separators. */
const HEX = groupEncoding(4, 2, 8, ['0123456789abcdef', '0123456789ABCDEF'], '\n\r\t +:-,');

function groupEncoding(
  bits: number,
  group: number,
  shortest: number,
  alphabets: readonly string[],
  passed: string,
): GroupEncoding {
  const values = new Int8Array(256).fill(NONE);
  for (const alphabet of alphabets)
    [...alphabet].forEach((character, value) => (values[character.charCodeAt(0)] = value));
  for (const character of passed) values[character.charCodeAt(0)] = PASSED;
  return { values, bits, group, shortest };
}

/** No encoding contains it, so nothing extends across it. */
const BOUNDARY = 1;

/**
 * Each run of an encoding's characters, decoded. Other characters of the same alphabet may precede the encoded text, so
 * a group may begin at any of its characters: one result for each.
 */
function* inGroups(bytes: Uint8Array, { values, bits, group, shortest }: GroupEncoding): Generator<Decoded> {
  const runs: { readonly start: number; readonly end: number; readonly length: number }[] = [];
  let total = 0;
  for (let start = 0; start < bytes.length; start++) {
    let length = 0;
    let end = start;
    for (; end < bytes.length; end++) {
      const value = values[bytes[end] ?? 0] ?? NONE;
      if (value === NONE) break;
      if (value !== PASSED) length++;
    }
    if (length >= shortest) {
      runs.push({ start, end, length });
      total += length;
    }
    start = end;
  }
  for (let phase = 0; phase < (runs.length === 0 ? 0 : group); phase++) {
    const out = new Writer(total + runs.length);
    for (const { start, end } of runs) {
      let gathered = 0;
      let count = 0;
      let seen = 0;
      let from = start;
      for (let index = start; index < end; index++) {
        const value = values[bytes[index] ?? 0] ?? NONE;
        if (value < 0 || seen++ < phase) continue;
        if (count === 0) from = index;
        gathered = (gathered << bits) | value;
        count += bits;
        if (count < 8) continue;
        count -= 8;
        out.write((gathered >> count) & 0xff, from, index + 1);
        gathered &= (1 << count) - 1;
        from = index;
      }
      let padded = end;
      while (padded - end < 2 && bytes[padded] === 0x3d) padded++;
      out.extendLast(end, padded);
      out.writeBoundary(end);
    }
    yield out.done();
  }
}

/** Bytes as a list of decimal numbers, as Node prints buffers in JSON. */
function* decimals(bytes: Uint8Array): Generator<Decoded> {
  if (!bytes.includes(COMMA)) return;
  const out = new Writer(bytes.length + 1);
  let start = -1;
  let value = 0;
  for (let index = 0; index <= bytes.length; index++) {
    const byte = bytes[index] ?? BOUNDARY;
    if (isBetween(byte, DIGIT_0, DIGIT_0 + 9)) {
      if (start < 0) start = index;
      value = Math.min(value * 10 + byte - DIGIT_0, 256);
      continue;
    }
    if (start >= 0) out.write(value > 255 ? BOUNDARY : value, start, index);
    if (byte !== COMMA && (HEX.values[byte] ?? NONE) !== PASSED) out.writeBoundary(index);
    start = -1;
    value = 0;
  }
  yield out.done();
}

const COMMA = 0x2c;
const DIGIT_0 = 0x30;

class Writer {
  private length = 0;
  private readonly bytes: Uint8Array;
  private readonly places: Int32Array;

  constructor(most: number) {
    this.bytes = new Uint8Array(most);
    this.places = new Int32Array(2 * most);
  }

  write(byte: number, start: number, end: number): void {
    const index = this.length++;
    this.bytes[index] = byte;
    this.places[2 * index] = start;
    this.places[2 * index + 1] = end;
  }

  writeBoundary(at: number): void {
    if (this.length > 0 && this.bytes[this.length - 1] !== BOUNDARY) this.write(BOUNDARY, at, at);
  }

  /** Extends what is written up to `end` to `further`. */
  extendLast(end: number, further: number): void {
    if (this.length > 0 && this.places[2 * this.length - 1] === end) this.places[2 * this.length - 1] = further;
  }

  done(): Decoded {
    return { bytes: this.bytes.subarray(0, this.length), places: this.places };
  }
}
