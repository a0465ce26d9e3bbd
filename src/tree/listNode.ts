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

/** One list in the tree: what it is called, how a page of it is read, and the row of each record. */
export interface ListNodeOptions<T> {
  readonly id: string;
  readonly parent?: TreeNode;
  /** The list of the view itself, whose rows stand at the top. */
  readonly isRoot?: boolean;
  readonly label: string;
  readonly icon: string;
  readonly contextValue: string;
  readonly environmentId: string;
  /** What stands there instead of rows when there are none. */
  readonly emptyLabel: string;
  /** A row below that, with what a person may do then. */
  readonly emptyAction?: { readonly label: string; readonly icon: string; readonly command: string };
  readonly read: PageReader<T>;
  readonly node: (record: T) => TreeNode;
  /** Commands instead of Load More once so many rows are shown that a person cannot look through them. */
  readonly searchCommand?: string;
}

/**
 * What of a list is to be drawn anew: all its rows, one of them, or none, as when its first page is being read, since whoever has asked
 * for the rows is waiting for that. Drawing a thousand rows takes a while, and VS Code does not take two readings of one list at once.
 */
export type Refresh = 'all' | 'none' | TreeNode;

/** After so many rows of one list a person searches instead of scrolling; more would also hold the tree up for too long. */
export const MOST_ROWS = 1_000;

/** One list in the tree, read when it is opened. It stays the same object while its environment is shown, so VS Code keeps it open. */
export class ListNode<T = unknown> implements TreeNode {
  readonly kind = 'list';
  readonly id: string;
  /** The row that it stands under, made anew with each newer record: whoever asks what a row is in gets the name of now. */
  parent: TreeNode | undefined;
  readonly isRoot: boolean;
  private list: PagedList<T>;
  /** How it is read now: the whole list, or what a filter leaves of it. */
  private read: PageReader<T>;
  /** One row for a record as long as it is the same record. */
  private rowsOf = new Map<T, TreeNode>();
  /** What narrows the list, in words. */
  private filter: string | undefined;
  /** The row behind the records while there are more: always the same one, so that it alone can be drawn anew. */
  private readonly loadMoreRow: TreeNode;

  constructor(
    private readonly spec: ListNodeOptions<T>,
    private readonly onDidChange: (branch: ListNode, drawAnew: Refresh) => void,
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

  /** Whether a filter leaves some of it out. */
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

  /** The rows as the list is now. */
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

  /** The same after a change: nothing that was asked for before it counts. */
  refreshAfterChange(): Promise<void> {
    return this.list.refreshAfterChange();
  }

  /** Reads the next page; gives the first of its rows, if there is one. */
  async loadMore(): Promise<TreeNode | undefined> {
    const before = this.state.items.length;
    await this.list.loadMore();
    return this.state.items.length > before ? this.rows()[before] : undefined;
  }

  /** Puts a newer record in the place of the one that it is. */
  replace(is: (record: T) => boolean, record: T): void {
    this.list.replace(is, record);
  }

  /** Takes a record away that is no more. */
  remove(is: (record: T) => boolean): void {
    this.list.remove(is);
  }

  /** Forgets what was read, so that the server is asked again when it is next looked at. */
  reset(): void {
    this.list.dispose();
    this.list = this.createList(true);
  }

  /** Shows another reading of the list from now on, such as one narrowed by a filter. */
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
        const drawAnew =
          state.phase === 'loading'
            ? 'none'
            : before !== undefined && hasSameRows(state, before)
              ? this.loadMoreRow
              : 'all';
        before = state;
        this.onDidChange(this as ListNode, drawAnew);
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

  /** That the rows are those of before, since a refresh failed. The view's own list says it above its rows. */
  private refreshFailureRows(): TreeNode[] {
    const { refreshError } = this.state;
    if (refreshError === undefined || this.isRoot) return [];
    const sentence = listFailureText(refreshError);
    const label = vscode.l10n.t('Not refreshed: {0}', sentence);
    return [this.message('refresh', label, 'warning', label, { command: 'scalekit.list.refresh', argument: this })];
  }

  /** What happened and the ways out of it. The view's own list says the sentence above its rows, where it wraps. */
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

/** A failure in words. */
export function errorText(error: unknown): string {
  return error instanceof EnvironmentFailure
    ? failureMessage(error).text
    : vscode.l10n.t('Something went wrong. The log has the details.');
}

/** Why a list beneath a row cannot be read: not every Scalekit has each kind of list, and what the list belongs to may be gone. */
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

/** Whether two states of a list look the same but for the row behind the records. */
function hasSameRows<T>(one: PagedListState<T>, other: PagedListState<T>): boolean {
  return one.items === other.items && one.phase === other.phase && one.refreshError === other.refreshError;
}
