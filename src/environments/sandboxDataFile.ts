import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Log } from '../ui/log';

const SETTING = 'scalekit.sandbox.keepData';

/** The file with the data of a workspace's sandbox. Only the sandbox's process reads and writes it. */
export class SandboxDataFile {
  private readonly folder: string | undefined;

  constructor(
    storageUri: vscode.Uri | undefined,
    private readonly log: Log,
  ) {
    this.folder = storageUri?.scheme === 'file' ? join(storageUri.fsPath, 'sandbox') : undefined;
  }

  /** Calls the listener when the setting is switched. */
  onDidSwitch(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTING)) listener();
    });
  }

  /** Where the data are kept. Makes the folder. Undefined if they aren't to be kept, or can't be. */
  async path(): Promise<string | undefined> {
    if (vscode.workspace.getConfiguration().get(SETTING) !== true) return undefined;
    if (this.folder === undefined) {
      this.log.info('The sandbox keeps no data in a window without a folder');
      return undefined;
    }
    // If it can't be made, the sandbox says that it can't write there.
    await mkdir(this.folder, { recursive: true }).catch(() => undefined);
    return join(this.folder, 'data.json');
  }

  /** Deletes it, and what was set aside beside it. */
  async delete(): Promise<void> {
    if (this.folder === undefined) return;
    try {
      await rm(this.folder, { recursive: true, force: true });
    } catch (error) {
      this.log.warn(`The sandbox’s data could not be deleted: ${String(error)}`);
    }
  }
}
