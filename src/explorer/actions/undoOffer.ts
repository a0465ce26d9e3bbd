import * as vscode from 'vscode';
import { setContext } from '../../editor/contextKeys.js';
import { displayTextWithoutMarkup } from '../../editor/displayText.js';
import { isReadAloud } from '../../editor/statusMessage.js';

/** How long Undo is offered, in milliseconds. */
const OFFERED_MS = 30_000;

/** The last result in the status bar, with Undo: a click on it, or Undo Last Change in the palette, takes it back. */
export class UndoOffer implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private undo: (() => Promise<void>) | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** Says that something is done and offers to undo it, instead of what was offered before. */
  offer(text: string, undo: () => Promise<void>): void {
    const item = (this.item ??= this.createItem());
    const shown = displayTextWithoutMarkup(text);
    item.text = `$(check) ${vscode.l10n.t('{0} · Undo', shown)}`;
    item.tooltip = vscode.l10n.t('Undo this change');
    item.accessibilityInformation = { label: vscode.l10n.t('{0}. Press to undo.', shown), role: 'button' };
    item.show();
    this.undo = undo;
    setContext('scalekit.canUndo', true);
    if (isReadAloud()) void this.ask(shown, undo);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.withdraw(), OFFERED_MS);
  }

  /** Undoes what is offered; nothing when it is too late. */
  async run(): Promise<void> {
    const { undo } = this;
    this.withdraw();
    await undo?.();
  }

  dispose(): void {
    this.withdraw();
    this.item?.dispose();
  }

  private withdraw(): void {
    clearTimeout(this.timer);
    this.undo = undefined;
    this.item?.hide();
    setContext('scalekit.canUndo', false);
  }

  private async ask(text: string, undo: () => Promise<void>): Promise<void> {
    const button = vscode.l10n.t('Undo');
    if ((await vscode.window.showInformationMessage(text, button)) === button && this.undo === undo) {
      await vscode.commands.executeCommand('scalekit.change.undo');
    }
  }

  private createItem(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem('scalekit.change.undo', vscode.StatusBarAlignment.Left, 0);
    item.name = vscode.l10n.t('Scalekit: Undo');
    item.command = 'scalekit.change.undo';
    return item;
  }
}
