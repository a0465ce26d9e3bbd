import type * as encodedBytes from './encodedBytes';
import { ByteFinder, SHORTEST_NEEDLE, type Span } from './byteFinder';

/** How many secrets are known at once, the newest first: tokens come and go all day. */
const MOST_SECRETS = 500;

/** How a JSON object begins in base64url, and so each part of a JWT that holds one. */
const JSON_START = 'eyJ';

/** Characters that a JWT is written in. Matched in whole runs: a pattern that looks for its beginning would read a long run at each. */
const JWT_CHARACTERS = /[\w.-]+/g;

/** Shorter first and second parts than these are no JWT's. */
const SHORTEST_HEADER = 11;
const SHORTEST_CLAIMS = 2;

/** No encoding of a secret is shorter. */
const SHORTEST_ENCODED = 6;

/** So many encodings within one another are taken off. */
const MOST_ENCODINGS = 6;

type Encodings = typeof encodedBytes;

const MARK = '[redacted]';

/**
 * Takes secrets out of text: each live secret and token it was told of, and whatever looks like a JWT; as they are, and in every
 * encoding that `decodings` reads, wherever in it they begin. Knows them for the life of the window and keeps them in memory alone.
 */
export class Redactor {
  private readonly secrets = new Set<string>();
  private finder: ByteFinder<undefined> | undefined;
  private encodings: Encodings | undefined;
  private loading: Promise<void> | undefined;

  /** From now on this text is taken out. Shorter ones than 4 characters would blot out ordinary words and are let be. */
  add(secret: string): void {
    if (secret.length < SHORTEST_NEEDLE) return;
    this.secrets.delete(secret);
    this.secrets.add(secret);
    const [oldest] = this.secrets;
    if (oldest !== undefined && this.secrets.size > MOST_SECRETS) this.secrets.delete(oldest);
    this.finder = undefined;
    void this.ready();
  }

  /**
   * When encodings are read too. Activation does not load what reads them: the first secret does, and every text of a server's waits
   * for it (`redactErrors`).
   */
  ready(): Promise<void> {
    this.loading ??= import('./encodedBytes').then((encodings) => {
      this.encodings = encodings;
      this.finder = undefined;
    });
    return this.loading;
  }

  /** The text without any secret it was told of. */
  redact(text: string): string {
    const bytes = Buffer.from(text, 'utf8');
    this.finder ??= finderOf(this.secrets, this.encodings);
    const spans = spansIn(bytes, this.finder, this.encodings, MOST_ENCODINGS);
    if (spans.length === 0) return text;
    spans.sort(([a], [b]) => a - b);
    // In ASCII a byte is a character. Otherwise the bytes are cut, and halves of surrogate pairs do not come back.
    const part = (start: number, end?: number): string =>
      bytes.length === text.length ? text.slice(start, end) : bytes.toString('utf8', start, end);
    let left = '';
    let kept = 0;
    for (const [start, end] of spans) {
      if (start >= kept) left += part(kept, start) + MARK;
      kept = Math.max(kept, end);
    }
    return left + part(kept);
  }
}

/** Where in some bytes something is to be taken out. */
function spansIn(
  bytes: Uint8Array,
  finder: ByteFinder<undefined>,
  encodings: Encodings | undefined,
  depth: number,
): Span[] {
  const spans = jwtsIn(bytes);
  finder.find(bytes, (start, end) => {
    const last = spans.at(-1);
    // A secret that stands in itself would otherwise be many.
    if (last !== undefined && last[0] <= start && start < last[1])
      spans[spans.length - 1] = [last[0], Math.max(last[1], end)];
    else spans.push([start, end]);
  });
  if (encodings === undefined || depth === 0 || bytes.length < SHORTEST_ENCODED) return spans;
  for (const { bytes: inner, places } of encodings.decodings(bytes)) {
    for (const [start, end] of spansIn(inner, finder, encodings, depth - 1))
      spans.push([places[2 * start] ?? 0, places[2 * end - 1] ?? 0]);
  }
  return spans;
}

/**
 * Whatever looks like a JWT, or so much of one as matters: a part that begins as a JSON object does, also after other characters, and
 * the one or two parts after it.
 */
function jwtsIn(bytes: Uint8Array): Span[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!buffer.includes(JSON_START)) return [];
  const spans: Span[] = [];
  for (const { 0: run, index } of buffer.toString('latin1').matchAll(JWT_CHARACTERS)) {
    if (run.includes(JSON_START)) for (const [start, end] of jwtsOf(run)) spans.push([index + start, index + end]);
  }
  return spans;
}

function jwtsOf(run: string): Span[] {
  const endOfPart = (from: number): number => {
    const dot = run.indexOf('.', from);
    return dot < 0 ? run.length : dot;
  };
  const jwts: Span[] = [];
  for (let start = run.indexOf(JSON_START); start >= 0; ) {
    const headerEnd = endOfPart(start);
    const claimsEnd = endOfPart(headerEnd + 1);
    if (headerEnd - start >= SHORTEST_HEADER && claimsEnd - headerEnd > SHORTEST_CLAIMS) {
      const end = endOfPart(claimsEnd + 1);
      jwts.push([start, end]);
      start = run.indexOf(JSON_START, end);
    } else {
      // A later beginning in the same part would be shorter still.
      start = run.indexOf(JSON_START, headerEnd);
    }
  }
  return jwts;
}

function finderOf(secrets: Iterable<string>, encodings: Encodings | undefined): ByteFinder<undefined> {
  const finder = new ByteFinder<undefined>();
  for (const secret of secrets) {
    const bytes = Buffer.from(secret, 'utf8');
    // UTF-16 in both orders: what is not ASCII has no zeros there, which are taken off like escapes.
    const forms = [bytes, Buffer.from(secret, 'utf16le'), Buffer.from(secret, 'utf16le').swap16()];
    for (const form of forms.slice(0, bytes.length === secret.length ? 1 : 3)) {
      finder.add(form, undefined);
      const plain = encodings?.fullyUnescaped(form);
      if (plain !== undefined && plain.length !== form.length) finder.add(plain, undefined);
    }
    // Behind a stray “%”, the first two characters of this form read as another byte.
    const inUrl = encodeURIComponent(bytes.toString());
    if (inUrl !== secret) finder.add(Buffer.from(inUrl), undefined);
  }
  return finder;
}
