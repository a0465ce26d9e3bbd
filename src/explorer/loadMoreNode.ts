import * as vscode from 'vscode';

/** The last row of a list that has more pages. */
export interface LoadMoreNode {
  readonly kind: 'loadMore';
  readonly id: string;
  readonly shown: number;
  readonly total?: number;
  readonly loading: boolean;
  /** Why the last attempt failed, in words. */
  readonly problem?: string;
}

export function loadMoreItem(node: LoadMoreNode): vscode.TreeItem {
  const item = new vscode.TreeItem(label(node));
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(node.loading ? 'loading~spin' : node.problem === undefined ? 'ellipsis' : 'warning');
  item.tooltip = node.problem;
  item.contextValue = 'loadMore';
  item.command = { command: 'scalekit.organizations.loadMore', title: vscode.l10n.t('Load More') };
  return item;
}

function label(node: LoadMoreNode): string {
  if (node.loading) return vscode.l10n.t('Loading more…');
  if (node.problem !== undefined) return vscode.l10n.t('Loading more failed. Try again');
  return node.total === undefined
    ? vscode.l10n.t('Load more ({0} shown)', node.shown)
    : vscode.l10n.t('Load more ({0} of {1})', node.shown, node.total);
}
