import { trimEnd } from '../../api/trimEnd';

/** How often one text is encoded at most: a cookie in JSON in a query is three. */
const MOST_ROUNDS = 4;

/** More runs of base64 than this are not opened. */
const MOST_BASE64_RUNS = 16;

/** A shorter run of base64 holds no JWT. */
const SHORTEST_BASE64 = 40;

/** The characters of a JWT, and those around it, that have a name in HTML. */
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

/** The text as it stands, then as often decoded as it is encoded: percent signs, JSON and JavaScript escapes, HTML, quoted-printable. */
export function* decodedTexts(text: string): Generator<string> {
  let decoded = text;
  for (let round = 0; round <= MOST_ROUNDS; round++) {
    yield decoded;
    const next = decodedOnce(decoded);
    if (next === decoded) return;
    decoded = next;
  }
}

/** What the runs of base64 in a text say, such as an `Authorization` header that was encoded as a whole. */
export function* base64Texts(text: string): Generator<string> {
  let opened = 0;
  // Lines of a mail's base64 are one run.
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

/** The text without what commonly stands around a token that was copied by itself: quotes, `Authorization:`, `Bearer`. */
export function withoutWrapping(text: string): string {
  const begun = text
    .trim()
    .replace(/^["'`<]+/, '')
    .replace(/^(?:proxy-)?authorization["']?\s*[:=]\s*["']?/i, '')
    .replace(/^(?:bearer|token)\s+/i, '');
  return trimEnd(begun, /^["'`>,;\s]$/).replace(/^["'`<\s]+/, '');
}
