import * as vscode from 'vscode';
import type { Environment } from '../core/environment';
import type { TokenStatus } from '../core/environmentAccess';
import { displayText } from '../ui/displayText';
import { timeOfDay } from './tokenValidity';

/** Only these commands may run from links in the hover. */
const LINKS = ['scalekit.token.copy', 'scalekit.token.inspect', 'scalekit.environment.switch'] as const;

/** What a hover needs to know beside the environment. Times are milliseconds since the epoch. */
export interface HoverFacts {
  readonly token: TokenStatus | undefined;
  readonly isActive: boolean;
  readonly now: number;
}

/**
 * The hover of an environment, in the status bar and in its view: mark, host, client ID, the token's age, where its
 * credentials are, and links. Needs no request.
 */
export function environmentHover(
  environment: Environment,
  { token, isActive, now }: HoverFacts,
): vscode.MarkdownString {
  const hover = new vscode.MarkdownString(undefined, true);
  hover.isTrusted = { enabledCommands: [...LINKS] };
  hover.appendMarkdown('**Scalekit** · ').appendText(displayText(environment.name)).appendMarkdown('\n\n');
  const line = (label: string, value: string): void => {
    hover.appendMarkdown(`${label}: `).appendText(displayText(value)).appendMarkdown('  \n');
  };
  if (environment.production) hover.appendMarkdown(`$(shield) ${vscode.l10n.t('Production')}  \n`);
  if (environment.host !== '') line(vscode.l10n.t('Host'), environment.host);
  if (token !== undefined) line(vscode.l10n.t('Client ID'), token.clientId);
  if (environment.state === 'ready') {
    if (token?.fetchedAt === undefined || token.expiresAt === undefined) {
      hover.appendMarkdown(`${vscode.l10n.t('No access token fetched yet')}  \n`);
    } else {
      line(vscode.l10n.t('Token fetched'), timeOfDay(token.fetchedAt, now));
      line(
        token.statesItsEnd ? vscode.l10n.t('Token valid until') : vscode.l10n.t('Token probably valid until'),
        timeOfDay(token.expiresAt, now),
      );
    }
    if (environment.tokensOnly)
      hover.appendMarkdown(`${vscode.l10n.t('Tokens only: the API refuses this client')}  \n`);
  }
  hover.appendMarkdown(`${credentialsOf(environment)}  \n`);
  const links = linksOf(environment, isActive);
  if (links.length > 0) hover.appendMarkdown(`\n\n${links.join(' &nbsp; ')}`);
  return hover;
}

/** Where its credentials are, or why they can't be used. */
function credentialsOf({ kind, sessionOnly, state }: Environment): string {
  if (state === 'invalidUrl') return vscode.l10n.t('The environment variable with its address is not a URL');
  if (state === 'noSecret') return vscode.l10n.t('Its secret can’t be read from VS Code’s secret storage');
  if (state === 'stopped') return vscode.l10n.t('Stopped. Click the row to start it.');
  if (sessionOnly) return vscode.l10n.t('Credentials in this window’s memory, for this session only');
  return {
    stored: vscode.l10n.t('Credentials in VS Code’s secret storage'),
    process: vscode.l10n.t('Credentials from the SCALEKIT_ variables of VS Code’s process'),
    sandbox: vscode.l10n.t('A simulated Scalekit on this machine, with sample data'),
  }[kind];
}

/** The active environment's links need no argument: they're about the one that is active at the click. */
function linksOf({ id, state }: Environment, isActive: boolean): string[] {
  const argument = isActive ? '' : `?${encodeURIComponent(JSON.stringify([id]))}`;
  const [copy, inspect, switchTo] = LINKS;
  const change = isActive
    ? `[$(arrow-swap) ${vscode.l10n.t('Switch environment')}](command:${switchTo})`
    : `[$(arrow-swap) ${vscode.l10n.t('Switch to it')}](command:${switchTo}${argument})`;
  return [
    ...(state === 'ready'
      ? [
          `[$(copy) ${vscode.l10n.t('Copy token')}](command:${copy}${argument})`,
          `[$(search) ${vscode.l10n.t('Inspect token')}](command:${inspect}${argument})`,
        ]
      : []),
    ...(state === 'stopped' ? [] : [change]),
  ];
}
