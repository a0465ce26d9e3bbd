import * as vscode from 'vscode';
import type { Organization } from '../api/organizations.js';
import type { EnvironmentAccess, EnvironmentFacts } from '../editor/environmentAccess.js';
import { displayText } from '../editor/displayText.js';
import { EnvironmentFailure } from '../editor/environmentFailure.js';
import { failureMessage, remedyAction } from '../editor/failureMessage.js';
import { loadMoreItem, type LoadMoreNode } from './loadMoreNode.js';
import { messageItem, type MessageNode } from './messageNode.js';
import { organizationItem, organizationTooltip, type OrganizationNode } from './organizationNode.js';
import { OrganizationsModel } from './organizationsModel.js';
import type { PagedListState } from './pagedList.js';
import { unreadableItem, type UnreadableNode } from './unreadableNode.js';

export type ExplorerNode = OrganizationNode | UnreadableNode | LoadMoreNode | MessageNode;

const VIEW_ID = 'scalekit.organizations';

/** The Organizations view: the active environment's customers, page by page. */
export class OrganizationsView implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly model: OrganizationsModel;
  private readonly view: vscode.TreeView<ExplorerNode>;
  private readonly subscription: vscode.Disposable;

  readonly onDidChangeTreeData = this.changes.event;

  constructor(environments: EnvironmentAccess) {
    this.model = new OrganizationsModel(environments);
    this.view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this, canSelectMany: true, showCollapseAll: false });
    this.model.onDidChange(() => this.show());
    this.subscription = environments.onDidChange(({ active, voided }) => this.model.follow(active, voided));
  }

  /** A pure reading of the model, which reads its first page when someone looks. */
  async getChildren(element?: ExplorerNode): Promise<ExplorerNode[]> {
    if (element !== undefined) return [];
    await this.model.ensureLoaded();
    return this.rows();
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    switch (node.kind) {
      case 'organization':
        return organizationItem(node);
      case 'unreadable':
        return unreadableItem(node);
      case 'loadMore':
        return loadMoreItem(node);
      case 'message':
        return messageItem(node);
    }
  }

  resolveTreeItem(item: vscode.TreeItem, node: ExplorerNode): vscode.TreeItem {
    if (node.kind === 'organization') item.tooltip = organizationTooltip(node);
    return item;
  }

  /** The organizations of an environment that are shown now: none when another one is shown. */
  shownOrganizations(environmentId: string): Organization[] {
    const { environment, list } = this.model.state;
    if (environment?.id !== environmentId) return [];
    return (list?.items ?? []).flatMap((item) => ('record' in item ? [item.record] : []));
  }

  /** All rows are at the top; VS Code asks before it reveals one. */
  getParent(): undefined {
    return undefined;
  }

  /** Refresh: the old rows stay until the new ones are there. */
  async refresh(): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: VIEW_ID } }, () => this.model.refresh());
  }

  /** Load More: the first new row gets the keyboard focus, since the row that had it moves away. */
  async loadMore(): Promise<void> {
    const before = this.model.state.list?.items.length ?? 0;
    await vscode.window.withProgress({ location: { viewId: VIEW_ID } }, () => this.model.loadMore());
    const first = this.rows()[before];
    if (first?.kind === 'organization' && this.view.visible) await this.view.reveal(first, { select: true, focus: true });
  }

  dispose(): void {
    this.subscription.dispose();
    this.model.dispose();
    this.view.dispose();
    this.changes.dispose();
  }

  private show(): void {
    const { environment, list } = this.model.state;
    this.view.description = environment === undefined ? undefined : description(environment, list?.totalSize);
    // A sentence about a failure is too long for a row; a message wraps. The rows below it are the ways out.
    const error = list?.error ?? list?.refreshError ?? list?.moreError;
    this.view.message = error === undefined ? undefined : errorText(error);
    this.changes.fire(undefined);
  }

  private rows(): ExplorerNode[] {
    const { environment, list } = this.model.state;
    // Without an environment the welcome view is shown.
    if (environment === undefined || list === undefined) return [];
    if (list.phase === 'failed') return failureRows(environment, list.error);
    if (list.phase === 'ready' && list.items.length === 0) {
      return [{ kind: 'message', id: `${environment.id}/empty`, label: vscode.l10n.t('No organizations yet'), icon: 'info' }];
    }
    return [...itemRows(environment, list), ...loadMoreRows(environment, list)];
  }
}

function itemRows(environment: EnvironmentFacts, list: PagedListState<Organization>): ExplorerNode[] {
  return list.items.map((item, index) =>
    'record' in item
      ? { kind: 'organization', environmentId: environment.id, organizationId: item.record.id, organization: item.record }
      : { kind: 'unreadable', id: `${environment.id}/unreadable/${index}` },
  );
}

function loadMoreRows(environment: EnvironmentFacts, list: PagedListState<Organization>): ExplorerNode[] {
  if (!list.hasMore) return [];
  return [
    {
      kind: 'loadMore',
      id: `${environment.id}/loadMore`,
      shown: list.items.length,
      total: list.totalSize,
      loading: list.loadingMore,
      problem: list.moreError === undefined ? undefined : errorText(list.moreError),
    },
  ];
}

/** The ways out of a failure, which the view's message has told. */
function failureRows(environment: EnvironmentFacts, error: unknown): ExplorerNode[] {
  const remedies = error instanceof EnvironmentFailure ? failureMessage(error).remedies.map(remedyAction) : [];
  const rows: ExplorerNode[] = remedies.flatMap(({ label, command }, index) =>
    command === undefined
      ? []
      : [
          {
            kind: 'message',
            id: `${environment.id}/error/${index}`,
            label,
            icon: 'wrench',
            command: { command, title: label, arguments: [environment.id] },
          },
        ],
  );
  const tryAgain = vscode.l10n.t('Try Again');
  rows.push({
    kind: 'message',
    id: `${environment.id}/error/retry`,
    label: tryAgain,
    icon: 'refresh',
    command: { command: 'scalekit.organizations.refresh', title: tryAgain },
  });
  return rows;
}

function errorText(error: unknown): string {
  return error instanceof EnvironmentFailure ? failureMessage(error).text : vscode.l10n.t('Something went wrong. The log has the details.');
}

function description(environment: EnvironmentFacts, total: number | undefined): string {
  return [
    displayText(environment.name),
    ...(environment.production ? [vscode.l10n.t('production')] : []),
    ...(total === undefined ? [] : [total.toLocaleString(vscode.env.language)]),
  ].join(' · ');
}
