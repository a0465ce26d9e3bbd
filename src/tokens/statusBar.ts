import * as vscode from 'vscode';
import { displayText, displayTextWithoutMarkup } from '../ui/displayText';
import type { Environment } from '../core/environment';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { timeOfDay } from './timeOfDay';

/** Only these commands may run from links in the hover. */
const LINKS = ['scalekit.token.copy', 'scalekit.token.inspect', 'scalekit.environment.switch'] as const;

/**
 * The active environment in the status bar, hidden if there's none. Its hover shows the host, client id and the token's
 * age. It re-renders when one of them changes, without a timer.
 */
export class StatusBar implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly environments: EnvironmentAccess,
    private readonly now: () => number,
    private readonly item = vscode.window.createStatusBarItem(
      'scalekit.environment',
      vscode.StatusBarAlignment.Left,
      1,
    ),
  ) {
    this.item.name = vscode.l10n.t('Scalekit Environment');
    this.item.command = 'scalekit.environment.switch';
    this.subscriptions = [
      environments.onDidChange(() => this.show()),
      environments.onDidChangeTokenStatus((id) => {
        if (id === environments.active()?.id) this.show();
      }),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(this.item, ...this.subscriptions).dispose();
  }

  private show(): void {
    const environment = this.environments.active();
    if (environment === undefined) {
      this.item.hide();
      return;
    }
    const name = displayTextWithoutMarkup(environment.name);
    this.item.text = environment.production ? `$(shield) ${vscode.l10n.t('{0} (production)', name)}` : `$(key) ${name}`;
    this.item.tooltip = this.hover(environment);
    this.item.accessibilityInformation = {
      label: environment.production
        ? vscode.l10n.t('Scalekit production environment {0}', name)
        : vscode.l10n.t('Scalekit environment {0}', name),
    };
    this.item.show();
  }

  private hover(environment: Environment): vscode.MarkdownString {
    const hover = new vscode.MarkdownString(undefined, true);
    hover.isTrusted = { enabledCommands: [...LINKS] };
    hover.appendMarkdown('**Scalekit** · ').appendText(displayText(environment.name)).appendMarkdown('\n\n');
    const line = (label: string, value: string): void => {
      hover.appendMarkdown(`${label}: `).appendText(displayText(value)).appendMarkdown('  \n');
    };
    if (environment.production) hover.appendMarkdown(`$(shield) ${vscode.l10n.t('Production')}  \n`);
    if (environment.host !== '') line(vscode.l10n.t('Host'), environment.host);
    const token = this.environments.tokenStatus(environment.id);
    if (token !== undefined) line(vscode.l10n.t('Client ID'), token.clientId);
    if (token?.fetchedAt === undefined || token.expiresAt === undefined) {
      hover.appendMarkdown(`${vscode.l10n.t('No access token fetched yet')}  \n`);
    } else {
      line(vscode.l10n.t('Token fetched'), timeOfDay(token.fetchedAt, this.now()));
      line(
        token.statesItsEnd ? vscode.l10n.t('Token valid until') : vscode.l10n.t('Token probably valid until'),
        timeOfDay(token.expiresAt, this.now()),
      );
    }
    const [copy, inspect, switchTo] = LINKS;
    hover.appendMarkdown('\n\n');
    hover.appendMarkdown(
      [
        `[$(copy) ${vscode.l10n.t('Copy token')}](command:${copy})`,
        `[$(search) ${vscode.l10n.t('Inspect token')}](command:${inspect})`,
        `[$(arrow-swap) ${vscode.l10n.t('Switch environment')}](command:${switchTo})`,
      ].join(' &nbsp; '),
    );
    return hover;
  }
}
