import type { SandboxResponse } from './protocol/response';

const LONGEST = 200;
const LONGEST_WORD = 40;

/** An ID of the sandbox, such as `org_64444217115541813`. */
const ID = /^(?!(?:test|live|dev|prod|rt|whsec)_)[a-z\d]{2,10}_\d{1,24}$/;

/**
 * Why a response refuses a request: the code of its error, and its message. Undefined for one that doesn't refuse.
 * Whatever could be a secret, a token or a code is `…`, because a message may repeat what was sent.
 */
export function requestProblem({ status, headers, body }: SandboxResponse): string | undefined {
  const location = headers['location'];
  if (status >= 300 && status < 400 && location !== undefined) return problemInAddress(location);
  if (status < 400) return undefined;
  const type = headers['content-type'] ?? 'application/json';
  if (type.startsWith('text/plain')) return problemText('', body);
  return type.startsWith('application/json') ? problemInJson(body) : undefined;
}

/** A problem as one text that may be shown. Undefined if there's nothing to show. */
export function problemText(code: string, message: string): string | undefined {
  const text = [code, withoutSecrets(message)].filter((part) => part !== '').join(': ');
  return text === '' ? undefined : text.slice(0, LONGEST);
}

/** A sign-in that fails sends the browser back to the app with an error. */
function problemInAddress(location: string): string | undefined {
  const query = new URLSearchParams(location.slice(location.indexOf('?') + 1).split('#', 1)[0]);
  const error = query.get('error');
  return error === null ? undefined : problemText(codeIn(error), query.get('error_description') ?? '');
}

function problemInJson(body: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const fields = json as Record<string, unknown>;
  const [detail] = Array.isArray(fields['details']) ? (fields['details'] as unknown[]) : [];
  const code =
    fields['error'] ?? (typeof detail === 'object' && detail !== null ? Object(detail)['error_code'] : undefined);
  return problemText(codeIn(code), textOf(fields['error_description'] ?? fields['message']));
}

function codeIn(value: unknown): string {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z_]{1,60}$/.test(value) && !mayBeSecret(value) ? value : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function withoutSecrets(text: string): string {
  return text
    .slice(0, 4 * LONGEST)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/"[^"]*"?/g, '"…"')
    .replaceAll(/[^\s,;:()]+/g, (word) => (ID.test(word) || !mayBeSecret(word) ? word : '…'));
}

function mayBeSecret(word: string): boolean {
  return (
    word.length > LONGEST_WORD ||
    (word.length >= 6 && /\d/.test(word)) ||
    /^(?:test|live|dev|prod|rt|whsec)_/.test(word)
  );
}
