import { isRecord, type JsonRecord } from '../../api/json';
import type { Jwt, JwtCandidate, JwtFault } from './jwt';
import { isBase64Url, MAX_JWT_LENGTH, readPart, type JwtPart } from './jwtPart';
import { isWholeSignature } from './signatureSize';

/**
 * How a JOSE header begins in base64url: anywhere with `{"`, `{}`, or `{` and white space, or at the beginning of a
 * word with white space.
 */
const STARTS = /(?:ey[JA]|ew[0ko]|(?<![\w-])(?:I[ACH]|C[ginQSX]|D[QSX]))(?=[\w-]{5})|e30(?=[.=])/g;

/** The same at one place, for another token after a break. */
const NEXT_TOKEN = /ey[JA]|ew[0ko]/y;

/**
 * What may be inside a token: line breaks of emails, terminals and sources with what those put around them, and
 * invisible characters.
 */
const BREAK = /(?:[\s"'`+>|=\u00ad\u200b-\u200f\u2060\ufeff]|\\[nrt]|\\(?!\w)){1,64}/y;

/** The characters of a part. */
const RUN = /[\w-]+/y;

/** How many beginnings to try in one run, because each is read to the end of the run. */
const MOST_STARTS = 16;

/** No signature is longer: RSA with 16,384 bits. */
const LONGEST_SIGNATURE = 2_736;

/**
 * How many characters to examine in total, because a text full of beginnings would take forever. A break and JSON count
 * for more.
 */
const MOST_WORK = 8_000_000;
const WORK_OF_BREAK = 32;
const WORK_OF_JSON = 1_000;

/** A shorter piece of a line wasn't broken because the line was full. */
const SHORTEST_LINE = 20;

/** The claims that identify a payload without a header. */
const CLAIMS = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'client_id', 'email', 'scope', 'scopes', 'sid', 'oid'];

/** Readable tokens come before those with only a name for their fault. Then the one with more of its signature wins. */
const RANK = { whole: 0, signed: 1, unsigned: 2, claimsOnly: 3, named: 4, unreadable: 5, headerOnly: 6 } as const;

/** Everything in a text that begins like a JWT, in order, read as far as possible. */
export function* jwtCandidates(text: string): Generator<JwtCandidate> {
  let runEnd = 0;
  let starts = 0;
  const reader = new PartReader(text);
  for (const { index } of text.matchAll(STARTS)) {
    if (index >= runEnd) {
      RUN.lastIndex = index;
      RUN.test(text);
      runEnd = RUN.lastIndex;
      starts = 0;
    }
    if (++starts > MOST_STARTS) continue;
    if (reader.work > MOST_WORK) return;
    const candidate = candidateAt(reader, index);
    if (candidate !== undefined) yield candidate;
  }
}

function candidateAt(reader: PartReader, start: number): JwtCandidate | undefined {
  const { text } = reader;
  const first = reader.collect(start, MAX_JWT_LENGTH);
  if (first.part.length > MAX_JWT_LENGTH) return undefined;
  const header = reader.read(first.part + first.padding);
  const alone = (): JwtCandidate | undefined => {
    if (text[start - 1] === '.') return undefined;
    const whole = partAlone(first.part, header);
    return whole !== undefined || first.breaks.length === 0
      ? whole
      : partAlone(untilBreak(first), reader.read(untilBreak(first)));
  };
  if (!first.isDotted || !isRecord(header.json)) return alone();
  const named = (fault: JwtFault, compact: string, rank: number = RANK.named): JwtCandidate => ({
    compact,
    read: fault,
    rank,
  });
  if (header.isTooDeep) return named('tooDeep', `${first.part}.`);

  let second = reader.collect(first.end, MAX_JWT_LENGTH);
  // What looked like another token after a break was an object inside the claims.
  if (second.isBeforeToken && !isRecord(reader.read(second.part).json))
    second = reader.collect(first.end, MAX_JWT_LENGTH, true);
  const both = `${first.part}${first.padding}.${second.part}${second.padding}`;
  if (typeof header.json['enc'] === 'string') return named('encrypted', both);
  if (second.part.length > MAX_JWT_LENGTH) return named('tooLarge', both);
  if (second.part === '') {
    const { part } = reader.collect(second.end, LONGEST_SIGNATURE);
    return second.isDotted && part !== '' && 'alg' in header.json ? named('detached', `${both}.${part}`) : alone();
  }

  const whole = reader.read(second.part + second.padding);
  const cut = isRecord(whole.json) || second.breaks.length === 0 ? undefined : untilBreak(second);
  const claims = cut === undefined ? whole : reader.read(cut);
  if (!isRecord(claims.json)) {
    return isHeader(header.json)
      ? named(claims.isEncoded ? 'claimsJson' : 'claimsEncoding', both, RANK.unreadable)
      : alone();
  }
  if (claims.isTooDeep) return named('tooDeep', both);

  const token = { header: header.json, claims: claims.json, headerJson: header.text, claimsJson: claims.text };
  const padded = first.padding !== '' || second.padding !== '';
  if (cut !== undefined || !second.isDotted) {
    const compact = cut === undefined ? both : `${first.part}${first.padding}.${cut}`;
    return { compact, read: { ...token, compact, signature: 'missing', padded }, rank: RANK.unsigned };
  }
  const linesAreParts = second.breaks[0] === 0 || first.breaks.at(-1) === first.part.length;
  const { alg } = header.json;
  let third = reader.collect(second.end, LONGEST_SIGNATURE);
  let signature = signatureIn(third, alg, linesAreParts);
  if (third.isBeforeToken && !isWholeSignature(signature, alg)) {
    // What looked like another token after a break was a line of the signature.
    const through = reader.collect(second.end, LONGEST_SIGNATURE, true);
    const longer = signatureIn(through, alg, linesAreParts);
    if (isWholeSignature(longer, alg)) [third, signature] = [through, longer];
  }
  const compact = `${both}.${signature}`;
  const read: Jwt = {
    ...token,
    compact,
    signature: stateOf(signature, alg, text[third.end]),
    padded: padded || third.padding !== '',
  };
  if (signature === '' && alg !== 'none') return { compact, read, rank: RANK.unsigned };
  return { compact, read, rank: isHeader(header.json) && isWholeSignature(signature, alg) ? RANK.whole : RANK.signed };
}

/** A part of a token in a text, without skipped characters. */
interface CollectedPart {
  readonly part: string;
  /** The “=” at its end. */
  readonly padding: string;
  /** How many of its characters come before each break. */
  readonly breaks: readonly number[];
  /** Whether a dot follows. */
  readonly isDotted: boolean;
  /** Whether it ends because another token seems to begin. */
  readonly isBeforeToken: boolean;
  /** Where the text continues. */
  readonly end: number;
}

/** Reads parts of a text, and counts how much it examined. */
class PartReader {
  work = 0;

  constructor(readonly text: string) {}

  read(part: string): JwtPart {
    const read = readPart(part);
    if (read.isBraced) this.work += WORK_OF_JSON;
    return read;
  }

  /**
   * The part that begins here, and what ends it. With `throughTokens`, what looks like another token after a break
   * doesn't end it.
   */
  collect(from: number, longest: number, throughTokens = false): CollectedPart {
    const { text } = this;
    const pieces: string[] = [];
    const breaks: number[] = [];
    let length = 0;
    let end = from;
    let isBeforeToken = false;
    const collected = (isDotted: boolean, padding = ''): CollectedPart => {
      this.work += length + WORK_OF_BREAK * breaks.length;
      return { part: pieces.join(''), padding, breaks, isDotted, isBeforeToken, end: isDotted ? end + 1 : end };
    };
    while (length <= longest) {
      RUN.lastIndex = end;
      if (RUN.test(text)) {
        pieces.push(text.slice(end, RUN.lastIndex));
        length += RUN.lastIndex - end;
        end = RUN.lastIndex;
      }
      if (text[end] === '.') return collected(true);
      BREAK.lastIndex = end;
      if (!BREAK.test(text)) break;
      const skipped = text.slice(end, BREAK.lastIndex);
      const padding = /^={1,2}/.exec(skipped)?.[0] ?? '';
      const next = text[BREAK.lastIndex] ?? '';
      if (skipped === padding && next === '.') {
        end += padding.length;
        return collected(true, padding);
      }
      NEXT_TOKEN.lastIndex = BREAK.lastIndex;
      isBeforeToken = !throughTokens && length > 0 && NEXT_TOKEN.test(text);
      // A single “+” is a character of standard base64.
      if (isBeforeToken || !/[\w.-]/.test(next) || skipped === '+') return collected(false, padding);
      breaks.push(length);
      end = BREAK.lastIndex;
    }
    return collected(false);
  }
}

function untilBreak({ part, breaks }: CollectedPart): string {
  return part.slice(0, breaks[0]);
}

/** The part after the second dot that is the signature. It ends at the break where it has its algorithm's length. */
function signatureIn({ part, breaks }: CollectedPart, algorithm: unknown, linesAreParts: boolean): string {
  const ends = [...breaks, part.length];
  const piece = (index: number): number => (ends[index] ?? 0) - (ends[index - 1] ?? 0);
  /** Whether the line was broken because it was full: it's as long as a line beside it. */
  const isFullLine = (index: number): boolean =>
    index < breaks.length &&
    piece(index) >= SHORTEST_LINE &&
    (piece(index) === piece(index - 1) || piece(index) === piece(index + 1));
  const whole = ends.flatMap((end, index) => {
    const signature = wholeUpTo(part, end, algorithm);
    return signature === undefined ? [] : [{ signature, isFullLine: isFullLine(index) }];
  });
  const fitting = whole.find((each) => !each.isFullLine) ?? whole.at(-1);
  return (
    fitting?.signature ??
    part.slice(
      0,
      ends.find((end, index) => !isFullLine(index) && !(linesAreParts && end === 0)),
    )
  );
}

/**
 * The signature that ends here, if it's complete. Dashes and underscores after it may belong to the surrounding text.
 */
function wholeUpTo(part: string, end: number, algorithm: unknown): string | undefined {
  for (let length = end; length === end || (length > end - 8 && /[-_]/.test(part[length] ?? '')); length--) {
    const signature = part.slice(0, length);
    if (isWholeSignature(signature, algorithm)) return signature;
  }
  return undefined;
}

function stateOf(signature: string, algorithm: unknown, next: string | undefined): Jwt['signature'] {
  if (isWholeSignature(signature, algorithm)) return signature === '' ? 'missing' : 'present';
  // Something that doesn't end a token follows directly.
  if (next !== undefined && !/[\s"'`<>,;.:&)\]}|\\%=…\u00ad\u200b-\u200f\u2060\ufeff]/.test(next)) return 'malformed';
  return signature === '' ? 'missing' : isBase64Url(signature) ? 'present' : 'malformed';
}

/** What a single part is: claims or a header. */
function partAlone(part: string, { json, text, isTooDeep }: JwtPart): JwtCandidate | undefined {
  if (!isRecord(json) || isTooDeep) return undefined;
  if (isHeader(json)) return { compact: part, read: 'headerOnly', rank: RANK.headerOnly };
  if (!CLAIMS.some((name) => name in json)) return undefined;
  return {
    compact: part,
    read: { compact: part, header: {}, claims: json, claimsJson: text, signature: 'missing', claimsOnly: true },
    rank: RANK.claimsOnly,
  };
}

function isHeader(json: JsonRecord): boolean {
  return ['alg', 'kid', 'typ'].some((name) => name in json) && !['iss', 'sub', 'exp'].some((name) => name in json);
}
