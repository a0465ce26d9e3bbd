import { isRecord } from './json';

/** What stands in a document where a secret stood. */
export const REDACTED = '[redacted]';

/**
 * Fields whose text is a secret, in snake case: `client_secret`, `plain_secret`, `txt_record_secret`, `secret_access_key`,
 * `access_token`, `token`, `private_key`, `password` … (the SDK's descriptors, and what customers put into free-form fields such as
 * `api_config`). Not `secret_suffix`, `token_type` or `secret_id`, which are there to be shown.
 */
const SECRET =
  /(^|_)(secret|secret_access_key|password|passwd|passphrase|private_key|api_?key|token|jwt|credential|authorization|cookie)s?$/;

/** Where a list goes on: no secret, though it is called a token (docs/scalekit-api.md, 2.1). */
const PAGE_TOKEN = /(^|_)page_token$/;

/** Credentials of a connected account, below which the names are the customer's own. */
const FREE_FORM_CREDENTIALS = 'static_auth';

/** Links that let in whoever opens them: a portal link's `location`, a magic link's `link` (docs/scalekit-api.md, 2.2). */
const LINK = /^(location|link|magiclink_auth_uri)$/;

/** JSON that is deeper than this is no response of Scalekit's, and could not be printed. */
const DEEPEST = 200;

/** A response as it may be shown. */
export interface RedactedJson {
  readonly json: unknown;
  /** Whether anything was taken out. */
  readonly redacted: boolean;
}

/** Replaces the text of every secret field by {@link REDACTED}, at any depth. Empty texts stay: they hold nothing. */
export function redactSecrets(json: unknown): RedactedJson {
  let redacted = false;
  const conceal = (): string => {
    redacted = true;
    return REDACTED;
  };
  /** `name` is that of the field which the value stands in, also inside a list. */
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
