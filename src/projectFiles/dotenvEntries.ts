/** One `NAME=value` of a `.env` file, and where it is. */
export interface DotenvEntry {
  readonly name: string;
  readonly nameStart: number;
  /** Without its quotes. */
  readonly value: string;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** From the first character of its first line to the end of its last one, without the line break. */
  readonly start: number;
  readonly end: number;
}

const NAME = /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]{0,100})([ \t]*=[ \t]*)/;

/** The entries of a `.env` file, in order. Comments and lines that it doesn't understand are skipped. */
export function* dotenvEntries(text: string): Generator<void, DotenvEntry[]> {
  const entries: DotenvEntry[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const start = at;
    let end = lineEnd(text, start);
    const line = text.slice(start, end);
    const [, before, name, separator] = NAME.exec(line) ?? [];
    if (before !== undefined && name !== undefined && separator !== undefined) {
      const nameStart = start + before.length;
      const from = nameStart + name.length + separator.length;
      const value = valueAt(text, from, end);
      end = lineEnd(text, value.end);
      entries.push({
        name,
        nameStart,
        value: text.slice(value.start, value.end),
        valueStart: value.start,
        valueEnd: value.end,
        start,
        end,
      });
    }
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    yield;
  }
  return entries;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end === -1) return text.length;
  return end > from && text.charAt(end - 1) === '\r' ? end - 1 : end;
}

/** How long a quoted value may be. Without its end within this length, the quotation mark is a part of the value. */
const LONGEST_QUOTED = 16 * 1024;

function valueAt(text: string, from: number, end: number): { readonly start: number; readonly end: number } {
  const quote = text.charAt(from);
  if (from < end && (quote === '"' || quote === "'" || quote === '`')) {
    const within = text.slice(from + 1, from + 1 + LONGEST_QUOTED);
    let close = within.indexOf(quote);
    while (quote === '"' && close > 0 && within.charAt(close - 1) === '\\') close = within.indexOf(quote, close + 1);
    // A forgotten quotation mark must not swallow the entries up to the next one.
    if (close !== -1 && !/\n[ \t]*(?:export[ \t]+)?[A-Za-z_]\w*[ \t]*=/.test(within.slice(0, close)))
      return { start: from + 1, end: from + 1 + close };
  }
  const raw = text.slice(from, end);
  const comment = /(?:^|[ \t])#/.exec(raw);
  return { start: from, end: from + (comment === null ? raw : raw.slice(0, comment.index)).trimEnd().length };
}
