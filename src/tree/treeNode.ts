import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import { documentAddress, type DocumentReference } from '../core/documentReference';
import { localDayAndTime } from '../ui/localTime';

/** A row of a tree. Commands on a row get it as their argument. */
export interface TreeNode {
  readonly kind: string;
  /** Stable: environment, kind and Scalekit's own id, never the time. */
  readonly id: string;
  readonly parent?: TreeNode;
  /** The resource that opens as JSON when the row is clicked. */
  readonly document?: DocumentReference;
  /** What happens when it is clicked, for rows without a document. */
  readonly action?: RowAction;
  item(): vscode.TreeItem;
  /** What matters about it, made when a person hovers; `signal` aborts when they are gone. */
  tooltip?(signal: AbortSignal): vscode.MarkdownString | Promise<vscode.MarkdownString>;
  /** The rows beneath it; absent where there are none. */
  children?(): TreeNode[] | Promise<TreeNode[]>;
}

/** A command, and what it is about. */
export interface RowAction {
  readonly command: string;
  readonly argument?: unknown;
}

/**
 * The command of a row with an action. VS Code keeps a command's argument only until the row is drawn anew, and 1.100 then still calls the
 * old one ("Actual command not found"): `scalekit.row.run` has none, and finds the row by the selection.
 */
export function actionCommand({ command, argument }: RowAction, title: string): vscode.Command {
  return { command: argument === undefined ? command : 'scalekit.row.run', title };
}

/** How a row of a Scalekit resource looks. Texts may come from the server: they are made safe here. */
export interface ResourceAppearance {
  /** What it is in a word, for the screen reader: `Connection`, `User`. */
  readonly type: string;
  readonly label: string;
  /** Its states in a word or two each, the most important first. */
  readonly states?: readonly string[];
  /** The state that most of its kind are in: said by the screen reader, and not shown. */
  readonly usualState?: string;
  /** Further text behind the states, such as an external id. */
  readonly detail?: string;
  readonly icon: string;
  readonly color?: string;
  /** What menus know it by: its kind, then its states. Every resource has the word `resource` behind them. */
  readonly contextValue: string;
}

/** The row of a resource: label, states, icon, what a screen reader says, and its document on a click. */
export function resourceItem(node: TreeNode, appearance: ResourceAppearance): vscode.TreeItem {
  const label = displayText(appearance.label);
  const description = [
    ...(appearance.states ?? []),
    ...(appearance.detail === undefined ? [] : [appearance.detail]),
  ].map(displayText);
  const item = new vscode.TreeItem(
    label,
    node.children === undefined ? vscode.TreeItemCollapsibleState.None : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = node.id;
  item.description = description.join(' · ');
  item.iconPath = new vscode.ThemeIcon(
    appearance.icon,
    appearance.color === undefined ? undefined : new vscode.ThemeColor(appearance.color),
  );
  item.contextValue = `${appearance.contextValue} resource`;
  const spoken = [...(appearance.usualState === undefined ? [] : [appearance.usualState]), ...description];
  item.accessibilityInformation = { label: [appearance.type, label, ...spoken].join(', ') };
  if (node.document !== undefined) {
    // VS Code's own command, with a URI: a command of ours would be forgotten whenever the row is drawn anew, also just as it is clicked.
    item.command = {
      command: 'vscode.open',
      title: vscode.l10n.t('Open as JSON'),
      arguments: [documentAddress(node.document)],
    };
  }
  return item;
}

/** A hover with a title and labelled lines; those without a value are left out. Nothing in it is trusted, and all values are escaped. */
export function detailsTooltip(
  title: string,
  lines: readonly (readonly [label: string, value: string | Date | undefined])[],
): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown(`**${plainMarkdown(title)}**\n\n`);
  for (const [label, value] of lines) {
    if (value === undefined || value === '') continue;
    tooltip.appendMarkdown(
      `${label}: ${plainMarkdown(value instanceof Date ? localDayAndTime(value, { seconds: true }) : value)}  \n`,
    );
  }
  return tooltip;
}

/** Text from the server as Markdown that shows it as it is. Markdown would make links of bare web and email addresses too. */
function plainMarkdown(text: string): string {
  const { value } = new vscode.MarkdownString().appendText(displayText(text));
  return value
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}
