import { markNumbers, unmarkNumbers } from '../../api/exactNumbers';
import type { JsonRecord } from '../../api/json';
import { displayText } from '../../ui/displayText';

/** Lists and objects up to this many characters are on one line. */
const SHORT_JSON = 80;

/** The same JSON, with all digits of each number. */
export function exactRecord(read: JsonRecord, json: string | undefined): JsonRecord {
  return json === undefined ? read : (JSON.parse(markNumbers(json)) as JsonRecord);
}

export interface Printed {
  readonly lines: readonly string[];
  readonly comment?: string | undefined;
}

/** A header or claims set, with the meaning of each property. */
export function commentedRecord(
  json: JsonRecord,
  meaning: (name: string, value: unknown) => string | undefined,
): Printed {
  const entries = Object.entries(json);
  if (entries.length === 0) return { lines: ['{}'] };
  const lines = entries.flatMap(([name, value], index) =>
    property(name, { lines: jsonLines(value), comment: meaning(name, value) }, '  ', index === entries.length - 1),
  );
  return { lines: ['{', ...lines, '}'] };
}

/** A property's lines, with its comment at the end of the first. */
export function property(name: string, { lines, comment: meaning }: Printed, indent: string, last: boolean): string[] {
  return lines.map((line, index) => {
    const start = index === 0 ? `${displayText(JSON.stringify(name))}: ` : '';
    const comma = index === lines.length - 1 && !last ? ',' : '';
    return `${indent}${start}${line}${comma}${index === 0 && meaning !== undefined ? ` ${comment(meaning)}` : ''}`;
  });
}

/** JSON as lines, with JSON escapes for invisible characters. */
function jsonLines(value: unknown): string[] {
  const printed = (space?: number): string => unmarkNumbers(JSON.stringify(value, undefined, space));
  const short = printed();
  if (typeof value !== 'object' || value === null) return [displayText(short)];
  if (short.length <= SHORT_JSON) return [displayText(printed(1).replace(/\n */g, ' '))];
  return printed(2).split('\n').map(displayText);
}

/** A comment that no text can end. */
export function comment(text: string): string {
  return `// ${displayText(text)}`;
}
