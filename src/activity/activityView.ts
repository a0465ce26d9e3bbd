import * as vscode from 'vscode';
import type { ActivityEntry, ActivityList } from '../core/activityList';
import { detailsTooltip } from '../tree/treeNode';
import { setContext } from '../ui/contextKeys';
import { displayText } from '../ui/displayText';
import { localTime } from '../ui/localTime';

const VIEW_ID = 'scalekit.activity';

/**
 * How long to collect changes before the rows are read again, in milliseconds, because an app may send hundreds of
 * requests per second. VS Code also needs about that long to take in the rows that it got (`ListTreeView`).
 */
const GATHERED_MS = 300;

export type ActivityRow = ActivityList | ActivityEntry;

/**
 * The Activity view: what was done and received, in lists that features add. It exists while one of them has an entry.
 * While it's hidden, it doesn't render.
 */
export class ActivityView implements vscode.TreeDataProvider<ActivityRow>, vscode.Disposable {
  private readonly lists: ActivityList[] = [];
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [this.changes];
  /** The list of each entry, and its id. */
  private readonly origins = new WeakMap<object, { readonly list: ActivityList; readonly id: string }>();
  private lastNumber = 0;
  private view: vscode.TreeView<ActivityRow> | undefined;
  private hasEntries = false;
  /** Whether VS Code's rows are outdated. */
  private isOutdated = false;
  private gathering: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changes.event;

  /** Adds a list below the others. */
  add<L extends ActivityList>(list: L): L {
    this.lists.push(list);
    this.subscriptions.push(list.onDidChange(() => this.onListChange()));
    this.onListChange();
    return list;
  }

  clear(): void {
    for (const list of this.lists) list.clear();
  }

  /** Opens the entry that a command was called on, or the selected one. */
  async open(argument: unknown): Promise<void> {
    const row = argument ?? this.view?.selection[0];
    if (typeof row === 'object' && row !== null) await this.origins.get(row)?.list.open(row as ActivityEntry);
  }

  getChildren(row?: ActivityRow): ActivityRow[] {
    if (row === undefined) {
      this.isOutdated = false;
      return this.lists.filter(({ entries }) => entries.length > 0);
    }
    return 'entries' in row ? this.entriesOf(row) : [];
  }

  getTreeItem(row: ActivityRow): vscode.TreeItem {
    return 'entries' in row ? listItem(row) : this.entryItem(row);
  }

  resolveTreeItem(item: vscode.TreeItem, row: ActivityRow): vscode.TreeItem {
    if (!('entries' in row)) item.tooltip = detailsTooltip(row.label, row.details);
    return item;
  }

  dispose(): void {
    clearTimeout(this.gathering);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private entriesOf(list: ActivityList): ActivityEntry[] {
    for (const entry of list.entries)
      if (!this.origins.has(entry)) this.origins.set(entry, { list, id: `${list.id}/${++this.lastNumber}` });
    return [...list.entries];
  }

  private entryItem(entry: ActivityEntry): vscode.TreeItem {
    const item = new vscode.TreeItem(displayText(entry.label));
    const origin = this.origins.get(entry);
    item.id = origin?.id;
    item.description = [
      localTime(entry.time, { seconds: true }),
      ...(entry.detail === undefined ? [] : [displayText(entry.detail)]),
    ].join(' · ');
    item.iconPath = entry.failed
      ? new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'))
      : new vscode.ThemeIcon(origin?.list.icon ?? 'circle-outline');
    item.contextValue = 'activityEntry';
    item.accessibilityInformation = { label: displayText(entry.sentence) };
    // It has no argument, because VS Code forgets a command's argument whenever the row re-renders (`actionCommand`).
    // It isn't called `scalekit.activity.open`, because VS Code registers that for the view.
    item.command = { command: 'scalekit.activityEntry.open', title: vscode.l10n.t('Open') };
    return item;
  }

  private onListChange(): void {
    const hasEntries = this.lists.some(({ entries }) => entries.length > 0);
    if (hasEntries) this.view ??= this.createView();
    if (hasEntries !== this.hasEntries) setContext('scalekit.hasActivity', hasEntries);
    this.hasEntries = hasEntries;
    this.isOutdated = true;
    if (this.view?.visible === true) this.gathering ??= setTimeout(() => this.redraw(), GATHERED_MS);
  }

  private createView(): vscode.TreeView<ActivityRow> {
    const view = vscode.window.createTreeView<ActivityRow>(VIEW_ID, { treeDataProvider: this, showCollapseAll: true });
    this.subscriptions.push(
      view,
      view.onDidChangeVisibility(() => this.redraw()),
    );
    return view;
  }

  private redraw(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    if (this.isOutdated && this.view?.visible === true) this.changes.fire();
  }
}

function listItem({ id, label, entries }: ActivityList): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = id;
  item.description = entries.length.toLocaleString(vscode.env.language);
  item.accessibilityInformation = { label: `${label}, ${item.description}` };
  return item;
}
