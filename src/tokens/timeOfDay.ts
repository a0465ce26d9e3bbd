import * as vscode from 'vscode';

/** A moment in words that are short where that is clear: `14:32`, `14:32 tomorrow`, else with its date. Both in milliseconds. */
export function timeOfDay(moment: number, now: number): string {
  const clock = new Intl.DateTimeFormat(vscode.env.language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(moment);
  if (sameDay(moment, now)) return clock;
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  if (sameDay(moment, tomorrow.getTime())) return vscode.l10n.t('{0} tomorrow', clock);
  const date = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium' }).format(moment);
  return vscode.l10n.t('{0} on {1}', clock, date);
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
