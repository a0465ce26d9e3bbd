import * as vscode from 'vscode';
import { displayTextWithoutMarkup } from './displayText';

/** How long a result stays in the status bar, in milliseconds. */
const SHOWN_MS = 10_000;

/** Shows a result in the status bar for a while, or with another icon a state. */
export function showStatus(text: string, icon = 'check'): void {
  const shown = displayTextWithoutMarkup(text);
  if (isReadAloud()) void vscode.window.showInformationMessage(shown);
  else vscode.window.setStatusBarMessage(`$(${icon}) ${shown}`, SHOWN_MS);
}

/**
 * Whether the user has told VS Code that they use a screen reader. The status bar is silent, but a notification is read
 * aloud. An extension can't tell whether VS Code has detected a screen reader itself.
 */
export function isReadAloud(): boolean {
  return vscode.workspace.getConfiguration('editor').get('accessibilitySupport') === 'on';
}
