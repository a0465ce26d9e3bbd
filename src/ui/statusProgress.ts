import * as vscode from 'vscode';
import { displayTextWithoutMarkup } from './displayText';

/** Runs a task and shows its title in the status bar meanwhile. The title may contain text from elsewhere. */
export function statusProgress<T>(title: string, task: () => Promise<T>): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: displayTextWithoutMarkup(title) },
    task,
  );
}
