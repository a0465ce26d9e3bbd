import * as vscode from 'vscode';
import { beginningOf } from '../../api/beginningOf';
import { failureReason, type TimedEvent } from '../../api/signInEvents';
import { localDayAndTime, localTime } from '../../ui/localTime';
import { markdownTable } from './markdownTable';

/** Turns text from the server into Markdown that shows it as plain text, without secrets. */
export type Escape = (text: string) => string;

/** The longest text in a cell, in characters. */
const LONGEST_CELL = 200;

/** The steps of one sign-in as Markdown lines: a table of its events with their times, oldest first. */
export function stepLines(events: readonly TimedEvent[], escape: Escape): string[] {
  if (events.length === 0) return [vscode.l10n.t('Scalekit returned no events for this sign-in.')];
  const first = events[0]?.time;
  const heads = [
    { text: vscode.l10n.t('Time') },
    { text: vscode.l10n.t('After'), isNumber: true },
    { text: vscode.l10n.t('Step') },
    { text: vscode.l10n.t('Reason') },
  ];
  const rows = events.map(({ time, name, json }) => [
    time === undefined ? vscode.l10n.t('no time') : localTime(time, { seconds: true }),
    time === undefined || first === undefined ? '' : seconds(time.getTime() - first.getTime()),
    cell(name ?? vscode.l10n.t('unknown step'), escape),
    cell(failureReason([json]) ?? '', escape),
  ]);
  return [
    ...(first === undefined ? [] : [localDayAndTime(first, { seconds: true }), '']),
    ...markdownTable(heads, rows),
  ];
}

/** Text from the server as a cell. */
export function cell(text: string, escape: Escape): string {
  return escape(beginningOf(text, LONGEST_CELL));
}

function seconds(milliseconds: number): string {
  return new Intl.NumberFormat(vscode.env.language, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'short',
    signDisplay: 'exceptZero',
    maximumFractionDigits: 1,
  }).format(milliseconds / 1000);
}
