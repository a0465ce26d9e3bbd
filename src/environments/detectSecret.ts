/** A client secret that stands in a text which is in sight. */
export interface DetectedSecret {
  /** Whether it was given its name, as in `.env` lines and JSON, or stands by itself. */
  readonly isNamed: boolean;
  readonly secret: string;
}

const NAMED = /client_?secret["']?\s*[=:]\s*(?:"([^"]*)"?|'([^']*)'?|([^\s,}]*))/i;

/** How secrets begin (docs/scalekit-api.md, 1.5); what follows may be any character. */
const BARE = /^(?:test|live|prod)_.{16,}$/s;
/** A host may begin so too, here one without a scheme: its first label is short, and ends with a dot. */
const HOST = /^[a-z]+_[a-z\d-]{0,15}[.:][a-z\d.-]*(?::\d*)?(?:\/\S*)?$/;
/** Behind what the box held before. Behind `//`, a label of small letters is a host's. */
const BARE_WITHIN = /(?:test|live|prod)_(?!(?<=\/\/\w+)[a-z\d-]*(?:[.:/]|$))[^\s.:]{16,}/;

/** The client secret in a text that was typed or pasted; undefined when there is nothing that looks like one. */
export function detectSecret(text: string): DetectedSecret | undefined {
  const named = NAMED.exec(text);
  if (named !== null) return { isNamed: true, secret: named[1] ?? named[2] ?? named[3] ?? '' };
  const whole = text.trim();
  if (BARE.test(whole) && !HOST.test(whole)) return { isNamed: false, secret: whole };
  const [within] = BARE_WITHIN.exec(text) ?? [];
  return within === undefined ? undefined : { isNamed: false, secret: within };
}
