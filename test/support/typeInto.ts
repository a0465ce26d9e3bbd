import * as vscode from 'vscode';
import { until } from './until';

/** Changes the text of an open document, like typing, so that it has unsaved changes. */
export async function typeInto(document: vscode.TextDocument, change: (text: string) => string): Promise<void> {
  // VS Code refuses an edit when it has read the text again meanwhile, as it does after a save.
  await until('the edit is applied', () => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), change(document.getText()));
    return Promise.resolve(vscode.workspace.applyEdit(edit));
  });
  await until('the document is dirty', () => document.isDirty);
}
