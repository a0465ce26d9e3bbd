import type * as encodedBytes from './encodedBytes';
import { ByteFinder, SHORTEST_NEEDLE, type Span } from './byteFinder';

/** How many secrets it knows at once, newest first: new tokens arrive all day. */
const MOST_SECRETS = 500;

/** How a JSON object begins in base64url, and so each part of a JWT that is one. */
const JSON_START = 'eyJ';

/**
 * The characters of a JWT. Matched in whole runs: a pattern that searches for the beginning would read a long run again
 * at each character.
 */
const JWT_CHARACTERS = /[\w.-]+/g;

/** A JWT's first and second part are never shorter than this. */
const SHORTEST_HEADER = 11;
const SHORTEST_CLAIMS = 2;

/** No encoding of a secret is shorter. */
const SHORTEST_ENCODED = 6;

/** How many nested encodings it decodes. */
const MOST_ENCODINGS = 6;

type Encodings = typeof encodedBytes;

const MARK = '[redacted]';

/**
 * Removes secrets from text: each live secret and token that it knows, and whatever looks like a JWT, both unencoded
 * and in every encoding that `decodings` reads, wherever the encoded text begins. It remembers them for the life of the
 * window, in memory only.
 */
export class Redactor {
  private readonly secrets = new Set<string>();
  private finder: ByteFinder<undefined> | undefined;
  private encodings: Encodings | undefined;
  private loading: Promise<void> | undefined;

  /** From now on, removes this text. Ignores texts shorter than 4 characters, which would hide ordinary words. */
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
   * Resolves when it can read encodings. Activation doesn't load that code: the first secret does, and every response
   * from a server waits for it (`redactErrors`).
   */
  ready(): Promise<void> {
    this.loading ??= import('./encodedBytes').then((encodings) => {
      this.encodings = encodings;
      this.finder = undefined;
    });
    return this.loading;
  }

  /** The text without any known secret. */
  redact(text: string): string {
    const bytes = Buffer.from(text, 'utf8');
    this.finder ??= finderOf(this.secrets, this.encodings);
    const spans = spansIn(bytes, this.finder, this.encodings, MOST_ENCODINGS);
    if (spans.length === 0) return text;
    spans.sort(([a], [b]) => a - b);
    // In ASCII a byte is a character. Otherwise we cut bytes, and halves of surrogate pairs are lost.
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

/** The ranges of some bytes to remove. */
function spansIn(
  bytes: Uint8Array,
  finder: ByteFinder<undefined>,
  encodings: Encodings | undefined,
  depth: number,
): Span[] {
  const spans = jwtsIn(bytes);
  finder.find(bytes, (start, end) => {
    const last = spans.at(-1);
    // A secret that overlaps itself would otherwise give many ranges.
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
 * Whatever looks like a JWT, or the part of one that matters: a part that begins like a JSON object, even after other
 * characters, and the one or two parts after it.
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
      // A later beginning in the same part would be even shorter.
      start = run.indexOf(JSON_START, headerEnd);
    }
  }
  return jwts;
}

function finderOf(secrets: Iterable<string>, encodings: Encodings | undefined): ByteFinder<undefined> {
  const finder = new ByteFinder<undefined>();
  for (const secret of secrets) {
    const bytes = Buffer.from(secret, 'utf8');
    // UTF-16 in both byte orders. Text that isn't ASCII has no zeros there; those are removed like escapes.
    const forms = [bytes, Buffer.from(secret, 'utf16le'), Buffer.from(secret, 'utf16le').swap16()];
    for (const form of forms.slice(0, bytes.length === secret.length ? 1 : 3)) {
      finder.add(form, undefined);
      const plain = encodings?.fullyUnescaped(form);
      if (plain !== undefined && plain.length !== form.length) finder.add(plain, undefined);
    }
    // After a stray “%”, the first two characters of this form would read as another byte.
    const inUrl = encodeURIComponent(bytes.toString());
    if (inUrl !== secret) finder.add(Buffer.from(inUrl), undefined);
  }
  return finder;
}
