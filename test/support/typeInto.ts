import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from './until';

/** Changes the text of an open document, like typing, so that it has unsaved changes. */
export async function typeInto(document: vscode.TextDocument, change: (text: string) => string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), change(document.getText()));
  assert.equal(await vscode.workspace.applyEdit(edit), true);
  await until('the document is dirty', () => document.isDirty);
}
