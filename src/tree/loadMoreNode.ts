import * as vscode from 'vscode';
import { isRecord } from '../api/json';
import type { PagedListState } from './pagedList';
import { actionCommand, type RowAction, type TreeNode } from './treeNode';

/** A list that may have more pages. */
export interface ListWithMore extends TreeNode {
  /** Whether it's the view's own list, whose rows are at the top. */
  readonly isRoot: boolean;
  readonly state: PagedListState<unknown>;
  /** Reads the next page. Returns its first row, if there is one. */
  loadMore(): Promise<TreeNode | undefined>;
}

/** The last row of a list that has more pages. It's the argument of `scalekit.list.loadMore`. */
export interface LoadMoreNode extends TreeNode {
  readonly kind: 'loadMore';
  readonly list: ListWithMore;
}

/** @param describeProblem why the last attempt failed, in words. */
export function loadMoreNode(list: ListWithMore, describeProblem: () => string | undefined): LoadMoreNode {
  const action: RowAction = {
    command: 'scalekit.list.loadMore',
    get argument() {
      return node;
    },
  };
  const node: LoadMoreNode = {
    kind: 'loadMore',
    id: `${list.id}/loadMore`,
    parent: list.isRoot ? undefined : list,
    list,
    action,
    item() {
      const problem = describeProblem();
      const item = new vscode.TreeItem(label(list, problem));
      item.id = node.id;
      item.iconPath = new vscode.ThemeIcon(
        list.state.loadingMore ? 'loading~spin' : problem === undefined ? 'ellipsis' : 'warning',
      );
      item.tooltip = problem;
      item.accessibilityInformation = { label: [item.label, problem].filter((text) => text !== undefined).join(', ') };
      item.contextValue = 'loadMore';
      item.command = actionCommand(action, vscode.l10n.t('Load More'));
      return item;
    },
  };
  return node;
}

/** Whether a value, for example a command's argument, is that row. */
export function isLoadMoreNode(value: unknown): value is LoadMoreNode {
  return isRecord(value) && value['kind'] === 'loadMore' && isRecord(value['list']);
}

function label(list: ListWithMore, problem: string | undefined): string {
  const { loadingMore, items, totalSize } = list.state;
  if (loadingMore) return vscode.l10n.t('Loading more…');
  if (problem !== undefined) return vscode.l10n.t('Loading more failed. Try again');
  return totalSize === undefined
    ? vscode.l10n.t('Load more ({0} shown)', items.length)
    : vscode.l10n.t('Load more ({0} of {1})', items.length, totalSize);
}
