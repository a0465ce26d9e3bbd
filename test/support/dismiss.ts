import * as vscode from 'vscode';

/**
 * Waits for a task and meanwhile dismisses every question that VS Code asks, as a person does who presses Escape until all is quiet.
 * @throws when the task has not ended after `deadlineMs`
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
