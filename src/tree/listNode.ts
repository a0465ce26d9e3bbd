import * as vscode from 'vscode';
import { records } from '../api/page';
import { ScalekitError } from '../api/client/scalekitError';
import { displayText } from '../ui/displayText';
import { EnvironmentFailure } from '../core/environmentFailure';
import { failureMessage, remedyAction } from '../ui/failureMessage';
import { loadMoreNode } from './loadMoreNode';
import { messageNode } from './messageNode';
import { PagedList, type PagedListState, type PageReader } from './pagedList';
import type { RowAction, TreeNode } from './treeNode';

/** One list in the tree: its label, how to read a page, and the row of each record. */
export interface ListNodeOptions<T> {
  readonly id: string;
  readonly parent?: TreeNode;
  /** The view's own list, whose rows are at the top. */
  readonly isRoot?: boolean;
  readonly label: string;
  readonly icon: string;
  readonly contextValue: string;
  readonly environmentId: string;
  /** Shown instead of rows if there are none. */
  readonly emptyLabel: string;
  /** A row below that, for what the user can do then. */
  readonly emptyAction?: { readonly label: string; readonly icon: string; readonly command: string };
  readonly read: PageReader<T>;
  readonly node: (record: T) => TreeNode;
  /** Replaces Load More once there are too many rows to look through. */
  readonly searchCommand?: string;
}

/**
 * Which part of a list to redraw: all its rows, one row, or none, for example while its first page is being read, since
 * the caller that asked for the rows is waiting for it. Drawing a thousand rows takes a while, and VS Code doesn't
 * allow a list to be read twice at once.
 */
export type Refresh = 'all' | 'none' | TreeNode;

/**
 * After this many rows of a list, users search instead of scrolling. More rows would also block the tree for too long.
 */
export const MOST_ROWS = 1_000;

/**
 * One list in the tree, read when it's opened. It stays the same object while its environment is shown, so VS Code
 * keeps it open.
 */
export class ListNode<T = unknown> implements TreeNode {
  readonly kind = 'list';
  readonly id: string;
  /** The row that contains it. It's replaced with each newer record, so that it always has the current name. */
  parent: TreeNode | undefined;
  readonly isRoot: boolean;
  private list: PagedList<T>;
  /** How it's read now: the whole list, or a filtered one. */
  private read: PageReader<T>;
  /** One row per record, as long as the record is the same object. */
  private rowsOf = new Map<T, TreeNode>();
  /** The filter, in words. */
  private filter: string | undefined;
  /** The row after the records if there are more. Always the same object, so that it can be redrawn alone. */
  private readonly loadMoreRow: TreeNode;

  constructor(
    private readonly spec: ListNodeOptions<T>,
    private readonly onDidChange: (list: ListNode, redraw: Refresh) => void,
  ) {
    this.id = spec.id;
    this.parent = spec.parent;
    this.isRoot = spec.isRoot ?? false;
    this.read = spec.read;
    this.loadMoreRow = loadMoreNode(this as ListNode, () =>
      this.state.moreError === undefined ? undefined : errorText(this.state.moreError),
    );
    this.list = this.createList();
  }

  get state(): PagedListState<T> {
    return this.list.state;
  }

  get isFiltered(): boolean {
    return this.filter !== undefined;
  }

  get environmentId(): string {
    return this.spec.environmentId;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.spec.label, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon(this.spec.icon);
    item.contextValue = this.filter === undefined ? this.spec.contextValue : `${this.spec.contextValue} filtered`;
    const total =
      this.state.phase === 'ready'
        ? (this.state.totalSize ?? (this.state.hasMore ? undefined : this.state.items.length))
        : undefined;
    item.description = [
      ...(this.state.phase === 'failed' ? [vscode.l10n.t('couldn’t be read')] : []),
      ...(this.filter === undefined ? [] : [this.filter]),
      ...(total === undefined ? [] : [total.toLocaleString(vscode.env.language)]),
    ].join(' · ');
    item.accessibilityInformation = {
      label: [this.spec.label, item.description].filter((text) => text !== '').join(', '),
    };
    return item;
  }

  async children(): Promise<TreeNode[]> {
    await this.list.ensureLoaded();
    return this.rows();
  }

  /** The current rows. */
  rows(): TreeNode[] {
    const { phase, items } = this.state;
    if (phase === 'failed') return this.failureRows();
    if (phase === 'ready' && items.length === 0 && !this.state.hasMore) return this.emptyRows();
    return [...this.itemRows(), ...this.lastRows(), ...this.refreshFailureRows()];
  }

  /** The records that are shown. */
  records(): T[] {
    return records(this.state);
  }

  refresh(): Promise<void> {
    return this.list.refresh();
  }

  /** The same after a change. Ignores responses that were requested before it. */
  refreshAfterChange(): Promise<void> {
    return this.list.refreshAfterChange();
  }

  /** Reads the next page. Returns its first row, if there is one. */
  async loadMore(): Promise<TreeNode | undefined> {
    const before = this.state.items.length;
    await this.list.loadMore();
    return this.state.items.length > before ? this.rows()[before] : undefined;
  }

  /** Replaces a record by a newer one. */
  replace(is: (record: T) => boolean, record: T): void {
    this.list.replace(is, record);
  }

  /** Removes the row of a deleted record. */
  remove(is: (record: T) => boolean): void {
    this.list.remove(is);
  }

  /** Drops what was read. The server is asked again the next time the list is shown. */
  reset(): void {
    this.list.dispose();
    this.list = this.createList(true);
  }

  /** From now on, shows the list as `read` returns it, for example filtered. */
  setFilter(read: PageReader<T>, filter: string): void {
    this.readAs(read, filter);
  }

  private readAs(read: PageReader<T>, filter: string | undefined): void {
    this.list.dispose();
    this.filter = filter;
    this.read = read;
    this.list = this.createList();
    this.onDidChange(this as ListNode, 'all');
  }

  /** Shows the whole list again. */
  clearFilter(): void {
    this.readAs(this.spec.read, undefined);
  }

  dispose(): void {
    this.list.dispose();
  }

  private createList(freshAtFirst = false): PagedList<T> {
    let before: PagedListState<T> | undefined;
    const list: PagedList<T> = new PagedList(
      this.read,
      () => {
        const { state } = list;
        const redraw =
          state.phase === 'loading'
            ? 'none'
            : before !== undefined && hasSameRows(state, before)
              ? this.loadMoreRow
              : 'all';
        before = state;
        this.onDidChange(this as ListNode, redraw);
      },
      freshAtFirst,
    );
    return list;
  }

  private itemRows(): TreeNode[] {
    const rowsOf = new Map<T, TreeNode>();
    const rows = this.state.items.map((item, index) => {
      if (!('record' in item)) {
        const label = vscode.l10n.t('A record that couldn’t be read');
        const sentence = vscode.l10n.t('Scalekit sent a record without an ID here. The others aren’t affected.');
        return this.message(`unreadable/${index}`, label, 'warning', sentence);
      }
      const row = this.rowsOf.get(item.record) ?? this.spec.node(item.record);
      rowsOf.set(item.record, row);
      return row;
    });
    this.rowsOf = rowsOf;
    return rows;
  }

  private emptyRows(): TreeNode[] {
    if (this.isFiltered && !this.isRoot)
      return [this.message('empty', vscode.l10n.t('Nothing matches the filter'), 'info')];
    const { emptyLabel, emptyAction: action } = this.spec;
    const row = this.message('empty', emptyLabel, 'info');
    return action === undefined
      ? [row]
      : [row, this.message('empty/action', action.label, action.icon, undefined, { command: action.command })];
  }

  private lastRows(): TreeNode[] {
    const { items, totalSize, hasMore } = this.state;
    if (!hasMore) return [];
    if (items.length < MOST_ROWS) return [this.loadMoreRow];
    const shown = totalSize === undefined ? `${items.length}` : vscode.l10n.t('{0} of {1}', items.length, totalSize);
    return this.spec.searchCommand === undefined
      ? [this.message('most', vscode.l10n.t('{0} shown, the most there can be', shown), 'info')]
      : [
          this.message('search', vscode.l10n.t('Search… ({0} shown)', shown), 'search', undefined, {
            command: this.spec.searchCommand,
            argument: this,
          }),
        ];
  }

  /** Says that the rows are the old ones, since a refresh failed. The view's own list says it above its rows. */
  private refreshFailureRows(): TreeNode[] {
    const { refreshError } = this.state;
    if (refreshError === undefined || this.isRoot) return [];
    const sentence = listFailureText(refreshError);
    const label = vscode.l10n.t('Not refreshed: {0}', sentence);
    return [this.message('refresh', label, 'warning', label, { command: 'scalekit.list.refresh', argument: this })];
  }

  /** What happened, and the ways to fix it. The view's own list has the message above its rows, where it wraps. */
  private failureRows(): TreeNode[] {
    const { error } = this.state;
    const sentence = this.isRoot ? errorText(error) : listFailureText(error);
    const remedies = error instanceof EnvironmentFailure ? failureMessage(error).remedies.map(remedyAction) : [];
    return [
      ...(this.isRoot ? [] : [this.message('error', sentence, 'error', sentence)]),
      ...remedies.flatMap(({ label, command }, index) =>
        command === undefined
          ? []
          : [this.message(`error/${index}`, label, 'wrench', undefined, { command, argument: this.environmentId })],
      ),
      this.message('error/retry', vscode.l10n.t('Try Again'), 'refresh', undefined, {
        command: 'scalekit.list.refresh',
        argument: this,
      }),
    ];
  }

  private message(id: string, label: string, icon: string, sentence?: string, action?: RowAction): TreeNode {
    return messageNode({
      id: `${this.id}/${id}`,
      parent: this.isRoot ? undefined : this,
      label,
      icon,
      sentence,
      action,
    });
  }
}

/** A failure as a message. */
export function errorText(error: unknown): string {
  return error instanceof EnvironmentFailure
    ? failureMessage(error).text
    : vscode.l10n.t('Something went wrong. The log has the details.');
}

/**
 * Why a list beneath a row can't be read. Not every Scalekit has each kind of list, and its parent may have been
 * deleted.
 */
function listFailureText(error: unknown): string {
  const { failure, environment } = error instanceof EnvironmentFailure ? error : {};
  if (environment === undefined || !(failure instanceof ScalekitError) || failure.details.server !== 'api')
    return errorText(error);
  const name = displayText(environment.name);
  if (failure.details.status === 501)
    return vscode.l10n.t('{0}: Scalekit doesn’t offer this list here (HTTP 501).', name);
  if (failure.kind !== 'notFound') return errorText(error);
  return vscode.l10n.t(
    '{0}: list not found (HTTP 404). Its parent may have been deleted, or this environment doesn’t offer it. Refresh the view to check.',
    name,
  );
}

/** Whether two states of a list look the same, except for the row after the records. */
function hasSameRows<T>(one: PagedListState<T>, other: PagedListState<T>): boolean {
  return one.items === other.items && one.phase === other.phase && one.refreshError === other.refreshError;
}
