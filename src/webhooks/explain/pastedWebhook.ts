import { parseJson } from '../../api/client/errorResponse';
import { isRecord } from '../../api/json';
import { trimEnd } from '../../api/trimEnd';
import { endOfJson } from './endOfJson';
import { shellWords } from './shellWords';

/** A webhook as somebody found it in a log, a `curl` command or a JSON document. */
export interface PastedWebhook {
  readonly form: 'curl' | 'json' | 'log';
  /** With their names as written. */
  readonly headers: readonly PastedHeader[];
  readonly body: string;
  /** The text has the body as a JSON object instead of a string, so its bytes are lost. */
  readonly bodyIsParsed: boolean;
}

export type PastedHeader = readonly [name: string, value: string];

/** A longer text isn't a webhook. */
const MOST_CHARACTERS = 4_000_000;

/** The names of the headers that matter, whoever sends them. */
const SIGNATURE_HEADER = /^(?:webhook|interceptor|svix)-(?:id|timestamp|signature)$|^scalekit-signature$/i;

/** Such a name somewhere in a text, with its value, for example as `console.log` writes it. */
const WRITTEN_HEADER =
  /(?:^|[^\w-])["']?((?:webhook|interceptor|svix)-(?:id|timestamp|signature)|scalekit-signature|content-length)["']?\s{0,8}(?:=>|[:=])\s{0,8}("[^"\n]{0,2000}"|'[^'\n]{0,2000}'|[^\s"'][^\n"']{0,2000})/gi;

const HEADER_LINE = /^[!#$%&*+.^`|~\w-]{1,100}:\s/;

/** Reads a text in any of the three forms. Undefined if none of the headers of a webhook is in it. */
export function parsePastedWebhook(text: string): PastedWebhook | undefined {
  if (text.length > MOST_CHARACTERS) return undefined;
  const pasted = fromCurl(text) ?? fromJson(text) ?? fromHttp(text) ?? fromLog(text);
  return pasted?.headers.some(([name]) => SIGNATURE_HEADER.test(name)) ? pasted : undefined;
}

function fromCurl(text: string): PastedWebhook | undefined {
  const start = text.search(/(?:^|[\s$>])curl(?:\.exe)?\s/);
  if (start < 0) return undefined;
  const words = shellWords(text.slice(start).trimStart());
  const headers: PastedHeader[] = [];
  const data: string[] = [];
  for (let index = 1; index < words.length; index++) {
    const word = words[index] ?? '';
    const option = /^(-H|--header|-d|--data|--data-raw|--data-binary|--data-ascii|--json)(?:=(.*))?$/s.exec(word);
    const short = option === null ? /^-([Hd])(.+)$/s.exec(word) : null;
    const name = option?.[1] ?? (short === null ? undefined : `-${short[1]}`);
    if (name === undefined) continue;
    const value = option?.[2] ?? short?.[2] ?? words[++index] ?? '';
    if (name === '-H' || name === '--header') headers.push(headerOf(value));
    else data.push(value);
  }
  return { form: 'curl', headers, body: data.join('&'), bodyIsParsed: false };
}

function headerOf(line: string): PastedHeader {
  const colon = line.indexOf(':');
  return colon < 0 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

/** `{ "headers": …, "body": … }`, as request bins, gateways and loggers write it. */
function fromJson(text: string): PastedWebhook | undefined {
  const json = parseJson(text.trim());
  const found = isRecord(json) ? requestIn(json, 0) : undefined;
  if (found === undefined) return undefined;
  const headers = headersOf(found['headers'] ?? found['multiValueHeaders']);
  const body = ['rawBody', 'raw_body', 'body', 'payload', 'content', 'data']
    .map((name) => found[name])
    .find((value) => value !== undefined && value !== null);
  if (typeof body !== 'string')
    return {
      form: 'json',
      headers,
      body: body === undefined ? '' : JSON.stringify(body),
      bodyIsParsed: body !== undefined,
    };
  const isBase64 = found['isBase64Encoded'] === true;
  return {
    form: 'json',
    headers,
    body: isBase64 ? Buffer.from(body, 'base64').toString('utf8') : body,
    bodyIsParsed: false,
  };
}

/** The record that has headers: the outermost, or one inside, as in `{ "request": { "headers": … } }`. */
function requestIn(record: Record<string, unknown>, depth: number): Record<string, unknown> | undefined {
  if (headersOf(record['headers'] ?? record['multiValueHeaders']).length > 0) return record;
  if (depth === 3) return undefined;
  for (const value of Object.values(record)) {
    const found = isRecord(value) ? requestIn(value, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Headers as an object, with texts or lists of texts, or as a list of pairs or of `{ name, value }`. */
function headersOf(value: unknown): PastedHeader[] {
  const texts = (each: unknown): string[] =>
    (Array.isArray(each) ? each : [each]).flatMap((one) =>
      typeof one === 'string' || typeof one === 'number' ? [String(one)] : [],
    );
  if (isRecord(value))
    return Object.entries(value).flatMap(([name, each]) => texts(each).map((text): PastedHeader => [name, text]));
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown): PastedHeader[] => {
    const [name, text] = isRecord(each) ? [each['name'] ?? each['key'], each['value']] : texts(each);
    return typeof name === 'string' && typeof text === 'string' ? [[name, text]] : [];
  });
}

/** Header lines, an empty line, and the body, perhaps after a request line. */
function fromHttp(text: string): PastedWebhook | undefined {
  const [, head = '', body = ''] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(text) ?? [undefined, text, ''];
  const lines = head.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length > 0 && /^[A-Z]{3,7} \S{1,2000}/.test(lines[0] ?? '')) lines.shift();
  if (lines.length === 0 || !lines.every((line) => HEADER_LINE.test(line))) return undefined;
  return { form: 'log', headers: lines.map(headerOf), body, bodyIsParsed: false };
}

/** Any other text with the headers somewhere in it. The body is the JSON that isn't the headers. */
function fromLog(text: string): PastedWebhook | undefined {
  const headers = new Map<string, PastedHeader>();
  let end = 0;
  for (const match of text.matchAll(WRITTEN_HEADER)) {
    const [whole, name = '', written = ''] = match;
    if (headers.has(name.toLowerCase())) continue;
    headers.set(name.toLowerCase(), [name, valueOf(written)]);
    end = Math.max(end, match.index + whole.length);
  }
  if (headers.size === 0) return undefined;
  const { body, bodyIsParsed } = bodyIn(text, end);
  return { form: 'log', headers: [...headers.values()], body, bodyIsParsed };
}

/** A header's value without its quotes, or what ends it in a list. */
function valueOf(written: string): string {
  if (/^["']/.test(written)) return written.slice(1, -1);
  return trimEnd(written.trim(), /^[,;}\]]$/);
}

/** The payload in a text: from `{"spec_version"`, or the first brace after the headers, to where its braces close. */
function bodyIn(text: string, headersEnd: number): Pick<PastedWebhook, 'body' | 'bodyIsParsed'> {
  const known = text.search(/\{\s*["']?(?:spec_version|trigger_point|display_name)["']?\s*:/);
  const escaped = text.search(/"\{\s*\\"/);
  if (escaped >= 0 && (known < 0 || escaped < known)) {
    const literal = stringLiteralAt(text, escaped);
    const read = literal === undefined ? undefined : parseJson(literal);
    if (typeof read === 'string') return { body: read, bodyIsParsed: false };
  }
  const start = known >= 0 ? known : text.indexOf('{', headersEnd);
  if (start < 0) return { body: '', bodyIsParsed: false };
  const rest = text.slice(start);
  const end = endOfJson(rest);
  const body = end === undefined ? rest.trimEnd() : rest.slice(0, end);
  // An object as `console.log` writes it isn't JSON.
  return { body, bodyIsParsed: /^\{\s*\w+\s*:/.test(body) };
}

function stringLiteralAt(text: string, start: number): string | undefined {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '"') return text.slice(start, index + 1);
  }
  return undefined;
}
