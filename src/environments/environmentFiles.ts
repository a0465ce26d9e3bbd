import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ENVIRONMENT_ID } from '../editor/environmentIds.js';
import { readMetadata, writeMetadata, type EnvironmentMetadata } from './environmentMetadata.js';

const SUFFIX = '.json';
const PENDING_SUFFIX = '.pending';
const TEMPORARY_SUFFIX = '.tmp';

/** How often a file is tried that is there and cannot be read, and how long the next try waits, in milliseconds. */
const MOST_TRIES = 4;
const TRY_AGAIN_MS = 25;

/** How old a pending file must be, in milliseconds, before it is taken for a leftover and not for another window's work. */
const PENDING_MS = 60_000;

/**
 * The index of stored environments: one small file without secrets for each, in a folder that all windows share and watch. Files are
 * written beside and moved into place, so no window reads half of one. A pending file stands for an environment whose secret is just
 * being stored or deleted; what a crash leaves of that is found again by it.
 */
export class EnvironmentFiles implements vscode.Disposable {
  private readonly disposables: vscode.Disposable[] = [];

  constructor(
    private readonly folder: vscode.Uri,
    private readonly now: () => number,
  ) {}

  /**
   * Makes the folder and watches it; `onDidChange` is called for this window's own changes too, and when a person comes back to the window:
   * a watcher that has just begun, or that the system has no room for, tells nothing.
   */
  async watch(onDidChange: () => void): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.folder);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(this.folder, `*${SUFFIX}`));
    watcher.onDidCreate(onDidChange);
    watcher.onDidChange(onDidChange);
    watcher.onDidDelete(onDidChange);
    const returns = vscode.window.onDidChangeWindowState(({ focused }) => (focused ? onDidChange() : undefined));
    this.disposables.push(watcher, returns);
  }

  /** Everything that the index says now. A file that cannot be read is left out. */
  async readAll(): Promise<Map<string, EnvironmentMetadata>> {
    const found = new Map<string, EnvironmentMetadata>();
    for (const id of await this.ids(SUFFIX)) {
      const metadata = await this.read(id);
      if (metadata !== undefined) found.set(id, metadata);
    }
    return found;
  }

  /** What the index says of one environment now: another window may have written since it was last read. */
  async read(id: string): Promise<EnvironmentMetadata | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        return readMetadata(Buffer.from(await vscode.workspace.fs.readFile(this.uri(id, SUFFIX))).toString('utf8'));
      } catch (error) {
        // Windows refuses to read a file for a moment while another one is moved into its place: that must not be taken for a removal.
        if (tries === MOST_TRIES || (error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) return undefined;
        await delay(TRY_AGAIN_MS);
      }
    }
  }

  async write(id: string, metadata: EnvironmentMetadata): Promise<void> {
    const temporary = this.uri(id, `.${randomUUID()}${TEMPORARY_SUFFIX}`).fsPath;
    await writeFile(temporary, writeMetadata(metadata));
    // Not by VS Code's file system: it deletes the old file before it renames the new one, and another window would see neither.
    await rename(temporary, this.uri(id, SUFFIX).fsPath);
  }

  async delete(id: string): Promise<void> {
    try {
      await vscode.workspace.fs.delete(this.uri(id, SUFFIX));
    } catch (error) {
      // Another window was quicker.
      if (!(error instanceof vscode.FileSystemError && error.code === 'FileNotFound')) throw error;
    }
  }

  /** Says that a new environment's secret is about to be stored; false when the id is in use, or another window was quicker to say so. */
  async claim(id: string): Promise<boolean> {
    try {
      await writeFile(this.uri(id, PENDING_SUFFIX).fsPath, `${this.now()}\n`, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    if ((await this.read(id)) === undefined) return true;
    await this.end(id);
    return false;
  }

  /** Says that an environment's secret is about to be stored or deleted. */
  async begin(id: string): Promise<void> {
    await vscode.workspace.fs.writeFile(this.uri(id, PENDING_SUFFIX), Buffer.from(`${this.now()}\n`));
  }

  /** Says that this is done. */
  async end(id: string): Promise<void> {
    await vscode.workspace.fs.delete(this.uri(id, PENDING_SUFFIX)).then(undefined, () => undefined);
  }

  /** Environments whose storing or deleting was begun long ago and never ended. */
  async leftovers(): Promise<string[]> {
    const old: string[] = [];
    for (const id of await this.ids(PENDING_SUFFIX)) {
      const { mtime } = await vscode.workspace.fs.stat(this.uri(id, PENDING_SUFFIX));
      if (this.now() - mtime > PENDING_MS) old.push(id);
    }
    return old;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private async ids(suffix: string): Promise<string[]> {
    const files = await vscode.workspace.fs.readDirectory(this.folder);
    return files
      .filter(([file]) => file.endsWith(suffix))
      .map(([file]) => file.slice(0, -suffix.length))
      .filter((id) => ENVIRONMENT_ID.test(id));
  }

  private uri(id: string, suffix: string): vscode.Uri {
    return vscode.Uri.joinPath(this.folder, `${id}${suffix}`);
  }
}
