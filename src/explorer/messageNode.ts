import * as vscode from 'vscode';
import type { TreeNode } from './treeNode.js';

/** A row that says why there is nothing else: an empty list, a failure, a thing to do. */
export interface MessageNode extends TreeNode {
  readonly kind: 'message';
}

export interface Message {
  readonly id: string;
  readonly parent?: TreeNode;
  readonly label: string;
  readonly icon: string;
  /** The whole sentence, where the label is cut short. */
  readonly sentence?: string;
  readonly command?: { readonly id: string; readonly argument?: unknown };
}

export function messageNode(message: Message): MessageNode {
  const { id, parent, label, icon, sentence, command } = message;
  return {
    kind: 'message',
    id,
    parent,
    item() {
      const item = new vscode.TreeItem(label);
      item.id = id;
      item.iconPath = new vscode.ThemeIcon(icon);
      item.tooltip = sentence;
      item.accessibilityInformation = { label: sentence ?? label };
      if (command !== undefined) item.command = { command: command.id, title: label, arguments: [command.argument] };
      return item;
    },
  };
}
