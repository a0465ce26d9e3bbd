import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** A step that is never shown (`when` is false) and never completed. */
const HIDDEN_STEP = 'hidden';
const MARK_INCOMPLETE = 'welcome.markStepIncomplete';
/** How long VS Code may wait for its experiments before it knows an extension's walkthrough, in milliseconds. */
const LONGEST_WAIT_MS = 5_000;

/**
 * Opens a walkthrough of an extension. VS Code reads those of extensions only after the first request for a
 * walkthrough, and shows its own instead meanwhile. So we make a harmless request until it knows this one.
 *
 * @param id publisher.extension#walkthrough
 */
export async function openWalkthrough(id: string): Promise<void> {
  const known = new Set(await vscode.commands.getCommands());
  if (known.has(MARK_INCOMPLETE)) {
    for (const deadline = Date.now() + LONGEST_WAIT_MS; Date.now() < deadline; await delay(50)) {
      if (await succeeds(MARK_INCOMPLETE, `${id}#${HIDDEN_STEP}`)) break;
    }
  }
  // Older versions open nothing while a step of another walkthrough is in front.
  if (known.has('welcome.goBack')) await succeeds('welcome.goBack');
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', id);
}

async function succeeds(command: string, ...args: readonly unknown[]): Promise<boolean> {
  try {
    await vscode.commands.executeCommand(command, ...args);
    return true;
  } catch {
    return false;
  }
}
