import * as vscode from 'vscode';
import { PAYLOAD_SCHEME } from '../payloadScheme';

/**
 * How long after the last change to save, in milliseconds. VS Code writes what is unsaved for a second to disk, as a backup.
 */
const DELAY_MS = 400;

/** Saves payloads as they're edited. Saving only keeps them in memory, while a backup would put them on disk. */
export function keepPayloadsSaved(): vscode.Disposable {
  const timers = new Map<string, NodeJS.Timeout>();
  const subscription = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document.uri.scheme !== PAYLOAD_SCHEME || !document.isDirty) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        void save(document);
      }, DELAY_MS),
    );
  });
  return vscode.Disposable.from(
    subscription,
    new vscode.Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
  );
}

async function save(document: vscode.TextDocument): Promise<void> {
  if (!document.isDirty) return;
  // Nobody asked for this, so nothing is formatted while somebody types.
  if (vscode.window.activeTextEditor?.document === document)
    await vscode.commands.executeCommand('workbench.action.files.saveWithoutFormatting');
  else await document.save();
}
