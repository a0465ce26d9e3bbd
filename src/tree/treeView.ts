import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { documentUri, openAddresses, type DocumentReference } from '../core/documentReference';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { displayText } from '../ui/displayText';
import { ListNode, errorText, MOST_ROWS } from './listNode';
import { Lists } from './lists';
import { isLoadMoreNode } from './loadMoreNode';
import type { TreeNode } from './treeNode';
import type { Environment } from '../core/environment';

/** The top of a view for an environment: rows, or one list whose rows they are. */
export interface Roots {
  readonly list?: ListNode;
  readonly rows: () => TreeNode[] | Promise<TreeNode[]>;
  /** Says above the rows that they're only those that match a filter. `count` is how many there are, if known. */
  readonly filterMessage?: (count: number | undefined) => string;
}

/**
 * How long VS Code gets to process the rows it received before we tell it that they've changed, in milliseconds. If
 * told sooner, 1.100 shows the old rows but forgets what they are, and clicking them does nothing.
 */
const SETTLING_MS = 300;

/** How long VS Code may take to redraw a list, in milliseconds. */
const LONGEST_DRAWING_MS = 2_000;

/**
 * How many times to ask the window to select a row that it doesn't know yet, and how long to wait in between, in
 * milliseconds.
 */
const MOST_SELECTIONS = 10;
const SELECTION_PAUSE_MS = 100;

/** How long the window may take to select a row, in milliseconds. Without rows that it waits for, it never responds. */
const LONGEST_SELECTION_MS = 5_000;

/**
 * A view of the active environment. Reading a row's children only reads its list, which loads its first page when
 * someone looks. A hidden view makes no requests, and nothing polls. When another environment becomes active, or this
 * one's credentials change, everything that was read is dropped.
 */
export class ListTreeView implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<TreeNode | undefined>();
  private readonly records = new vscode.EventEmitter<DocumentReference>();
  private readonly subscriptions: vscode.Disposable[] = [];
  /**
   * The rows that are open, even inside a closed row, by their `pathOf`. An environment that is shown again has the same
   * rows open, and what every environment has, such as the list of roles, stays open in the next one.
   */
  private readonly expanded = new Set<string>();
  /** Every row that was shown. Objects that another extension makes up aren't among them. */
  private readonly rows = new WeakSet<object>();
  /** The lists whose rows VS Code waits for, by their row, and whether anything else has changed meanwhile. */
  private readonly readings = new Map<TreeNode | undefined, { readers: number; isOutdated: boolean }>();
  /**
   * Ends what VS Code waits for without rows. As long as it waits for one view's, it selects nothing in the next one with
   * the same ID.
   */
  private readonly waiting = new Set<() => void>();
  /** Callbacks of those who wait for a row to be shown. */
  private readonly renderWaiters = new Map<TreeNode, () => void>();
  /** The rows whose document is open at another address than they would give it now. */
  private readonly renamed = new Set<TreeNode>();
  private shown: { readonly lists: Lists; roots: Roots } | undefined;
  /** Whether another environment is shown since the rows were last drawn, which may be scrolled down. */
  private mustShowTop = false;
  /** The row that was selected last, and when, in milliseconds since the window opened. */
  private selected: { readonly row: TreeNode; readonly at: number } | undefined;
  readonly view: vscode.TreeView<TreeNode>;

  readonly onDidChangeTreeData = this.changes.event;
  /** Fires for each rendered row whose record has no GET of its own. */
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
      this.view.onDidExpandElement(({ element }) => this.expanded.add(this.pathOf(element))),
      this.view.onDidCollapseElement(({ element }) => this.expanded.delete(this.pathOf(element))),
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

  /** One of the lists at the top, by its kind, while its environment is shown. */
  topList(environmentId: string, kind: string): ListNode | undefined {
    return this.lists?.get(`${environmentId}/${kind}`);
  }

  /** Reloads a list at the top after a change in it, unless nobody has looked at it yet. */
  async refreshTopList(environmentId: string, kind: string): Promise<void> {
    const list = this.topList(environmentId, kind);
    if (list !== undefined && list.state.phase !== 'idle') await list.refreshAfterChange();
  }

  /** Shows and selects something new in a list at the top. Reads on until it's there, up to the limit of rows. */
  async revealInTopList(environmentId: string, kind: string, id: string): Promise<void> {
    // The view may not have been shown yet.
    if (this.topList(environmentId, kind) === undefined) await this.topRows();
    const list = this.topList(environmentId, kind);
    const row = list === undefined ? undefined : await this.rowIn(list, id);
    // Another environment may have become active meanwhile.
    if (list === undefined || row === undefined || this.topList(environmentId, kind) !== list) return;
    await this.reveal(row, { focus: false });
  }

  /** The row of a resource in a list. Reads on until it's there, up to the limit of rows. */
  async rowIn(list: ListNode, id: string): Promise<TreeNode | undefined> {
    let rows = await list.children();
    const isIt = ({ document }: TreeNode): boolean => document?.path.at(-1) === id;
    while (
      list.state.hasMore &&
      list.state.moreError === undefined &&
      list.records().length < MOST_ROWS &&
      !rows.some(isIt)
    ) {
      if ((await list.loadMore()) === undefined) break;
      rows = list.rows();
    }
    return rows.find(isIt);
  }

  /**
   * Only VS Code calls this, and then draws the rows. After any other call, changed rows would count as drawn although
   * they aren't.
   */
  getChildren(node?: TreeNode): Promise<TreeNode[]> {
    return new Promise((resolve, reject) => {
      const end = (): void => resolve([]);
      this.waiting.add(end);
      void this.readChildren(node)
        .then(resolve, reject)
        .finally(() => this.waiting.delete(end));
    });
  }

  private async readChildren(node: TreeNode | undefined): Promise<TreeNode[]> {
    const reading = this.readings.get(node) ?? { readers: 0, isOutdated: false };
    this.readings.set(node, reading);
    reading.readers++;
    try {
      if (node !== undefined) return (await node.children?.()) ?? [];
      const rows = await this.topRows();
      reading.isOutdated = false;
      if (this.mustShowTop && this.shown !== undefined) {
        this.mustShowTop = false;
        void this.showTop(rows[0]);
      }
      return rows;
    } finally {
      setTimeout(() => {
        reading.readers--;
        // Don't report a row of an environment that is no longer shown.
        if (reading.readers > 0 || this.readings.get(node) !== reading) return;
        this.readings.delete(node);
        if (reading.isOutdated) this.changes.fire(node);
      }, SETTLING_MS);
    }
  }

  /**
   * The rows at the top, read first if nobody has looked yet. For callers that don't draw them: what VS Code has drawn
   * stays unchanged.
   */
  async topRows(): Promise<TreeNode[]> {
    await this.environments.ready();
    const active = this.environments.active();
    if (this.shown === undefined && active !== undefined) this.show(active);
    const { shown } = this;
    const rows = await shown?.roots.rows();
    // Another environment became active meanwhile, so nothing of the old one may appear.
    if (this.shown?.lists !== shown?.lists) return this.topRows();
    this.updateHeader();
    // Without an environment the welcome view is shown.
    return rows ?? [];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = node.item();
    // VS Code doesn't report a row that is initially open.
    if (!this.rows.has(node) && item.collapsibleState === vscode.TreeItemCollapsibleState.Expanded)
      this.expanded.add(this.pathOf(node));
    if (item.collapsibleState === vscode.TreeItemCollapsibleState.Collapsed && this.expanded.has(this.pathOf(node)))
      item.collapsibleState = vscode.TreeItemCollapsibleState.Expanded;
    this.rows.add(node);
    this.renderWaiters.get(node)?.();
    if (node.document?.record !== undefined) this.records.fire(node.document);
    if (node.document !== undefined && isOpenElsewhere(node.document)) this.renamed.add(node);
    return item;
  }

  /**
   * Redraws rows so that they open their documents under their current names, once the documents at the old addresses
   * are closed.
   */
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
      // A cancelled tooltip is created again when the mouse comes back.
      if (!controller.signal.aborted) item.tooltip = tooltip;
      return item;
    } finally {
      listener?.dispose();
    }
  }

  /** Runs the action of the row that was selected last, in whichever view, like a click on it. */
  static async runSelectedRow(views: readonly ListTreeView[]): Promise<void> {
    const selected = views.flatMap((view) => view.selected ?? []).sort((a, b) => b.at - a.at);
    const action = selected[0]?.row.action;
    if (action !== undefined) await vscode.commands.executeCommand(action.command, action.argument);
  }

  /** Whether a value, for example a command's argument, is a row of this view. */
  hasShown(argument: unknown): argument is TreeNode {
    return typeof argument === 'object' && argument !== null && this.rows.has(argument);
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.parent;
  }

  /** From now on, shows other rows at the top. */
  setRoots(roots: Roots): void {
    if (this.shown === undefined) return;
    this.shown.roots = roots;
    this.updateHeader();
    this.redraw();
  }

  /**
   * Redraws the rows from what is known. While VS Code waits for a list's rows, it's told only once it has them. If
   * told before, it loses track of the rows that it gets, and refuses the same ones the next time (seen in 1.100).
   */
  redraw(node?: TreeNode): void {
    const reading = this.readings.get(node);
    if (reading === undefined) this.changes.fire(node);
    else reading.isOutdated = true;
  }

  /**
   * Refresh: one list, if called on its row, or everything that is open. The old rows stay until the new ones arrive.
   * Closed lists are read again when they're next opened.
   */
  async refresh(argument?: unknown): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: this.viewId } }, async () => {
      if (argument instanceof ListNode) await argument.refresh();
      else await this.reloadLists(this.shown?.lists.all() ?? [], (list) => list.refresh());
    });
  }

  /** Refreshes a view. A hidden one only drops what it has read, and makes no requests until it's shown. */
  async refreshIfVisible(): Promise<void> {
    if (this.view.visible) return this.refresh();
    for (const list of this.shown?.lists.all() ?? []) list.reset();
    this.redraw();
  }

  /** Reloads lists after a change in what they show: open ones now, the others when they're next opened. */
  async refreshAfterChange(lists: readonly ListNode[]): Promise<void> {
    await this.reloadLists(lists, (list) => list.refreshAfterChange());
  }

  /** Load More. The first new row gets the keyboard focus, since the focused row moves away. */
  async loadMore(argument: unknown): Promise<void> {
    if (!isLoadMoreNode(argument)) return;
    const { list } = argument;
    const first = await vscode.window.withProgress({ location: { viewId: this.viewId } }, () => list.loadMore());
    // If it isn't rendered, the list was closed meanwhile.
    if (first !== undefined && this.view.visible && (await this.whenRendered(first)))
      await this.select(first, { focus: true });
  }

  /** Scrolls to the first row. A hidden view stays hidden. */
  private async showTop(row: TreeNode | undefined): Promise<void> {
    if (row === undefined || !(await this.whenRendered(row)) || !this.view.visible) return;
    await this.view.reveal(row, { select: false, focus: false }).then(undefined, () => undefined);
  }

  private async reloadLists(lists: readonly ListNode[], read: (list: ListNode) => Promise<void>): Promise<void> {
    // Of two lists that alternate at the top, for example all and search results, one is hidden.
    const open = lists.filter(
      (list) =>
        list === this.shown?.roots.list || (this.expanded.has(this.pathOf(list)) && this.hiddenIn(list) === undefined),
    );
    for (const closed of lists) if (!open.includes(closed)) closed.reset();
    await Promise.all(open.map(read));
  }

  /** Reveals a row and, with the keyboard focus, opens it unless told otherwise. Waits first while VS Code is still drawing a new row. */
  async reveal(
    row: TreeNode,
    { focus = true, expand = focus }: { readonly focus?: boolean; readonly expand?: boolean } = {},
  ): Promise<void> {
    await this.whenRendered(row);
    await this.select(row, { focus, expand });
  }

  /**
   * Selects a row. The window processes changes a moment after the extension reports them, and until then says that the
   * row doesn't exist ("Data tree node not found"), so we ask again. Never fails, and doesn't wait for a window that
   * never responds: the row is there even if it isn't selected.
   */
  private async select(row: TreeNode, options: { readonly focus: boolean; readonly expand?: boolean }): Promise<void> {
    for (let attempt = 1; attempt <= MOST_SELECTIONS; attempt++) {
      try {
        await Promise.race([this.view.reveal(row, { select: true, ...options }), delay(LONGEST_SELECTION_MS)]);
        return;
      } catch {
        await delay(SELECTION_PAUSE_MS);
      }
    }
  }

  /**
   * Whether VS Code has added a row to its tree. Waits while VS Code draws it, or the closed row that hides it.
   * Revealing a new row while VS Code draws its list reads the list twice at once, and VS Code refuses the second one:
   * "Element with id … is already registered".
   */
  private async whenRendered(row: TreeNode): Promise<boolean> {
    const drawn = this.hiddenIn(row) ?? row;
    if (this.rows.has(drawn) || !this.view.visible) return this.rows.has(row);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LONGEST_DRAWING_MS);
      this.renderWaiters.set(drawn, () => {
        clearTimeout(timer);
        // VS Code adds the rows once it has asked for each of them.
        setTimeout(resolve);
      });
    });
    this.renderWaiters.delete(drawn);
    return this.rows.has(row);
  }

  /** The outermost closed row that hides a row. Undefined if all rows around it are open. */
  private hiddenIn(row: TreeNode): TreeNode | undefined {
    let closed: TreeNode | undefined;
    for (let around = row.parent; around !== undefined; around = around.parent)
      if (!this.expanded.has(this.pathOf(around))) closed = around;
    return closed;
  }

  /** A row's ID without its environment's. */
  private pathOf(row: TreeNode): string {
    const environmentId = this.shown?.lists.environment.id ?? '';
    return row.id.startsWith(`${environmentId}/`) ? row.id.slice(environmentId.length) : row.id;
  }

  dispose(): void {
    this.shown?.lists.dispose();
    for (const end of this.waiting) end();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private onEnvironmentChange(active: Environment | undefined, invalidated: readonly string[]): void {
    const now = this.shown?.lists.environment;
    if (this.shown !== undefined && active !== undefined && active.id === now?.id && !invalidated.includes(active.id)) {
      // What was read is still valid.
      this.shown.lists.environment = active;
      if (active.name === now.name && active.host === now.host && active.production === now.production) return;
    } else {
      this.shown?.lists.dispose();
      this.shown = undefined;
      this.renamed.clear();
      this.mustShowTop ||= now !== undefined && active?.id !== now.id;
      for (const row of this.readings.keys()) if (row !== undefined) this.readings.delete(row);
    }
    this.updateHeader();
    this.redraw();
  }

  private show(environment: Environment): void {
    const lists = new Lists(environment, this.environments, (changed, redraw) => {
      if (this.shown?.lists !== lists) return;
      if (changed.isRoot) this.updateHeader();
      if (redraw === 'all') this.redraw(changed.isRoot ? undefined : changed);
      else if (redraw !== 'none') this.changes.fire(redraw);
    });
    this.shown = { lists, roots: this.rootsOf(lists) };
  }

  /**
   * Shows total and environment beside the title, whose end a narrow side bar cuts off. What must be read is above the
   * rows, where it wraps: the filter, and the failure of the whole list.
   */
  private updateHeader(): void {
    const { lists, roots } = this.shown ?? {};
    const state = roots?.list?.state;
    const environment = lists?.environment;
    this.view.description =
      environment === undefined
        ? undefined
        : [
            ...(state?.totalSize === undefined ? [] : [state.totalSize.toLocaleString(vscode.env.language)]),
            ...(environment.production ? [vscode.l10n.t('production')] : []),
            displayText(environment.name),
          ].join(' · ');
    const error = state?.error ?? state?.refreshError ?? state?.moreError;
    const messages = [
      ...(error === undefined ? [] : [errorText(error)]),
      ...(roots?.filterMessage === undefined ? [] : [roots.filterMessage(countOf(state))]),
    ];
    this.view.message = messages.length === 0 ? undefined : messages.join(' ');
  }
}

/** How many records a list has, if all are loaded or Scalekit says it. */
function countOf(state: ListNode['state'] | undefined): number | undefined {
  if (state?.phase !== 'ready') return undefined;
  return state.totalSize ?? (state.hasMore ? undefined : state.items.length);
}

function isOpenElsewhere(document: DocumentReference): boolean {
  const [open] = openAddresses(document);
  return open !== undefined && open.path !== documentUri(document).path;
}
