import * as vscode from 'vscode';

/**
 * Waits for a task, and dismisses every prompt that VS Code shows meanwhile, like a user who presses Escape until
 * nothing is left.
 *
 * @throws if the task hasn't ended after `deadlineMs`
 */
export async function dismissingQuestions<T>(task: Thenable<T>, deadlineMs = 8_000): Promise<T> {
  let ended = false;
  const outcome = Promise.resolve(task).finally(() => {
    ended = true;
  });
  outcome.catch(() => undefined);
  const end = performance.now() + deadlineMs;
  while (!ended) {
    if (performance.now() > end) throw new Error(`Not ended after ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 15));
    if (ended) break;
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await vscode.commands.executeCommand('notifications.clearAll');
  }
  return outcome;
}
