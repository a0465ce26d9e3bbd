import type { JsonRecord } from '../../api/json';
import { claimMeaning } from './claimMeaning';
import { commentedRecord, exactRecord } from './commentedJson';

/**
 * A JWT's claims as JSON, each known one with a comment that says what it means. Text from the token is only where it can't end a
 * string or a comment, and no line begins with it. `now` is in milliseconds since the epoch.
 */
export function commentedClaims(claims: JsonRecord, json: string, now: number): string {
  const meaning = (name: string, value: unknown): string | undefined => claimMeaning(name, value, claims, now);
  return commentedRecord(exactRecord(claims, json), meaning).lines.join('\n');
}
