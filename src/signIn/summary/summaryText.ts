import * as vscode from 'vscode';
import type { TimedEvent } from '../../api/signInEvents';
import type { SignIn } from '../../api/signInLog';
import type { Environment } from '../../core/environment';
import { environmentWords } from '../../ui/documentHeading';
import { localDay, localDayAndTime } from '../../ui/localTime';
import { dataAddress, dayChart, MOST_DAYS } from './dayChart';
import { markdownTable } from './markdownTable';
import { OUTCOMES, type Outcome, type OutcomeCounts, type SignInTally } from './signInTally';
import { cell, stepLines, type Escape } from './stepsText';

/** What was read for a summary, and how far. */
export interface SummaryFacts {
  readonly environment: Environment;
  /** Its name, or its ID if that isn't known. Absent for a whole environment. */
  readonly organizationName?: string;
  /** The chosen period in words. */
  readonly period: string;
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  readonly tally: SignInTally;
  /** Why the log wasn't read to the beginning of the period. Absent if it was. */
  readonly stopped?: string;
  /** Why reasons may be missing, apart from Scalekit not giving any. */
  readonly reasonsStopped?: string;
  /** One attempt, step by step, or why its steps couldn't be read. */
  readonly example?: { readonly signIn: SignIn; readonly events: readonly TimedEvent[] | string };
}

/** The most rows of a table of reasons or organizations. */
const MOST_ROWS = 15;

/** The summary as Markdown. All text from Scalekit goes through `escape`. */
export function summaryText(facts: SummaryFacts, escape: Escape): string {
  const { environment, organizationName, period, readAt, tally } = facts;
  const title = organizationName ?? environment.name;
  return [
    `# ${vscode.l10n.t('Sign-ins of {0}', escape(title))}`,
    '',
    escape(environmentWords(environment)),
    '',
    `${period} · ${vscode.l10n.t('read on {0}', localDayAndTime(readAt, { seconds: true }))}`,
    '',
    ...reachLines(facts, escape),
    '',
    ...(tally.attempts === 0
      ? [vscode.l10n.t('There were no sign-ins in this period.')]
      : [
          `**${totalWords(tally)}**`,
          '',
          ...dayLines(tally),
          ...failureLines(facts, escape),
          ...exampleLines(facts, escape),
        ]),
    '',
  ].join('\n');
}

/** How far the log was read. */
function reachLines({ environment, organizationName, tally, stopped }: SummaryFacts, escape: Escape): string[] {
  const looked = number(tally.looked);
  const back = tally.lookedBackTo;
  const name = escape(environment.name);
  return [
    back === undefined
      ? vscode.l10n.t('Sign-in log entries read for {0}: {1}.', name, looked)
      : vscode.l10n.t(
          'Sign-in log entries read for {0}: {1}, back to {2}.',
          name,
          looked,
          localDayAndTime(back, { seconds: true }),
        ),
    ...(organizationName === undefined
      ? []
      : [
          vscode.l10n.t(
            'Scalekit’s log can’t be filtered by organization, so entries of other organizations were read, too.',
          ),
        ]),
    ...(stopped === undefined
      ? []
      : ['', `**${vscode.l10n.t('Older sign-ins of this period are missing:')}** ${stopped}`]),
    ...(tally.unreadable === 0
      ? []
      : [vscode.l10n.t('Entries that couldn’t be read, and aren’t counted: {0}.', number(tally.unreadable))]),
  ];
}

function totalWords({ attempts, counts }: SignInTally): string {
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (outcome) => `${outcomeWords(outcome)}: ${number(counts[outcome])}`,
  );
  return `${vscode.l10n.t('Sign-ins: {0}', number(attempts))} (${parts.join(' · ')})`;
}

function dayLines({ days, undated }: SignInTally): string[] {
  const shown = days.slice(0, MOST_DAYS);
  const older = days.slice(MOST_DAYS);
  const outcomes = OUTCOMES.filter((outcome) => days.some(({ counts }) => counts[outcome] > 0));
  const row = (label: string, counts: OutcomeCounts): string[] => [
    label,
    ...outcomes.map((outcome) => number(counts[outcome])),
  ];
  const [newest, oldest] = [shown[0], shown.at(-1)];
  const picture =
    newest === undefined || oldest === undefined
      ? []
      : [
          `![${vscode.l10n.t('Sign-ins by day from {0} to {1}; the table has the numbers', localDay(oldest.start), localDay(newest.start))}](${dataAddress(dayChart(days))})`,
          '',
          vscode.l10n.t(
            'One bar for each day from {0} to {1}. From bottom to top: failed (striped), signed in, other.',
            localDay(oldest.start),
            localDay(newest.start),
          ),
          '',
        ];
  const rows = [
    ...shown.map(({ start, counts }) => row(localDay(start), counts)),
    ...(older.length === 0 ? [] : [row(vscode.l10n.t('earlier'), together(older.map(({ counts }) => counts)))]),
  ];
  return [
    ...picture,
    `## ${vscode.l10n.t('By Day')}`,
    '',
    ...markdownTable(
      [{ text: vscode.l10n.t('Day') }, ...outcomes.map((outcome) => ({ text: outcomeWords(outcome), isNumber: true }))],
      rows,
    ),
    ...(undated === 0 ? [] : ['', vscode.l10n.t('Sign-ins without a time: {0}.', number(undated))]),
    '',
  ];
}

function failureLines({ tally, organizationName, reasonsStopped }: SummaryFacts, escape: Escape): string[] {
  if (tally.counts.FAILED === 0) return [];
  const { reasons, withoutReason, failures, failedByOrganization } = tally;
  const isEnvironment = organizationName === undefined;
  const sum = (rest: typeof reasons): string => number(rest.reduce((all, [, count]) => all + count, 0));
  const counted = (all: typeof reasons): string[][] => [
    ...all.slice(0, MOST_ROWS).map(([text, count]) => [cell(text, escape), number(count)]),
    ...(all.length > MOST_ROWS ? [[vscode.l10n.t('others'), sum(all.slice(MOST_ROWS))]] : []),
  ];
  const count = { text: vscode.l10n.t('Failed'), isNumber: true };
  return [
    `## ${vscode.l10n.t('Why They Failed')}`,
    '',
    ...markdownTable(
      [{ text: vscode.l10n.t('Reason') }, count],
      [
        ...counted(reasons),
        ...(withoutReason === 0 ? [] : [[vscode.l10n.t('not known: no event said so'), number(withoutReason)]]),
      ],
    ),
    '',
    ...(reasonsStopped === undefined ? [] : [reasonsStopped, '']),
    ...(isEnvironment && failedByOrganization.length > 0
      ? [
          `## ${vscode.l10n.t('Failed, by Organization')}`,
          '',
          ...markdownTable([{ text: vscode.l10n.t('Organization') }, count], counted(failedByOrganization)),
          '',
        ]
      : []),
    `## ${vscode.l10n.t('Newest Failed Sign-ins')}`,
    '',
    ...markdownTable(
      [
        { text: vscode.l10n.t('Time') },
        { text: vscode.l10n.t('Email') },
        ...(isEnvironment ? [{ text: vscode.l10n.t('Organization') }] : []),
        { text: vscode.l10n.t('Connection') },
        { text: vscode.l10n.t('Reason') },
        { text: vscode.l10n.t('Request ID') },
      ],
      failures.map((failure) => [
        failure.time === undefined ? vscode.l10n.t('no time') : localDayAndTime(failure.time, { seconds: true }),
        cell(failure.email ?? vscode.l10n.t('Unknown person'), escape),
        ...(isEnvironment ? [cell(failure.organizationId ?? '', escape)] : []),
        cell(failure.connectionId ?? failure.connectionType ?? '', escape),
        cell(failure.reason ?? '', escape),
        cell(failure.id, escape),
      ]),
    ),
    '',
    vscode.l10n.t(
      'All of them are in the **Sign-in Log** of their organization: choose **Filter Sign-in Log…** in its menu, and **Show Steps** on one of them.',
    ),
    '',
  ];
}

function exampleLines({ example }: SummaryFacts, escape: Escape): string[] {
  if (example === undefined) return [];
  const { signIn, events } = example;
  const who = cell(signIn.email ?? signIn.id, escape);
  return [
    `## ${
      signIn.status === 'FAILED'
        ? vscode.l10n.t('Step by Step: the Newest Failed Sign-in, of {0}', who)
        : vscode.l10n.t('Newest Sign-in, Step by Step: {0}', who)
    }`,
    '',
    ...(typeof events === 'string' ? [events] : stepLines(events, escape)),
    '',
  ];
}

function outcomeWords(outcome: Outcome): string {
  switch (outcome) {
    case 'SUCCESS':
      return vscode.l10n.t('Signed in');
    case 'FAILED':
      return vscode.l10n.t('Failed');
    case 'PENDING':
      return vscode.l10n.t('Pending');
    case 'INITIATED':
      return vscode.l10n.t('Started');
    case 'OTHER':
      return vscode.l10n.t('Unknown result');
  }
}

function together(all: readonly OutcomeCounts[]): OutcomeCounts {
  const sum = (outcome: Outcome): number => all.reduce((before, counts) => before + counts[outcome], 0);
  return {
    SUCCESS: sum('SUCCESS'),
    FAILED: sum('FAILED'),
    PENDING: sum('PENDING'),
    INITIATED: sum('INITIATED'),
    OTHER: sum('OTHER'),
  };
}

function number(count: number): string {
  return count.toLocaleString(vscode.env.language);
}
