import * as vscode from 'vscode';

/**
 * The row of a view with the keyboard focus, for a key that acts on it. VS Code tells extensions only which rows are
 * selected, and gives keys no argument. Arrow keys move the focus without selecting, so a selected row may be another
 * one. This has VS Code toggle the focused row's selection, sees which row that is, and toggles it back. The view must
 * have the keyboard focus.
 */
export async function focusedRow<T extends { readonly id: string }>(view: vscode.TreeView<T>): Promise<T | undefined> {
  const before = view.selection;
  await vscode.commands.executeCommand('list.toggleSelection');
  const after = view.selection;
  await vscode.commands.executeCommand('list.toggleSelection');
  const isIn = (rows: readonly T[], { id }: T): boolean => rows.some((row) => row.id === id);
  const changed = [...before.filter((row) => !isIn(after, row)), ...after.filter((row) => !isIn(before, row))];
  return changed.length === 1 ? changed[0] : undefined;
}
