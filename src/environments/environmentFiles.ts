import * as vscode from 'vscode';
import { EnvironmentIndex } from './environmentIndex';

/** The index of stored environments, in a folder that all windows share and watch. */
export class EnvironmentFiles extends EnvironmentIndex implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];

  constructor(
    private readonly uri: vscode.Uri,
    now: () => number,
  ) {
    super(uri.fsPath, now);
  }

  /**
   * Creates the folder and watches it. Calls `onDidChange` also for this window's own changes, and when the window gets
   * the focus, because a watcher that has just started, or that the system has no room for, reports nothing.
   *
   * @throws StorageFailure if the folder can't be created. It's watched all the same.
   */
  async watch(onDidChange: () => void): Promise<void> {
    // VS Code doesn't watch a folder that's created later.
    const making = this.make();
    await making.catch(() => undefined);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(this.uri, '*.json'));
    watcher.onDidCreate(onDidChange);
    watcher.onDidChange(onDidChange);
    watcher.onDidDelete(onDidChange);
    const returns = vscode.window.onDidChangeWindowState(({ focused }) => (focused ? onDidChange() : undefined));
    this.disposables.push(watcher, returns);
    await making;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}
