/** Where a field of a JSON object is in its text, as offsets. `name` includes the quotes. */
export interface FieldRange {
  readonly name: readonly [start: number, end: number];
  readonly value: readonly [start: number, end: number];
}

/** Strings, punctuation, and other values. An unfinished string ends with the text. */
const TOKENS = /"(?:[^"\\]|\\[^])*"?|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Where the fields of a JSON object are in its text, which must be valid JSON. Of two with one name, the last counts. */
export function fieldRanges(text: string): Map<string, FieldRange> {
  const ranges = new Map<string, FieldRange>();
  let depth = 0;
  let name: { readonly text: string; readonly range: FieldRange['name'] } | undefined;
  let value: [start: number, end: number] | undefined;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const end = index + token.length;
    const isEnd = token === '}' || token === ']';
    if (depth === 1 && (token === ',' || isEnd)) {
      if (name !== undefined && value !== undefined) ranges.set(name.text, { name: name.range, value });
      [name, value] = [undefined, undefined];
    } else if (depth === 1 && name === undefined) {
      name = { text: String(JSON.parse(token)), range: [index, end] };
    } else if (depth > 1 || (depth === 1 && token !== ':')) {
      value = [value?.[0] ?? index, end];
    }
    if (isEnd) depth--;
    else if (token === '{' || token === '[') depth++;
  }
  return ranges;
}
