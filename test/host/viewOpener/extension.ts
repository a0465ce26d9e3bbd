import * as vscode from 'vscode';

/**
 * A separate extension that only `npm start` installs beside the real one. A new window opens with the Explorer, and this extension
 * shows the Scalekit view once, so that people see what they came for.
 */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  if (context.globalState.get('opened')) return;
  await context.globalState.update('opened', true);
  await vscode.commands.executeCommand('workbench.view.extension.scalekit');
}
