import { trimEnd } from '../../api/trimEnd';

/** How many times a text may be encoded. A cookie in JSON in a query has three layers. */
const MOST_ROUNDS = 4;

/** How many runs of base64 to decode. */
const MOST_BASE64_RUNS = 16;

/** A shorter run of base64 can't have a JWT. */
const SHORTEST_BASE64 = 40;

/** Characters in and around a JWT that have a name in HTML. */
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['lt', '<'],
  ['gt', '>'],
  ['nbsp', ' '],
  ['period', '.'],
  ['hyphen', '-'],
  ['dash', '-'],
  ['lowbar', '_'],
  ['underbar', '_'],
  ['equals', '='],
  ['newline', '\n'],
  ['tab', '\t'],
]);

/** The text, then each decoding of it: percent signs, JSON and JavaScript escapes, HTML, quoted-printable. */
export function* decodedTexts(text: string): Generator<string> {
  let decoded = text;
  for (let round = 0; round <= MOST_ROUNDS; round++) {
    yield decoded;
    const next = decodedOnce(decoded);
    if (next === decoded) return;
    decoded = next;
  }
}

/** The decoded runs of base64 in a text, for example an `Authorization` header that was encoded as a whole. */
export function* base64Texts(text: string): Generator<string> {
  let opened = 0;
  // Base64 lines of an email are one run.
  for (const [run] of text.replace(/(?<=[\w+/])\r?\n(?=[\w+/])/g, '').matchAll(/[\w+/-]+/g)) {
    if (run.length < SHORTEST_BASE64) continue;
    if (++opened > MOST_BASE64_RUNS) return;
    yield Buffer.from(run, 'base64').toString('utf8');
  }
}

function decodedOnce(text: string): string {
  return text
    .replace(
      /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,8}));/g,
      (whole, decimal?: string, hex?: string, name?: string) =>
        name === undefined
          ? character(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal))
          : (ENTITIES.get(name.toLowerCase()) ?? whole),
    )
    .replace(
      /\\(?:u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})|([nrt"'`/\\]))/g,
      (_whole, four?: string, braced?: string, two?: string, sign?: string) =>
        sign === undefined
          ? character(parseInt(four ?? braced ?? two ?? '', 16))
          : ({ n: '\n', r: '\r', t: '\t' }[sign] ?? sign),
    )
    .replace(/(?:%[\da-fA-F]{2})+/g, (bytes) => utf8(bytes.replaceAll('%', '')))
    .replace(/(?:=[\dA-F]{2})+/g, (bytes) => utf8(bytes.replaceAll('=', '')));
}

function utf8(hex: string): string {
  return Buffer.from(hex, 'hex').toString('utf8');
}

function character(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** The text without what's usually around a copied token: quotes, `Authorization:`, `Bearer`. */
export function withoutWrapping(text: string): string {
  const begun = text
    .trim()
    .replace(/^["'`<]+/, '')
    .replace(/^(?:proxy-)?authorization["']?\s*[:=]\s*["']?/i, '')
    .replace(/^(?:bearer|token)\s+/i, '');
  return trimEnd(begun, /^["'`>,;\s]$/).replace(/^["'`<\s]+/, '');
}
