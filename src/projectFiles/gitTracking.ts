import * as vscode from 'vscode';

/** The part of VS Code's git extension that is used. */
interface GitRepository {
  readonly state: { readonly onDidChange: vscode.Event<void> };
  getObjectDetails(treeish: string, path: string): Promise<unknown>;
}

interface GitApi {
  readonly onDidOpenRepository: vscode.Event<GitRepository>;
  getRepository(uri: vscode.Uri): GitRepository | null;
}

/** Knows from VS Code's git extension which files git tracks. Without it, nothing is known, and nothing is said. */
export class GitTracking implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[] = [this.changes];
  private readonly watched = new Set<GitRepository>();
  private loading: Promise<GitApi | undefined> | undefined;

  /** Fires when other files may be tracked than before. */
  readonly onDidChange = this.changes.event;

  /** Whether git tracks a file. False if that isn't known. */
  async isTracked(uri: vscode.Uri): Promise<boolean> {
    if (uri.scheme !== 'file' && uri.scheme !== 'vscode-remote') return false;
    this.loading ??= this.load();
    const repository = (await this.loading)?.getRepository(uri);
    if (repository === null || repository === undefined) return false;
    if (!this.watched.has(repository)) {
      this.watched.add(repository);
      this.disposables.push(repository.state.onDidChange(() => this.changes.fire()));
    }
    // It rejects for a path that git doesn't know.
    return repository.getObjectDetails('', uri.fsPath).then(
      () => true,
      () => false,
    );
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async load(): Promise<GitApi | undefined> {
    try {
      const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
      const git = (await extension?.activate())?.getAPI(1);
      if (git !== undefined) this.disposables.push(git.onDidOpenRepository(() => this.changes.fire()));
      return git;
    } catch {
      // Git is missing or switched off.
      return undefined;
    }
  }
}
