import * as vscode from 'vscode';

/** The row of a record that could not be read, in its place. */
export interface UnreadableNode {
  readonly kind: 'unreadable';
  readonly id: string;
}

export function unreadableItem(node: UnreadableNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('A record that could not be read'));
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon('warning');
  item.tooltip = vscode.l10n.t('Scalekit sent a record without an ID here. The others are not affected.');
  return item;
}
