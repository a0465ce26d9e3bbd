import { parseJson } from '../../api/client/errorResponse';

/** How the body that was signed differs from the one at hand. */
export type BodyForm =
  | 'asGiven'
  | 'compact'
  | 'indented'
  | 'spaced'
  | 'htmlEscaped'
  | 'asciiEscaped'
  | 'slashEscaped'
  | 'lineEnds'
  | 'outerSpace'
  | 'byteOrderMark'
  | 'latin1'
  | 'normalized'
  | 'quoted'
  | 'base64'
  | 'percentEncoded'
  | 'empty';

export interface BodyVariant {
  readonly form: BodyForm;
  readonly bytes: Buffer;
}

/** Bodies that may have been signed if this one was found in a program or its log. The given one comes first. */
export function bodyForms(body: string): readonly BodyVariant[] {
  const variants: BodyVariant[] = [{ form: 'asGiven', bytes: Buffer.from(body) }];
  const add = (form: BodyForm, text: string | Buffer): void => {
    variants.push({ form, bytes: typeof text === 'string' ? Buffer.from(text) : text });
  };
  add('lineEnds', body.replaceAll('\r\n', '\n'));
  add('lineEnds', body.replaceAll(/\r?\n/g, '\r\n'));
  for (const end of ['\n', '\r\n', ' ']) add('outerSpace', body + end);
  add('outerSpace', body.trim());
  for (const end of ['', '\n', '\r\n']) add('outerSpace', body.trimEnd() + end);
  add('byteOrderMark', `\ufeff${body}`);
  add('byteOrderMark', body.replace(/^\ufeff/, ''));
  const json = parseJson(body);
  if (json !== undefined) for (const [form, text] of rewritten(json)) add(form, text);
  if (typeof json === 'string') add('quoted', json);
  add('quoted', JSON.stringify(body));
  // Bytes of UTF-8 that were read one by one as letters, and the opposite.
  add('latin1', Buffer.from(body, 'latin1'));
  add('latin1', fromWindows1252(body));
  add('latin1', Buffer.from(body).toString('latin1'));
  add('normalized', body.normalize('NFC'));
  add('normalized', body.normalize('NFD'));
  add('base64', Buffer.from(body, 'base64'));
  add('base64', Buffer.from(body).toString('base64'));
  add('percentEncoded', percentDecoded(body));
  add('empty', '');
  const seen = new Set<string>();
  return variants.filter(({ bytes }) => {
    const key = bytes.toString('latin1');
    return !seen.has(key) && seen.add(key);
  });
}

/** The JSON as libraries write it: JavaScript, Python, Go, PHP. */
function rewritten(json: unknown): [BodyForm, string][] {
  const compact = JSON.stringify(json);
  const spaced = withSpaces(json);
  return [
    ['compact', compact],
    ['compact', `${compact}\n`],
    ...[2, 4, '\t'].map((indent): [BodyForm, string] => ['indented', JSON.stringify(json, undefined, indent)]),
    ['spaced', spaced],
    ['spaced', asciiOnly(spaced)],
    ['asciiEscaped', asciiOnly(compact)],
    ['htmlEscaped', forHtml(compact)],
    ['htmlEscaped', `${forHtml(compact)}\n`],
    ['slashEscaped', compact.replaceAll('/', '\\/')],
    ['slashEscaped', asciiOnly(compact).replaceAll('/', '\\/')],
  ];
}

/** As Python's `json.dumps` writes it: a space after each comma and colon. */
function withSpaces(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(withSpaces).join(', ')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const fields = Object.entries(json).map(([name, value]) => `${JSON.stringify(name)}: ${withSpaces(value)}`);
  return `{${fields.join(', ')}}`;
}

function asciiOnly(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As Go's `encoding/json` writes it. */
function forHtml(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function fromWindows1252(text: string): Buffer {
  return Buffer.from(
    text.replace(/[^\0-\xff]/g, (letter) => {
      const index = WINDOWS_1252.indexOf(letter);
      return index < 0 ? letter : String.fromCharCode(0x80 + index);
    }),
    'latin1',
  );
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
