import * as vscode from 'vscode';
import { displayTextWithoutMarkup } from '../ui/displayText';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { environmentHover } from './environmentHover';

/**
 * The active environment in the status bar, hidden if there's none. Production has the theme's warning color. It
 * re-renders when something in its hover changes, without a timer.
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
    this.item.backgroundColor = environment.production
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.item.tooltip = environmentHover(environment, {
      token: this.environments.tokenStatus(environment.id),
      isActive: true,
      now: this.now(),
    });
    this.item.accessibilityInformation = {
      label: environment.production
        ? vscode.l10n.t('Scalekit production environment {0}', name)
        : vscode.l10n.t('Scalekit environment {0}', name),
    };
    this.item.show();
  }
}
