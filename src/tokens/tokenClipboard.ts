import * as vscode from 'vscode';
import type { SecretClipboard } from '../ui/secretClipboard';

/**
 * Puts tokens on the clipboard and, when the person wants it so, takes them off again after a while. Reading the clipboard behind
 * the person's back is possible on the desktop only; a browser would ask.
 */
export class TokenClipboard implements SecretClipboard, vscode.Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly canClear: boolean) {}

  /** After how many seconds what is copied is cleared; undefined when it is not. */
  get clearsAfter(): number | undefined {
    const seconds = vscode.workspace.getConfiguration('scalekit').get<number>('clearClipboardAfterSeconds', 0);
    return this.canClear && seconds > 0 ? seconds : undefined;
  }

  /** Copies a text that holds a token. It is cleared after `scalekit.clearClipboardAfterSeconds` if it is still there then. */
  async copy(text: string): Promise<void> {
    clearTimeout(this.timer);
    await vscode.env.clipboard.writeText(text);
    const seconds = this.clearsAfter;
    if (seconds === undefined) return;
    this.timer = setTimeout(() => void this.clear(text), seconds * 1000);
  }

  async read(): Promise<string> {
    return vscode.env.clipboard.readText();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async clear(text: string): Promise<void> {
    if ((await vscode.env.clipboard.readText()) === text) await vscode.env.clipboard.writeText('');
  }
}
