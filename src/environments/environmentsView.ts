import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';
import { environmentDescription, environmentIcon, environmentStates } from './environmentLabel';
import type { EnvironmentStore } from './environmentStore';

/** The Environments view: each environment with its host and state, and which one is active. */
export class EnvironmentsView implements vscode.TreeDataProvider<Environment>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly subscription: vscode.Disposable;

  readonly onDidChangeTreeData = this.changes.event;

  constructor(private readonly store: EnvironmentStore) {
    this.subscription = store.onDidChange(() => this.changes.fire(undefined));
  }

  async getChildren(element?: Environment): Promise<Environment[]> {
    if (element !== undefined) return [];
    await this.store.load();
    return [...this.store.list()];
  }

  getTreeItem(environment: Environment): vscode.TreeItem {
    const active = environment.id === this.store.active?.id;
    const item = new vscode.TreeItem(displayText(environment.name));
    item.id = environment.id;
    item.description = environmentDescription(environment, active);
    item.iconPath = new vscode.ThemeIcon(environmentIcon(environment, active), iconColor(environment, active));
    item.contextValue = [
      'environment',
      environment.kind,
      environment.state,
      ...(environment.production ? ['production'] : []),
      ...(active ? ['active'] : []),
    ].join(' ');
    item.accessibilityInformation = { label: [item.label, item.description].filter(Boolean).join(', ') };
    item.command =
      environment.state === 'stopped'
        ? { command: 'scalekit.sandbox.start', title: vscode.l10n.t('Start Local Sandbox') }
        : {
            command: 'scalekit.environment.switch',
            title: vscode.l10n.t('Switch Environment…'),
            arguments: [environment.id],
          };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, environment: Environment): vscode.TreeItem {
    item.tooltip = tooltip(environment);
    return item;
  }

  dispose(): void {
    this.subscription.dispose();
    this.changes.dispose();
  }
}

function iconColor(environment: Environment, active: boolean): vscode.ThemeColor | undefined {
  if (environment.state !== 'ready') return undefined;
  if (environment.production) return new vscode.ThemeColor('list.warningForeground');
  return active ? new vscode.ThemeColor('charts.green') : undefined;
}

function tooltip(environment: Environment): string {
  const source = {
    stored: vscode.l10n.t('Credentials in VS Code’s secret storage'),
    process: vscode.l10n.t('Credentials from the SCALEKIT_ variables of VS Code’s process'),
    sandbox: vscode.l10n.t('Local sandbox: a Scalekit on this machine, with sample data'),
  }[environment.kind];
  return [displayText(environment.name), displayText(environment.host), ...environmentStates(environment), source]
    .filter((line) => line !== '')
    .join('\n');
}
