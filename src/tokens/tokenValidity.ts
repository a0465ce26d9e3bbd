import * as vscode from 'vscode';
import { expiresAt, type AccessToken } from '../api/client/accessToken';
import { localDay, localTime } from '../ui/localTime';

/** A short form of a time: `14:32`, `14:32 tomorrow`, or with its date. Both in milliseconds. */
export function timeOfDay(moment: number, now: number): string {
  const clock = localTime(moment);
  if (sameDay(moment, now)) return clock;
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  if (sameDay(moment, tomorrow.getTime())) return vscode.l10n.t('{0} tomorrow', clock);
  return vscode.l10n.t('{0} on {1}', clock, localDay(moment));
}

/** Until when a token is valid, and whether that's a guess. `now` is in milliseconds. */
export function validUntil(token: AccessToken, now: number): string {
  const end = timeOfDay(expiresAt(token), now);
  return token.statesItsEnd ? vscode.l10n.t('valid until {0}', end) : vscode.l10n.t('probably valid until {0}', end);
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
