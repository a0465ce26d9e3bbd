import * as vscode from 'vscode';
import { displayText } from '../editor/displayText.js';
import type { DocumentReference } from '../editor/documentReference.js';

/** A row of a tree. Commands on a row get it as their argument. */
export interface TreeNode {
  readonly kind: string;
  /** Stable: environment, kind and Scalekit's own id, never the time. */
  readonly id: string;
  readonly parent?: TreeNode;
  /** The resource that opens as JSON when the row is clicked. */
  readonly document?: DocumentReference;
  item(): vscode.TreeItem;
  /** What matters about it, made when a person hovers. */
  tooltip?(): vscode.MarkdownString | Promise<vscode.MarkdownString>;
  /** The rows beneath it; absent where there are none. */
  children?(): TreeNode[] | Promise<TreeNode[]>;
}

/** How a row of a Scalekit resource looks. Texts may come from the server: they are made safe here. */
export interface ResourceAppearance {
  /** What it is in a word, for the screen reader: `Connection`, `User`. */
  readonly type: string;
  readonly label: string;
  /** Its states in a word or two each, the most important first. */
  readonly states?: readonly string[];
  /** Further text behind the states, such as an external id. */
  readonly detail?: string;
  readonly icon: string;
  readonly color?: string;
  readonly contextValue: string;
}

/** The row of a resource: label, states, icon, what a screen reader says, and its document on a click. */
export function resourceItem(node: TreeNode, appearance: ResourceAppearance): vscode.TreeItem {
  const label = displayText(appearance.label);
  const description = [...(appearance.states ?? []), ...(appearance.detail === undefined ? [] : [displayText(appearance.detail)])];
  const item = new vscode.TreeItem(
    label,
    node.children === undefined ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = node.id;
  item.description = description.join(' · ');
  item.iconPath = new vscode.ThemeIcon(appearance.icon, appearance.color === undefined ? undefined : new vscode.ThemeColor(appearance.color));
  item.contextValue = appearance.contextValue;
  item.accessibilityInformation = { label: [appearance.type, label, ...description].join(', ') };
  if (node.document !== undefined) {
    item.command = { command: 'scalekit.document.open', title: vscode.l10n.t('Open as JSON'), arguments: [node] };
  }
  return item;
}

/** A hover with a title and lines of facts; those without a value are left out. Nothing in it is trusted, and all values are escaped. */
export function factsTooltip(title: string, facts: readonly (readonly [label: string, value: string | Date | undefined])[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown('**').appendText(displayText(title)).appendMarkdown('**\n\n');
  for (const [label, value] of facts) {
    if (value === undefined || value === '') continue;
    const text = value instanceof Date ? value.toLocaleString(vscode.env.language) : displayText(value);
    tooltip.appendMarkdown(`${label}: `).appendText(text).appendMarkdown('  \n');
  }
  return tooltip;
}
