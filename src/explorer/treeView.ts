import * as vscode from 'vscode';
import type { EnvironmentAccess, EnvironmentFacts } from '../editor/environmentAccess.js';
import { displayText } from '../editor/displayText.js';
import { errorText, type Branch } from './branch.js';
import { Branches } from './branches.js';
import type { LoadMoreNode } from './loadMoreNode.js';
import type { TreeNode } from './treeNode.js';

/** What stands at the top of a view for an environment: rows, or one list whose rows they are. */
export interface Roots {
  readonly list?: Branch;
  readonly rows: () => TreeNode[] | Promise<TreeNode[]>;
  /** What narrows the view, in words. */
  readonly filter?: string;
}

/**
 * A view of the active environment. Reading a row's children is a pure reading of its list, which reads its first page when someone
 * looks; a hidden view asks for nothing, and nothing polls. When another environment becomes active, or this one's credentials change,
 * everything that was read is dropped.
 */
export class ExplorerTreeView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly expanded = new Set<string>();
  private shown: { readonly branches: Branches; roots: Roots } | undefined;
  readonly view: vscode.TreeView<TreeNode>;

  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly viewId: string,
    private readonly environments: EnvironmentAccess,
    private readonly rootsOf: (branches: Branches) => Roots,
  ) {
    this.view = vscode.window.createTreeView(viewId, { treeDataProvider: this, canSelectMany: true, showCollapseAll: true });
    this.subscriptions.push(
      this.view,
      this.changes,
      this.view.onDidExpandElement(({ element }) => this.expanded.add(element.id)),
      this.view.onDidCollapseElement(({ element }) => this.expanded.delete(element.id)),
      environments.onDidChange(({ active, voided }) => this.follow(active, voided)),
    );
  }

  /** The lists of the environment that is shown. */
  get branches(): Branches | undefined {
    return this.shown?.branches;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node !== undefined) return (await node.children?.()) ?? [];
    await this.environments.ready();
    const active = this.environments.active();
    if (this.shown === undefined && active !== undefined) this.display(active);
    const { shown } = this;
    const rows = await shown?.roots.rows();
    // Another environment became active meanwhile: nothing of the old one may appear.
    if (this.shown?.branches !== shown?.branches) return this.getChildren();
    this.showFacts();
    // Without an environment the welcome view is shown.
    return rows ?? [];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return node.item();
  }

  async resolveTreeItem(item: vscode.TreeItem, node: TreeNode): Promise<vscode.TreeItem> {
    item.tooltip ??= await node.tooltip?.();
    return item;
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  /** Shows other rows at the top from now on. */
  setRoots(roots: Roots): void {
    if (this.shown === undefined) return;
    this.shown.roots = roots;
    this.showFacts();
    this.changes.fire(undefined);
  }

  /** Draws the rows anew from what is known. */
  redraw(node?: TreeNode): void {
    this.changes.fire(node);
  }

  /**
   * Refresh: one list, or all that is open. The old rows stay until the new ones are there; what is closed is read again when it is next
   * opened.
   */
  async refresh(branch?: Branch): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: this.viewId } }, async () => {
      if (branch !== undefined) return branch.refresh();
      const branches = this.shown?.branches.all() ?? [];
      // Of two lists that take turns at the top, such as all and those found, one is out of sight.
      const open = branches.filter((candidate) => candidate === this.shown?.roots.list || this.expanded.has(candidate.id));
      for (const closed of branches) if (!open.includes(closed)) closed.reset();
      await Promise.all(open.map((candidate) => candidate.refresh()));
    });
  }

  /** Load More: the first new row gets the keyboard focus, since the row that had it moves away. */
  async loadMore({ branch }: LoadMoreNode): Promise<void> {
    const first = await vscode.window.withProgress({ location: { viewId: this.viewId } }, () => branch.loadMore());
    if (first !== undefined && this.view.visible) await this.view.reveal(first, { select: true, focus: true });
  }

  dispose(): void {
    this.shown?.branches.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private follow(active: EnvironmentFacts | undefined, voided: readonly string[]): void {
    const now = this.shown?.branches.environment;
    const isSame = now !== undefined && active?.id === now.id && !voided.includes(now.id);
    // A name or a mark may be another one, but what was read still holds.
    if (isSame && active !== undefined && JSON.stringify(active) === JSON.stringify(now)) return;
    if (!isSame) {
      this.shown?.branches.dispose();
      this.shown = undefined;
      this.expanded.clear();
    } else if (this.shown !== undefined && active !== undefined) {
      this.shown.branches.environment = active;
    }
    this.showFacts();
    this.changes.fire(undefined);
  }

  private display(environment: EnvironmentFacts): void {
    const branches = new Branches(environment, this.environments, (branch) => {
      if (this.shown?.branches !== branches) return;
      if (branch.isRoot) this.showFacts();
      this.changes.fire(branch.isRoot ? undefined : branch);
    });
    this.shown = { branches, roots: this.rootsOf(branches) };
  }

  /** Environment, filter and total beside the title; a failure of the whole list as a sentence above the rows, where it wraps. */
  private showFacts(): void {
    const { branches, roots } = this.shown ?? {};
    const state = roots?.list?.state;
    const environment = branches?.environment;
    this.view.description =
      environment === undefined
        ? undefined
        : [
            ...(roots?.filter === undefined ? [] : [roots.filter]),
            displayText(environment.name),
            ...(environment.production ? [vscode.l10n.t('production')] : []),
            ...(state?.totalSize === undefined ? [] : [state.totalSize.toLocaleString(vscode.env.language)]),
          ].join(' · ');
    const error = state?.error ?? state?.refreshError ?? state?.moreError;
    this.view.message = error === undefined ? undefined : errorText(error);
  }
}
