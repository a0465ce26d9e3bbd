import * as vscode from 'vscode';
import type { SecretClipboard } from '../ui/secretClipboard';

/**
 * Copies tokens and secrets to the clipboard and, if the user wants that, clears them after a while. Only the desktop lets the
 * extension read the clipboard unasked. A browser would show a prompt.
 */
export class TokenClipboard implements SecretClipboard, vscode.Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly canClear: boolean) {}

  /** After how many seconds to clear what was copied; undefined to never clear it. */
  get clearsAfter(): number | undefined {
    const seconds = vscode.workspace.getConfiguration('scalekit').get<number>('clearClipboardAfterSeconds', 0);
    return this.canClear && seconds > 0 ? seconds : undefined;
  }

  /** Copies a text with a token or secret. It's cleared after `scalekit.clearClipboardAfterSeconds` if it's still there. */
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
