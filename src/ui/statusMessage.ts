import * as vscode from 'vscode';
import { displayTextWithoutMarkup } from './displayText';

/** How long a result stays in the status bar, in milliseconds. */
const SHOWN_MS = 10_000;

/** Says for a while, in the status bar, that something is done, or with another icon how it stands. */
export function showStatus(text: string, icon = 'check'): void {
  const shown = displayTextWithoutMarkup(text);
  if (isReadAloud()) void vscode.window.showInformationMessage(shown);
  else vscode.window.setStatusBarMessage(`$(${icon}) ${shown}`, SHOWN_MS);
}

/**
 * Whether the person has told VS Code that they use a screen reader. The status bar is silent, a notification is read aloud. An
 * extension cannot know of a screen reader that VS Code has found by itself.
 */
export function isReadAloud(): boolean {
  return vscode.workspace.getConfiguration('editor').get('accessibilitySupport') === 'on';
}
