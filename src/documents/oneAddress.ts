import * as vscode from 'vscode';
import { openAddresses, readDocumentUri } from '../core/documentReference';

/**
 * Keeps one document for one resource. What opens under another address than the open document's, as VS Code's history does after a rename, is
 * closed, and the open document is shown in its place.
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
  // A preview is gone already: the other one took its place.
  if (group.tabs.includes(tab) && !tab.isDirty) await vscode.window.tabGroups.close(tab, true);
}
