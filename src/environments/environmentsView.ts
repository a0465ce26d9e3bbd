import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import type { Environment } from '../core/environment';
import { environmentDescription, environmentIcon } from './environmentLabel';
import type { EnvironmentStore } from './environmentStore';

/** The hovers of environments, which another feature makes. */
export interface EnvironmentHovers {
  readonly hoverOf: (environment: Environment) => vscode.MarkdownString;
  /** Fires with an environment's ID when its hover has changed. */
  readonly onDidChange: vscode.Event<string>;
}

/** The Environments view: each environment with its host and state, and which one is active. */
export class EnvironmentsView implements vscode.TreeDataProvider<Environment>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly subscriptions: readonly vscode.Disposable[];
  /** IDs of the environments whose hover VS Code has, and keeps until their row is redrawn. */
  private readonly hovered = new Set<string>();

  readonly onDidChangeTreeData = this.changes.event;
  readonly view: vscode.TreeView<Environment>;

  constructor(
    private readonly store: EnvironmentStore,
    private readonly hovers: EnvironmentHovers,
  ) {
    this.view = vscode.window.createTreeView('scalekit.environments', { treeDataProvider: this });
    this.subscriptions = [
      this.view,
      store.onDidChange(() => this.changes.fire(undefined)),
      hovers.onDidChange((id) => {
        if (this.hovered.has(id)) this.changes.fire(undefined);
      }),
    ];
  }

  async getChildren(element?: Environment): Promise<Environment[]> {
    if (element !== undefined) return [];
    await this.store.load();
    return [...this.store.list()];
  }

  getTreeItem(environment: Environment): vscode.TreeItem {
    this.hovered.delete(environment.id);
    const active = environment.id === this.store.active?.id;
    const item = new vscode.TreeItem(displayText(environment.name));
    item.id = environment.id;
    item.description = environmentDescription(environment);
    item.iconPath = new vscode.ThemeIcon(environmentIcon(environment, active), iconColor(environment, active));
    item.contextValue = [
      'environment',
      environment.kind,
      environment.state,
      ...(environment.production ? ['production'] : []),
      ...(active ? ['active'] : []),
    ].join(' ');
    const spoken = [item.label, ...(active ? [vscode.l10n.t('active')] : []), item.description];
    item.accessibilityInformation = { label: spoken.filter(Boolean).join(', ') };
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
    this.hovered.add(environment.id);
    item.tooltip = this.hovers.hoverOf(environment);
    return item;
  }

  dispose(): void {
    vscode.Disposable.from(this.changes, ...this.subscriptions).dispose();
  }
}

function iconColor(environment: Environment, active: boolean): vscode.ThemeColor | undefined {
  if (environment.state !== 'ready') return undefined;
  if (environment.production) return new vscode.ThemeColor('list.warningForeground');
  return active ? new vscode.ThemeColor('charts.green') : undefined;
}
