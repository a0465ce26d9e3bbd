import * as vscode from 'vscode';
import type { Branch } from './branch.js';
import type { TreeNode } from './treeNode.js';

/** The last row of a list that has more pages; the argument of `scalekit.organizations.loadMore`. */
export interface LoadMoreNode extends TreeNode {
  readonly kind: 'loadMore';
  readonly branch: Branch;
}

/** @param problem why the last attempt failed, in words. */
export function loadMoreNode(branch: Branch, problem: string | undefined): LoadMoreNode {
  const node: LoadMoreNode = {
    kind: 'loadMore',
    id: `${branch.id}/loadMore`,
    parent: branch.isRoot ? undefined : branch,
    branch,
    item() {
      const item = new vscode.TreeItem(label(branch, problem));
      item.id = node.id;
      item.iconPath = new vscode.ThemeIcon(branch.state.loadingMore ? 'loading~spin' : problem === undefined ? 'ellipsis' : 'warning');
      item.tooltip = problem;
      item.contextValue = 'loadMore';
      item.command = { command: 'scalekit.organizations.loadMore', title: vscode.l10n.t('Load More'), arguments: [node] };
      return item;
    },
  };
  return node;
}

function label(branch: Branch, problem: string | undefined): string {
  const { loadingMore, items, totalSize } = branch.state;
  if (loadingMore) return vscode.l10n.t('Loading more…');
  if (problem !== undefined) return vscode.l10n.t('Loading more failed. Try again');
  return totalSize === undefined ? vscode.l10n.t('Load more ({0} shown)', items.length) : vscode.l10n.t('Load more ({0} of {1})', items.length, totalSize);
}
