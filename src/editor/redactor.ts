/** How many secrets are known at once, the newest first: tokens come and go all day. */
const MOST_SECRETS = 500;

/** Three parts of base64url that begin as a JSON object does: a JWT, or so much of one as matters. */
const JWT_SHAPE = /eyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*)?/g;

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
    return redacted.replace(JWT_SHAPE, MARK);
  }
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
