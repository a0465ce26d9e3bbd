/** How many secrets are known at once, the newest first: tokens come and go all day. */
const MOST_SECRETS = 500;

/** How a JSON object begins in base64url, and so each part of a JWT that holds one. */
const JSON_START = 'eyJ';

/** Characters that a JWT is written in. Matched in whole runs: a pattern that looks for its beginning would read a long run at each. */
const JWT_CHARACTERS = /[\w.-]+/g;

/** Shorter first and second parts than these are no JWT's. */
const SHORTEST_HEADER = 11;
const SHORTEST_CLAIMS = 2;

const MARK = '[redacted]';

/**
 * Takes secrets out of text: each live secret and token it was told of, raw, URL-encoded, base64 and hex, and whatever looks like
 * a JWT. Knows them for the life of the window and keeps them in memory alone.
 */
export class Redactor {
  private readonly forms = new Map<string, readonly string[]>();
  /** All forms, the longest first, so that one that contains another leaves no rest of itself. */
  private longestFirst: readonly string[] = [];

  /** From now on this text is taken out. Shorter ones than 4 characters would blot out ordinary words and are let be. */
  add(secret: string): void {
    if (secret.length < 4) return;
    this.forms.delete(secret);
    this.forms.set(secret, formsOf(secret));
    if (this.forms.size > MOST_SECRETS) {
      const oldest = this.forms.keys().next();
      if (!oldest.done) this.forms.delete(oldest.value);
    }
    this.longestFirst = [...this.forms.values()].flat().sort((a, b) => b.length - a.length);
  }

  /** The text without any secret it was told of. */
  redact(text: string): string {
    let redacted = text;
    for (const form of this.longestFirst) if (redacted.includes(form)) redacted = redacted.replaceAll(form, MARK);
    return redacted.includes(JSON_START) ? redacted.replace(JWT_CHARACTERS, withoutJwts) : redacted;
  }
}

/**
 * Takes out whatever looks like a JWT, or so much of one as matters: a part that begins as a JSON object does, also after other
 * characters, and the one or two parts after it.
 */
function withoutJwts(run: string): string {
  const endOfPart = (from: number): number => {
    const dot = run.indexOf('.', from);
    return dot < 0 ? run.length : dot;
  };
  let left = '';
  let kept = 0;
  for (let start = run.indexOf(JSON_START); start >= 0; ) {
    const headerEnd = endOfPart(start);
    const claimsEnd = endOfPart(headerEnd + 1);
    if (headerEnd - start >= SHORTEST_HEADER && claimsEnd - headerEnd > SHORTEST_CLAIMS) {
      left += run.slice(kept, start) + MARK;
      kept = endOfPart(claimsEnd + 1);
      start = run.indexOf(JSON_START, kept);
    } else {
      // A later beginning in the same part would be shorter still.
      start = run.indexOf(JSON_START, headerEnd);
    }
  }
  return left + run.slice(kept);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const urlEncoded = encodeURIComponent(secret);
  return [
    ...new Set([
      secret,
      urlEncoded,
      new URLSearchParams({ s: secret }).toString().slice(2),
      JSON.stringify(secret).slice(1, -1),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
    ]),
  ];
}
