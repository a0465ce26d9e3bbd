import * as vscode from 'vscode';
import { EnvironmentIndex } from './environmentIndex';

/** The index of stored environments in a folder that all windows share, and watch. */
export class EnvironmentFiles extends EnvironmentIndex implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];

  constructor(
    private readonly uri: vscode.Uri,
    now: () => number,
  ) {
    super(uri.fsPath, now);
  }

  /**
   * Makes the folder and watches it; `onDidChange` is called for this window's own changes too, and when a person comes back to the window:
   * a watcher that has just begun, or that the system has no room for, tells nothing.
   *
   * @throws StorageFailure when the folder cannot be made; it is watched all the same.
   */
  async watch(onDidChange: () => void): Promise<void> {
    // VS Code watches no folder that is made only later.
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
