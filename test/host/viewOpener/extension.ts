import * as vscode from 'vscode';

/**
 * An extension of its own, installed beside the real one by `npm start` alone: a new window opens with the Explorer, and this
 * brings the Scalekit view to the front, once, so that what a person came to see is there.
 */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (context.globalState.get('opened')) return;
  await context.globalState.update('opened', true);
  await vscode.commands.executeCommand('workbench.view.extension.scalekit');
}
