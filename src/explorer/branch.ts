import * as vscode from 'vscode';
import { EnvironmentFailure } from '../editor/environmentFailure.js';
import { failureMessage, remedyAction } from '../editor/failureMessage.js';
import { loadMoreNode } from './loadMoreNode.js';
import { messageNode } from './messageNode.js';
import { PagedList, type PagedListState, type PageReader } from './pagedList.js';
import type { TreeNode } from './treeNode.js';

/** One list in the tree: what it is called, how a page of it is read, and the row of each record. */
export interface BranchSpec<T> {
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
  readonly read: PageReader<T>;
  readonly node: (record: T) => TreeNode;
  /** Commands instead of Load More once so many rows are shown that a person cannot look through them. */
  readonly searchCommand?: string;
}

/** After so many rows of one list a person searches instead of scrolling; more would also hold the tree up for too long. */
export const MOST_ROWS = 1_000;

/** One list in the tree, read when it is opened. It stays the same object while its environment is shown, so VS Code keeps it open. */
export class Branch<T = unknown> implements TreeNode {
  readonly kind = 'branch';
  readonly id: string;
  readonly parent: TreeNode | undefined;
  readonly isRoot: boolean;
  private list: PagedList<T>;
  /** How it is read now: the whole list, or what a filter leaves of it. */
  private read: PageReader<T>;
  /** One row for a record as long as it is the same record. */
  private rowsOf = new Map<T, TreeNode>();
  /** What narrows the list, in words. */
  private filter: string | undefined;

  constructor(
    private readonly spec: BranchSpec<T>,
    private readonly onDidChange: (branch: Branch) => void,
  ) {
    this.id = spec.id;
    this.parent = spec.parent;
    this.isRoot = spec.isRoot ?? false;
    this.read = spec.read;
    this.list = this.createList();
  }

  get state(): PagedListState<T> {
    return this.list.state;
  }

  get environmentId(): string {
    return this.spec.environmentId;
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(this.spec.label, vscode.TreeItemCollapsibleState.Collapsed);
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon(this.spec.icon);
    item.contextValue = this.spec.contextValue;
    const total = this.state.phase === 'ready' ? (this.state.totalSize ?? (this.state.hasMore ? undefined : this.state.items.length)) : undefined;
    item.description = [...(this.filter === undefined ? [] : [this.filter]), ...(total === undefined ? [] : [total.toLocaleString(vscode.env.language)])].join(' · ');
    item.accessibilityInformation = { label: [this.spec.label, item.description].filter((text) => text !== '').join(', ') };
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
    if (phase === 'ready' && items.length === 0 && !this.state.hasMore) return [this.message('empty', this.spec.emptyLabel, 'info')];
    return [...this.itemRows(), ...this.lastRows()];
  }

  /** The records that are shown. */
  records(): T[] {
    return this.state.items.flatMap((item) => ('record' in item ? [item.record] : []));
  }

  refresh(): Promise<void> {
    return this.list.refresh();
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

  /** Forgets what was read, so that the server is asked again when it is next looked at. */
  reset(): void {
    this.list.dispose();
    this.list = this.createList(true);
  }

  /** Shows another reading of the list from now on, such as one narrowed by a filter; `undefined` words for the whole list. */
  narrow(read: PageReader<T>, filter: string | undefined): void {
    this.list.dispose();
    this.filter = filter;
    this.read = read;
    this.list = this.createList();
    this.onDidChange(this as Branch);
  }

  dispose(): void {
    this.list.dispose();
  }

  private createList(freshAtFirst = false): PagedList<T> {
    return new PagedList(this.read, () => this.onDidChange(this as Branch), freshAtFirst);
  }

  private itemRows(): TreeNode[] {
    const rowsOf = new Map<T, TreeNode>();
    const rows = this.state.items.map((item, index) => {
      if (!('record' in item)) {
        const label = vscode.l10n.t('A record that could not be read');
        const sentence = vscode.l10n.t('Scalekit sent a record without an ID here. The others are not affected.');
        return this.message(`unreadable/${index}`, label, 'warning', sentence);
      }
      const row = this.rowsOf.get(item.record) ?? this.spec.node(item.record);
      rowsOf.set(item.record, row);
      return row;
    });
    this.rowsOf = rowsOf;
    return rows;
  }

  private lastRows(): TreeNode[] {
    const { items, totalSize, hasMore, moreError } = this.state;
    if (!hasMore) return [];
    if (items.length < MOST_ROWS) return [loadMoreNode(this as Branch, moreError === undefined ? undefined : errorText(moreError))];
    const shown = totalSize === undefined ? `${items.length}` : vscode.l10n.t('{0} of {1}', items.length, totalSize);
    return this.spec.searchCommand === undefined
      ? [this.message('most', vscode.l10n.t('{0} shown, which is the most', shown), 'info')]
      : [this.message('search', vscode.l10n.t('Search… ({0} shown)', shown), 'search', undefined, { id: this.spec.searchCommand, argument: this })];
  }

  /** What happened and the ways out of it. The view's own list says the sentence above its rows, where it wraps. */
  private failureRows(): TreeNode[] {
    const { error } = this.state;
    const sentence = errorText(error);
    const remedies = error instanceof EnvironmentFailure ? failureMessage(error).remedies.map(remedyAction) : [];
    return [
      ...(this.isRoot ? [] : [this.message('error', sentence, 'error', sentence)]),
      ...remedies.flatMap(({ label, command }, index) =>
        command === undefined ? [] : [this.message(`error/${index}`, label, 'wrench', undefined, { id: command, argument: this.environmentId })],
      ),
      this.message('error/retry', vscode.l10n.t('Try Again'), 'refresh', undefined, { id: 'scalekit.organizations.refresh', argument: this }),
    ];
  }

  private message(id: string, label: string, icon: string, sentence?: string, command?: { id: string; argument?: unknown }): TreeNode {
    return messageNode({ id: `${this.id}/${id}`, parent: this.isRoot ? undefined : this, label, icon, sentence, command });
  }
}

/** A failure in words. */
export function errorText(error: unknown): string {
  return error instanceof EnvironmentFailure ? failureMessage(error).text : vscode.l10n.t('Something went wrong. The log has the details.');
}
