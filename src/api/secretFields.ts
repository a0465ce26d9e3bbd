import { isRecord } from './json';

/** Replaces a secret in a document. */
export const REDACTED = '[redacted]';

/**
 * Fields whose text is a secret, in snake case: `client_secret`, `plain_secret`, `txt_record_secret`,
 * `secret_access_key`, `access_token`, `token`, `private_key`, `password` … (from the SDK's descriptors, and what
 * customers put into free-form fields like `api_config`). Not `secret_suffix`, `token_type` or `secret_id`, which are
 * meant to be shown.
 */
const SECRET =
  /(^|_)(secret|secret_access_key|password|passwd|passphrase|private_key|api_?key|token|jwt|credential|authorization|cookie)s?$/;

/** Where a list continues: called a token, but no secret (docs/scalekit-api.md, 2.1). */
const PAGE_TOKEN = /(^|_)page_token$/;

/** Credentials of a connected account. The customer chooses the field names below it. */
const FREE_FORM_CREDENTIALS = 'static_auth';

/**
 * Links that let in whoever opens them: a portal link's `location`, a magic link's `link` (docs/scalekit-api.md, 2.2).
 */
const LINK = /^(location|link|magiclink_auth_uri)$/;

/** Scalekit sends no JSON deeper than this, and it couldn't be printed. */
const DEEPEST = 200;

/** A response that is safe to show. */
export interface RedactedJson {
  readonly json: unknown;
  /** Whether any secret was replaced. */
  readonly redacted: boolean;
}

/** Replaces the text of every secret field by {@link REDACTED}, at any depth. Empty texts stay. */
export function redactSecrets(json: unknown): RedactedJson {
  let redacted = false;
  const conceal = (): string => {
    redacted = true;
    return REDACTED;
  };
  /** `name` is the field that contains the value, directly or in a list. */
  const walk = (value: unknown, name: string, freeForm: boolean, depth: number): unknown => {
    if (depth > DEEPEST) return conceal();
    if (Array.isArray(value)) return value.map((each) => walk(each, name, freeForm, depth + 1));
    const inside = freeForm || name === FREE_FORM_CREDENTIALS;
    if (isRecord(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, walk(each, snakeCase(key), inside, depth + 1)]),
      );
    }
    if (inside && typeof value === 'number') return conceal();
    return typeof value === 'string' && value !== '' && (inside || isSecret(name, value)) ? conceal() : value;
  };
  return { json: walk(json, '', false, 0), redacted };
}

function isSecret(name: string, text: string): boolean {
  if (LINK.test(name)) return /^https?:/i.test(text);
  return SECRET.test(name) && !PAGE_TOKEN.test(name);
}

function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
}
