import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import { documentAddress, type DocumentReference } from '../core/documentReference';
import { timeFromNow } from '../ui/duration';
import { localDayAndTime } from '../ui/localTime';

/** A row of a tree. Commands on a row get it as their argument. */
export interface TreeNode {
  readonly kind: string;
  /** Stable: environment, kind and Scalekit's own ID, never the time. */
  readonly id: string;
  readonly parent?: TreeNode;
  /** The resource that opens as JSON when the row is clicked. */
  readonly document?: DocumentReference;
  /** What a click does, for rows without a document. */
  readonly action?: RowAction;
  item(): vscode.TreeItem;
  /** The most important details, created when the user hovers. `signal` aborts when the mouse leaves. */
  tooltip?(signal: AbortSignal): vscode.MarkdownString | Promise<vscode.MarkdownString>;
  /** The rows beneath it. Absent if there are none. */
  children?(): TreeNode[] | Promise<TreeNode[]>;
}

/** A command and its argument. */
export interface RowAction {
  readonly command: string;
  readonly argument?: unknown;
}

/**
 * The command of a row with an action. VS Code keeps a command's argument only until the row is redrawn, and 1.100 then
 * still calls the old one ("Actual command not found"). `scalekit.row.run` has no argument, and finds the row by the
 * selection.
 */
export function actionCommand({ command, argument }: RowAction, title: string): vscode.Command {
  return { command: argument === undefined ? command : 'scalekit.row.run', title };
}

/** What the row of a Scalekit resource looks like. Texts may come from the server: they're escaped here. */
export interface ResourceAppearance {
  /** What it is, in a word, for screen readers: `Connection`, `User`. */
  readonly type: string;
  readonly label: string;
  /** Its states in a word or two each, most important first. */
  readonly states?: readonly string[];
  /** A state that the icon shows, or that most of its kind have. Only the screen reader says it. */
  readonly spokenState?: string;
  /** Further text after the states, for example an external ID. */
  readonly detail?: string;
  readonly icon: string;
  readonly color?: string;
  /** Identifies it in menus: its kind, then its states. For every resource, the word `resource` follows. */
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
  const spoken = [...(appearance.spokenState === undefined ? [] : [appearance.spokenState]), ...description];
  item.accessibilityInformation = { label: [appearance.type, label, ...spoken].join(', ') };
  if (node.document !== undefined) {
    // VS Code's own command, with a URI. It would forget one of our commands whenever the row is redrawn, even during a
    // click.
    item.command = {
      command: 'vscode.open',
      title: vscode.l10n.t('Open as JSON'),
      arguments: [documentAddress(node.document)],
    };
  }
  return item;
}

/**
 * A hover with a title and labelled lines, without those that have no value. It isn't trusted, and all values are
 * escaped.
 */
export function detailsTooltip(
  title: string,
  lines: readonly (readonly [label: string, value: string | Date | undefined])[],
): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown(`**${plainMarkdown(title)}**\n\n`);
  for (const [label, value] of lines) {
    if (value === undefined || value === '') continue;
    tooltip.appendMarkdown(`${label}: ${plainMarkdown(value instanceof Date ? dateWithAge(value) : value)}  \n`);
  }
  return tooltip;
}

/** `Nov 25, 2026, 14:32:05 (3 days ago)` */
function dateWithAge(time: Date): string {
  const age = timeFromNow(time.getTime(), Date.now(), vscode.env.language);
  return `${localDayAndTime(time, { seconds: true })} (${age})`;
}

/**
 * Text from the server as Markdown that shows it unchanged. Markdown would also turn bare web and email addresses into
 * links.
 */
function plainMarkdown(text: string): string {
  const { value } = new vscode.MarkdownString().appendText(displayText(text));
  return value
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}
