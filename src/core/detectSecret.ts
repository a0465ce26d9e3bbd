/** A client secret in a visible text. */
export interface DetectedSecret {
  /** Whether it has its name beside it, as in `.env` lines and JSON. */
  readonly isNamed: boolean;
  readonly secret: string;
}

const NAMED = /client_?secret["']?\s*[=:]\s*(?:"([^"]*)"?|'([^']*)'?|([^\s,}]*))/i;

/** How secrets begin (docs/scalekit-api.md, 1.5). Any characters may follow. */
const BARE = /^(?:test|live|prod)_.{16,}$/s;
/** A host without a scheme may begin like that too. Its first label is short and ends with a dot. */
const HOST = /^[a-z]+_[a-z\d-]{0,15}[.:][a-z\d.-]*(?::\d*)?(?:\/\S*)?$/;
/** After the box's earlier text. After `//`, a lowercase label is a host's. */
const BARE_WITHIN = /(?:test|live|prod)_(?!(?<=\/\/\w+)[a-z\d-]*(?:[.:/]|$))[^\s.:]{16,}/;

/** The client secret in a typed or pasted text; undefined if nothing looks like one. */
export function detectSecret(text: string): DetectedSecret | undefined {
  const named = NAMED.exec(text);
  if (named !== null) return { isNamed: true, secret: named[1] ?? named[2] ?? named[3] ?? '' };
  const whole = text.trim();
  if (BARE.test(whole) && !HOST.test(whole)) return { isNamed: false, secret: whole };
  const [within] = BARE_WITHIN.exec(text) ?? [];
  return within === undefined ? undefined : { isNamed: false, secret: within };
}
