import * as vscode from 'vscode';
import { documentUri, openAddresses, type DocumentReference } from '../core/documentReference';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { displayText } from '../ui/displayText';
import { ListNode, errorText, MOST_ROWS } from './listNode';
import { Lists } from './lists';
import { isLoadMoreNode } from './loadMoreNode';
import type { TreeNode } from './treeNode';
import type { Environment } from '../core/environment';

/** What stands at the top of a view for an environment: rows, or one list whose rows they are. */
export interface Roots {
  readonly list?: ListNode;
  readonly rows: () => TreeNode[] | Promise<TreeNode[]>;
  /** What narrows the view, in words. */
  readonly filter?: string;
}

/**
 * How long VS Code gets to take in the rows that it was given before it is told that they have changed, in milliseconds. Told sooner, 1.100
 * shows the rows that it has but forgets what they are: clicked, they do nothing.
 */
const SETTLING_MS = 300;

/** How long VS Code may take to draw a list anew, in milliseconds. */
const LONGEST_DRAWING_MS = 2_000;

/** How often the window is asked to select a row that it does not know yet, and how long is waited in between, in milliseconds. */
const MOST_SELECTIONS = 10;
const SELECTION_PAUSE_MS = 100;

/**
 * A view of the active environment. Reading a row's children is a pure reading of its list, which reads its first page when someone
 * looks; a hidden view asks for nothing, and nothing polls. When another environment becomes active, or this one's credentials change,
 * everything that was read is dropped.
 */
export class ListTreeView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  private readonly records = new vscode.EventEmitter<DocumentReference>();
  private readonly subscriptions: vscode.Disposable[] = [];
  /** Ids of the rows that are open, whether or not a row around them is closed. */
  private readonly expanded = new Set<string>();
  /** Every row that was shown: what another extension makes up is not among them. */
  private readonly rows = new WeakSet<object>();
  /** The lists whose rows VS Code waits for, by their row, and whether something beside those rows has changed meanwhile. */
  private readonly readings = new Map<TreeNode | undefined, { readers: number; isOutdated: boolean }>();
  /** Who waits for a row to be shown. */
  private readonly renderWaiters = new Map<TreeNode, () => void>();
  /** The rows whose document is open under another address than they would give it by now. */
  private readonly renamed = new Set<TreeNode>();
  private shown: { readonly lists: Lists; roots: Roots } | undefined;
  /** The row that was selected last, and when, in milliseconds since the window was opened. */
  private selected: { readonly row: TreeNode; readonly at: number } | undefined;
  readonly view: vscode.TreeView<TreeNode>;

  readonly onDidChangeTreeData = this.changes.event;
  /** Fires for each row that is drawn whose record has no GET of its own. */
  readonly onDidShowRecord = this.records.event;

  constructor(
    private readonly viewId: string,
    private readonly environments: EnvironmentAccess,
    private readonly rootsOf: (lists: Lists) => Roots,
  ) {
    this.view = vscode.window.createTreeView(viewId, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.subscriptions.push(
      this.view,
      this.changes,
      this.records,
      this.view.onDidExpandElement(({ element }) => this.expanded.add(element.id)),
      this.view.onDidCollapseElement(({ element }) => this.expanded.delete(element.id)),
      this.view.onDidChangeSelection(({ selection: [row] }) => (this.selected = row && { row, at: performance.now() })),
      environments.onDidChange(({ active, invalidated }) => this.onEnvironmentChange(active, invalidated)),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.length > 0) this.redrawRenamed();
      }),
    );
  }

  /** The lists of the environment that is shown. */
  get lists(): Lists | undefined {
    return this.shown?.lists;
  }

  /** One of the lists at the top, by its kind, while its environment is the one that is shown. */
  topList(environmentId: string, kind: string): ListNode | undefined {
    return this.lists?.get(`${environmentId}/${kind}`);
  }

  /** Reads a list at the top again after a change in it, unless nobody has looked at it yet. */
  async refreshTopList(environmentId: string, kind: string): Promise<void> {
    const list = this.topList(environmentId, kind);
    if (list !== undefined && list.state.phase !== 'idle') await list.refreshAfterChange();
  }

  /** Shows and selects what was just made in a list at the top, and reads on until it is there, as far as rows are shown. */
  async revealInTopList(environmentId: string, kind: string, id: string): Promise<void> {
    // Nobody may have looked at the view yet.
    if (this.topList(environmentId, kind) === undefined) await this.topRows();
    const list = this.topList(environmentId, kind);
    let rows = (await list?.children()) ?? [];
    const isIt = ({ document }: TreeNode): boolean => document?.path.at(-1) === id;
    while (
      list?.state.hasMore === true &&
      list.state.moreError === undefined &&
      list.records().length < MOST_ROWS &&
      !rows.some(isIt)
    ) {
      if ((await list.loadMore()) === undefined) break;
      rows = list.rows();
    }
    const row = rows.find(isIt);
    // Another environment may have become active meanwhile.
    if (list === undefined || row === undefined || this.topList(environmentId, kind) !== list) return;
    await this.reveal(row, { focus: false });
  }

  /** VS Code's own way to the rows, which it then draws. Nobody else calls it: a change of the rows would count as drawn although it is not. */
  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const reading = this.readings.get(node) ?? { readers: 0, isOutdated: false };
    this.readings.set(node, reading);
    reading.readers++;
    try {
      if (node !== undefined) return (await node.children?.()) ?? [];
      const rows = await this.topRows();
      reading.isOutdated = false;
      return rows;
    } finally {
      setTimeout(() => {
        reading.readers--;
        // Nothing is told of a row of an environment that is no longer shown.
        if (reading.readers > 0 || this.readings.get(node) !== reading) return;
        this.readings.delete(node);
        if (reading.isOutdated) this.changes.fire(node);
      }, SETTLING_MS);
    }
  }

  /** The rows at the top, read first when nobody has looked yet. For whoever does not draw them: what VS Code has drawn stays as it is. */
  async topRows(): Promise<TreeNode[]> {
    await this.environments.ready();
    const active = this.environments.active();
    if (this.shown === undefined && active !== undefined) this.show(active);
    const { shown } = this;
    const rows = await shown?.roots.rows();
    // Another environment became active meanwhile: nothing of the old one may appear.
    if (this.shown?.lists !== shown?.lists) return this.topRows();
    this.updateHeader();
    // Without an environment the welcome view is shown.
    return rows ?? [];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = node.item();
    // VS Code does not tell of a row that is open from the beginning.
    if (!this.rows.has(node) && item.collapsibleState === vscode.TreeItemCollapsibleState.Expanded)
      this.expanded.add(node.id);
    this.rows.add(node);
    this.renderWaiters.get(node)?.();
    if (node.document?.record !== undefined) this.records.fire(node.document);
    if (node.document !== undefined && isOpenElsewhere(node.document)) this.renamed.add(node);
    return item;
  }

  /** Has rows open their documents under their names again, once what was open under an older one is closed. */
  private redrawRenamed(): void {
    for (const row of this.renamed) {
      if (row.document !== undefined && isOpenElsewhere(row.document)) continue;
      this.renamed.delete(row);
      this.redraw(row);
    }
  }

  async resolveTreeItem(
    item: vscode.TreeItem,
    node: TreeNode,
    token?: vscode.CancellationToken,
  ): Promise<vscode.TreeItem> {
    const controller = new AbortController();
    const listener = token?.onCancellationRequested(() => controller.abort());
    try {
      const tooltip = item.tooltip ?? (await node.tooltip?.(controller.signal));
      // What was given up is made anew when the mouse comes back.
      if (!controller.signal.aborted) item.tooltip = tooltip;
      return item;
    } finally {
      listener?.dispose();
    }
  }

  /** Runs the action of the row that was selected last, in whichever view, as a click on it does. */
  static async runSelectedRow(views: readonly ListTreeView[]): Promise<void> {
    const selected = views.flatMap((view) => view.selected ?? []).sort((a, b) => b.at - a.at);
    const action = selected[0]?.row.action;
    if (action !== undefined) await vscode.commands.executeCommand(action.command, action.argument);
  }

  /** Whether something, such as a command's argument, is a row of this view. */
  hasShown(argument: unknown): argument is TreeNode {
    return typeof argument === 'object' && argument !== null && this.rows.has(argument);
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  /** Shows other rows at the top from now on. */
  setRoots(roots: Roots): void {
    if (this.shown === undefined) return;
    this.shown.roots = roots;
    this.updateHeader();
    this.redraw();
  }

  /**
   * Draws the rows anew from what is known. While VS Code waits for the rows of a list, it is told only once it has them: told before, it
   * loses track of the rows it gets, and refuses the same ones the next time (seen in 1.100).
   */
  redraw(node?: TreeNode): void {
    const reading = this.readings.get(node);
    if (reading === undefined) this.changes.fire(node);
    else reading.isOutdated = true;
  }

  /**
   * Refresh: one list, when called on its row, or all that is open. The old rows stay until the new ones are there; what is closed is
   * read again when it is next opened.
   */
  async refresh(argument?: unknown): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: this.viewId } }, async () => {
      if (argument instanceof ListNode) await argument.refresh();
      else await this.reloadLists(this.shown?.lists.all() ?? [], (list) => list.refresh());
    });
  }

  /** Refresh of a view that may be hidden: then it asks for nothing until it is shown. */
  async refreshIfVisible(): Promise<void> {
    if (this.view.visible) return this.refresh();
    for (const list of this.shown?.lists.all() ?? []) list.reset();
    this.redraw();
  }

  /** Reads lists again after a change in what they show: those that are open now, the others when they are next opened. */
  async refreshAfterChange(lists: readonly ListNode[]): Promise<void> {
    await this.reloadLists(lists, (list) => list.refreshAfterChange());
  }

  /** Load More: the first new row gets the keyboard focus, since the row that had it moves away. */
  async loadMore(argument: unknown): Promise<void> {
    if (!isLoadMoreNode(argument)) return;
    const { list } = argument;
    const first = await vscode.window.withProgress({ location: { viewId: this.viewId } }, () => list.loadMore());
    // Without being shown, the list was closed meanwhile.
    if (first !== undefined && this.view.visible && (await this.whenRendered(first)))
      await this.select(first, { focus: true });
  }

  private async reloadLists(lists: readonly ListNode[], read: (list: ListNode) => Promise<void>): Promise<void> {
    // Of two lists that take turns at the top, such as all and those found, one is out of sight.
    const open = lists.filter(
      (list) => list === this.shown?.roots.list || (this.expanded.has(list.id) && this.hiddenIn(list) === undefined),
    );
    for (const closed of lists) if (!open.includes(closed)) closed.reset();
    await Promise.all(open.map(read));
  }

  /** Brings a row into view and, with the keyboard focus, opens it. One that is new is shown first, if VS Code draws it by itself. */
  async reveal(row: TreeNode, { focus = true } = {}): Promise<void> {
    await this.whenRendered(row);
    await this.select(row, { focus, expand: focus });
  }

  /**
   * Selects a row. The window takes in what it was told a moment after the extension told it, and says until then that there is no such
   * row ("Data tree node not found"), so it is asked again. Never fails: a row that is not selected is there all the same.
   */
  private async select(row: TreeNode, options: { readonly focus: boolean; readonly expand?: boolean }): Promise<void> {
    for (let attempt = 1; attempt <= MOST_SELECTIONS; attempt++) {
      try {
        await this.view.reveal(row, { select: true, ...options });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, SELECTION_PAUSE_MS));
      }
    }
  }

  /**
   * Whether VS Code has taken a row into its tree. Waits for that while VS Code draws it, or the closed row that hides it, by itself. If a
   * new row is revealed while VS Code draws its list, the list is read twice at once, and VS Code refuses the second reading: "Element with
   * id … is already registered".
   */
  private async whenRendered(row: TreeNode): Promise<boolean> {
    const drawn = this.hiddenIn(row) ?? row;
    if (this.rows.has(drawn) || !this.view.visible) return this.rows.has(row);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LONGEST_DRAWING_MS);
      this.renderWaiters.set(drawn, () => {
        clearTimeout(timer);
        // VS Code takes the rows in once it has asked for each of them.
        setTimeout(resolve);
      });
    });
    this.renderWaiters.delete(drawn);
    return this.rows.has(row);
  }

  /** The outermost closed row in which a row is out of sight; undefined when all around it are open. */
  private hiddenIn(row: TreeNode): TreeNode | undefined {
    let closed: TreeNode | undefined;
    for (let around = row.parent; around !== undefined; around = around.parent)
      if (!this.expanded.has(around.id)) closed = around;
    return closed;
  }

  dispose(): void {
    this.shown?.lists.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private onEnvironmentChange(active: Environment | undefined, invalidated: readonly string[]): void {
    const now = this.shown?.lists.environment;
    if (this.shown !== undefined && active !== undefined && active.id === now?.id && !invalidated.includes(active.id)) {
      // What was read still holds.
      this.shown.lists.environment = active;
      if (active.name === now.name && active.host === now.host && active.production === now.production) return;
    } else {
      this.shown?.lists.dispose();
      this.shown = undefined;
      this.renamed.clear();
      // VS Code keeps rows open whose ids come again.
      if (active?.id !== now?.id) this.expanded.clear();
      for (const row of this.readings.keys()) if (row !== undefined) this.readings.delete(row);
    }
    this.updateHeader();
    this.redraw();
  }

  private show(environment: Environment): void {
    const lists = new Lists(environment, this.environments, (branch, drawAnew) => {
      if (this.shown?.lists !== lists) return;
      if (branch.isRoot) this.updateHeader();
      if (drawAnew === 'all') this.redraw(branch.isRoot ? undefined : branch);
      else if (drawAnew !== 'none') this.changes.fire(drawAnew);
    });
    this.shown = { lists, roots: this.rootsOf(lists) };
  }

  /** Total, filter and environment beside the title, which a narrow side bar cuts off at the end; a failure of the whole list as a sentence above the rows, where it wraps. */
  private updateHeader(): void {
    const { lists, roots } = this.shown ?? {};
    const state = roots?.list?.state;
    const environment = lists?.environment;
    this.view.description =
      environment === undefined
        ? undefined
        : [
            ...(state?.totalSize === undefined ? [] : [state.totalSize.toLocaleString(vscode.env.language)]),
            ...(roots?.filter === undefined ? [] : [roots.filter]),
            ...(environment.production ? [vscode.l10n.t('production')] : []),
            displayText(environment.name),
          ].join(' · ');
    const error = state?.error ?? state?.refreshError ?? state?.moreError;
    this.view.message = error === undefined ? undefined : errorText(error);
  }
}

function isOpenElsewhere(document: DocumentReference): boolean {
  const [open] = openAddresses(document);
  return open !== undefined && open.path !== documentUri(document).path;
}
