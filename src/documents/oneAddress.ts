import * as vscode from 'vscode';
import { openAddresses, readDocumentUri } from '../core/documentReference';

/**
 * Ensures one document per resource. If it's opened at another address than its open document's, as VS Code's history
 * does after a rename, that tab is closed and the open document is shown instead.
 */
export function keepOneAddress(): vscode.Disposable {
  return vscode.window.tabGroups.onDidChangeTabs(({ opened }) => void Promise.all(opened.map(showOpenDocument)));
}

async function showOpenDocument(tab: vscode.Tab): Promise<void> {
  const { input, group, isActive, isPreview } = tab;
  const reference = input instanceof vscode.TabInputText ? readDocumentUri(input.uri) : undefined;
  if (!(input instanceof vscode.TabInputText) || reference === undefined || tab.isDirty) return;
  const before = openAddresses(reference).find((uri) => uri.toString() !== input.uri.toString());
  if (before === undefined) return;
  if (isActive)
    await vscode.commands.executeCommand('vscode.open', before, { viewColumn: group.viewColumn, preview: isPreview });
  // A preview is already closed: the other document took its place.
  if (group.tabs.includes(tab) && !tab.isDirty) await vscode.window.tabGroups.close(tab, true);
}
