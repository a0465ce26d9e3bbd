import * as vscode from 'vscode';

/** A row that says why there is nothing else: an empty list, a failure, a thing to do. */
export interface MessageNode {
  readonly kind: 'message';
  readonly id: string;
  readonly label: string;
  readonly icon?: string;
  readonly tooltip?: string;
  readonly command?: vscode.Command;
}

export function messageItem(node: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label);
  item.id = node.id;
  item.iconPath = node.icon === undefined ? undefined : new vscode.ThemeIcon(node.icon);
  item.tooltip = node.tooltip;
  item.command = node.command;
  item.accessibilityInformation = { label: node.tooltip ?? node.label };
  return item;
}
