import * as vscode from 'vscode';

/** A number is in milliseconds since the epoch. */
type Moment = Date | number;

/** A day in this computer's time zone, in VS Code's language: `Nov 25, 2026`. */
export function localDay(time: Moment): string {
  return new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'medium' }).format(time);
}

/** A day and a 24-hour time: `Nov 25, 2026, 14:32`. To the second with `seconds`. */
export function localDayAndTime(time: Moment, { seconds = false } = {}): string {
  return new Intl.DateTimeFormat(vscode.env.language, {
    dateStyle: 'medium',
    timeStyle: seconds ? 'medium' : 'short',
    hourCycle: 'h23',
  }).format(time);
}

/** A moment in few characters: `14:32` if it's today, `Nov 25, 14:32` this year, else with the year. */
export function shortMoment(time: Date, now: number): string {
  const today = new Date(now);
  if (time.toDateString() === today.toDateString()) return localTime(time);
  return new Intl.DateTimeFormat(vscode.env.language, {
    ...(time.getFullYear() !== today.getFullYear() && { year: 'numeric' }),
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(time);
}

/** A 24-hour time: `14:32`. To the second with `seconds`. */
export function localTime(time: Moment, { seconds = false } = {}): string {
  return new Intl.DateTimeFormat(vscode.env.language, {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds && { second: '2-digit' }),
    hourCycle: 'h23',
  }).format(time);
}
