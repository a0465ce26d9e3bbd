import * as vscode from 'vscode';
import { localDayAndTime } from '../ui/localTime';
import { MOST_REQUESTS, type ProbeLine } from './prober';
import { failureWords } from './responseWords';
import { shownValue } from './shownValue';
import { hasFailed, type Step, type StepOutcome } from './step';
import { outcomeWords, stepTitle, stepWords } from './stepWords';

/** Everything that the document about a check shows. */
export interface CheckReport {
  readonly serverUrl: string;
  /** Milliseconds since the epoch. */
  readonly checkedAt: number;
  readonly steps: readonly Step[];
  /** Undefined if no token was checked. */
  readonly tokenSteps: readonly Step[] | undefined;
  readonly lines: readonly ProbeLine[];
}

/**
 * The document about an MCP server: each step, what came, what it should be, and what to change. No token stands in it.
 *
 * @param escape makes text from elsewhere safe in Markdown
 */
export function mcpDocument(report: CheckReport, escape: (text: string) => string): string {
  const { serverUrl, checkedAt, steps, tokenSteps, lines } = report;
  return [
    `# ${vscode.l10n.t('MCP Server {0}', escape(serverUrl))}`,
    `**${summary([...steps, ...(tokenSteps ?? [])])}** ${vscode.l10n.t('Checked {0}.', localDayAndTime(checkedAt, { seconds: true }))}`,
    section(
      vscode.l10n.t('Without a token'),
      steps.map((step) => stepLines(step, escape)),
    ),
    ...(tokenSteps === undefined
      ? []
      : [
          section(
            vscode.l10n.t('With an access token'),
            tokenSteps.map((step) => stepLines(step, escape)),
          ),
        ]),
    section(
      vscode.l10n.t('Requests: {0} of at most {1}', lines.length, MOST_REQUESTS),
      lines.map((line) => `- ${escape(requestWords(line))}`),
    ),
    vscode.l10n.t(
      'Nothing was registered or changed. Redirects aren’t followed. The access token is not shown, and goes only to the MCP server itself.',
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

/** How many steps failed, and how many couldn't be read, in sentences. */
export function summary(steps: readonly Step[]): string {
  const failed = steps.filter(hasFailed).length;
  const unread = steps.filter(({ outcome }) => outcome === 'notRead').length;
  const sentences = [
    ...(failed > 0 ? [vscode.l10n.t('Steps that failed: {0} of {1}.', failed, steps.length)] : []),
    ...(unread > 0 ? [vscode.l10n.t('Steps that could not be read: {0} of {1}.', unread, steps.length)] : []),
  ];
  return sentences.length === 0 ? vscode.l10n.t('No step failed.') : sentences.join(' ');
}

function stepLines(step: Step, escape: (text: string) => string): string {
  const { came, expected, change } = stepWords(step);
  const detail = (label: string, text: string | undefined): string[] =>
    text === undefined || text === '' ? [] : [`  - ${label}: ${escape(text)}`];
  return [
    `- ${mark(step.outcome)} **${stepTitle(step.name)}** ${outcomeWords(step.outcome)}`,
    ...(step.url === undefined || step.outcome === 'passed'
      ? []
      : detail(vscode.l10n.t('Address'), shownValue(step.url))),
    ...detail(vscode.l10n.t('Received'), came),
    ...(step.outcome === 'passed' ? [] : detail(vscode.l10n.t('Expected'), expected)),
    ...detail(vscode.l10n.t('What to change'), change),
  ].join('\n');
}

function mark(outcome: StepOutcome): string {
  return { passed: '✓', failed: '✗', notSent: '–', notRead: '?', noticed: '!' }[outcome];
}

function requestWords({ method, url, status, failure, reason, durationMs, withToken }: ProbeLine): string {
  const result =
    failure === undefined
      ? `HTTP ${status ?? 0}`
      : `${failureWords(failure)?.came ?? failure}${reason === undefined ? '' : ` (${reason})`}`;
  return [
    `${method} ${shownValue(url)}`,
    ...(withToken ? [vscode.l10n.t('with the token')] : []),
    result,
    vscode.l10n.t('{0} ms', Math.round(durationMs)),
  ].join(' · ');
}

function section(title: string, lines: readonly string[]): string {
  return [`## ${title}`, '', ...lines].join('\n');
}
