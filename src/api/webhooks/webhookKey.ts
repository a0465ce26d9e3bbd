/**
 * The key in a webhook's secret, read as Scalekit's SDK for Node reads it: what stands between the first `_` and the
 * second, as base64, without complaint about characters that aren't (docs/scalekit-api.md, 5.1).
 *
 * `empty` is a secret that is empty, or has nothing to decode after its `_`. `noUnderscore` is one that the SDK refuses.
 */
export function webhookKey(secret: string): { key: Uint8Array } | { problem: 'empty' | 'noUnderscore' } {
  if (secret === '') return { problem: 'empty' };
  const part = encodedPart(secret);
  if (part === undefined) return { problem: 'noUnderscore' };
  const key = new Uint8Array(Buffer.from(part, 'base64'));
  return key.length === 0 ? { problem: 'empty' } : { key };
}

/**
 * Why SDKs may read different keys in a secret.
 * - `urlSafe`: it has `-`, which belongs to URL-safe base64. Node reads it, others may refuse it
 * - `secondUnderscore`: what follows the second `_` isn't part of the key
 * - `notStrictBase64`: Scalekit's SDK for Go refuses it
 */
export type SecretNote = 'urlSafe' | 'secondUnderscore' | 'notStrictBase64';

/** What is worth knowing about a secret in which `webhookKey` finds a key. */
export function secretNotes(secret: string): readonly SecretNote[] {
  const part = encodedPart(secret);
  if (part === undefined) return [];
  const notes: SecretNote[] = [];
  if (part.includes('-')) notes.push('urlSafe');
  if (secret.split('_').length > 2) notes.push('secondUnderscore');
  if (part.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(part)) notes.push('notStrictBase64');
  return notes;
}

function encodedPart(secret: string): string | undefined {
  return secret.split('_')[1];
}
