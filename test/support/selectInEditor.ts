import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { until } from './until';

/**
 * Shows a text with this selection, as a new file in the folder. VS Code may still report an older selection after the
 * assignment, so this waits until it has reported the new one.
 *
 * @param folder a temporary one. In an untitled document, VS Code may show the text of an earlier one with the same name
 */
export async function openWithSelection(
  folder: vscode.Uri,
  text: string,
  selection: (document: vscode.TextDocument) => vscode.Selection,
): Promise<vscode.TextDocument> {
  const file = vscode.Uri.joinPath(folder, `${randomUUID()}.txt`);
  await vscode.workspace.fs.writeFile(file, Buffer.from(text));
  const document = await vscode.workspace.openTextDocument(file);
  await selectInEditor(document, selection(document));
  return document;
}

/** Shows a document with this selection. */
export async function selectInEditor(document: vscode.TextDocument, selection: vscode.Selection): Promise<void> {
  const editor = await vscode.window.showTextDocument(document);
  let isReported = false;
  const listening = vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections: [first] }) => {
    if (textEditor === editor && first?.isEqual(selection)) isReported = true;
  });
  try {
    // Nothing is reported if the selection is the same already.
    const start = new vscode.Position(0, selection.active.isEqual(new vscode.Position(0, 0)) ? 1 : 0);
    editor.selection = new vscode.Selection(start, start);
    editor.selection = selection;
    await until('the selection', () => isReported && vscode.window.activeTextEditor === editor, 10_000);
  } finally {
    listening.dispose();
  }
}
