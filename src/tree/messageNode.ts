import * as vscode from 'vscode';
import { actionCommand, type RowAction, type TreeNode } from './treeNode';

/** A row that says why there is nothing else: an empty list, a failure, or something to do. */
export interface MessageNode extends TreeNode {
  readonly kind: 'message';
}

export interface Message {
  readonly id: string;
  readonly parent?: TreeNode;
  readonly label: string;
  readonly icon: string;
  /** The whole sentence, if the label shortens it. */
  readonly sentence?: string;
  readonly action?: RowAction;
}

export function messageNode(message: Message): MessageNode {
  const { id, parent, label, icon, sentence, action } = message;
  return {
    kind: 'message',
    id,
    parent,
    action,
    item() {
      const item = new vscode.TreeItem(label);
      item.id = id;
      item.iconPath = new vscode.ThemeIcon(icon);
      item.tooltip = sentence;
      item.accessibilityInformation = { label: sentence ?? label };
      if (action !== undefined) item.command = actionCommand(action, label);
      return item;
    },
  };
}
