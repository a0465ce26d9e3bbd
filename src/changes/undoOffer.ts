import * as vscode from 'vscode';
import { setContext } from '../ui/contextKeys';
import { displayTextWithoutMarkup } from '../ui/displayText';
import type { DocumentReference } from '../core/documentReference';
import { isNotFound } from '../core/environmentFailure';
import type { Commands, CommandTable } from '../ui/commands';
import { isReadAloud } from '../ui/statusMessage';

/** How long Undo is available, in milliseconds. */
const OFFERED_MS = 30_000;

/** Undoes a change. Returns whether it did: the user may not confirm it. */
export type Undo = () => Promise<boolean>;

/** One change that can be undone. */
interface Offer {
  readonly shown: string;
  readonly undo: Undo;
  readonly needs: readonly DocumentReference[];
  state: 'open' | 'running' | 'done';
  /** When the offer expires, in milliseconds since the epoch. */
  until: number;
}

/** Undo Last Change. The boundary of the commands reports its failures. */
export function undoCommands(undo: UndoOffer, commands: Pick<Commands, 'run'>) {
  return {
    'scalekit.change.undo': () => undo.run((task) => commands.run('scalekit.change.undo', task)),
  } satisfies CommandTable;
}

/** The last result in the status bar. Clicking it, or Undo Last Change in the palette, undoes it. */
export class UndoOffer implements vscode.Disposable {
  private item: vscode.StatusBarItem | undefined;
  private offered: Offer | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** Shows a result and offers to undo it. Replaces the previous offer. `needs` is what must exist for that. */
  offer(text: string, undo: Undo, needs: readonly DocumentReference[]): void {
    const offer: Offer = {
      shown: displayTextWithoutMarkup(text),
      undo,
      needs,
      state: 'open',
      until: Date.now() + OFFERED_MS,
    };
    this.offered = offer;
    this.show(offer);
    if (isReadAloud()) void this.ask(offer);
  }

  /**
   * Undoes what is offered, unless it has expired. If that failed or wasn't confirmed, the offer remains for the rest
   * of its time.
   *
   * @param boundary runs the task, and may run it again after a failure. It then undoes the same change, even if
   * another one is offered by then.
   */
  async run(boundary: (task: () => Promise<void>) => Promise<unknown> = (task) => task()): Promise<void> {
    const { offered } = this;
    if (offered !== undefined) await boundary(() => this.take(offered));
  }

  /** Something was deleted with everything in it. A change that needs it can no longer be undone. */
  forget({ environmentId, path }: DocumentReference): void {
    const isIn = (needed: DocumentReference): boolean =>
      needed.environmentId === environmentId && path.every((part, index) => part === needed.path[index]);
    if (this.offered?.needs.some(isIn) === true) this.withdraw();
  }

  dispose(): void {
    this.withdraw();
    this.item?.dispose();
  }

  private async take(offer: Offer): Promise<void> {
    if (offer.state !== 'open') return;
    offer.state = 'running';
    const rest = offer.until - Date.now();
    if (this.offered === offer) this.hide();
    let isDone = false;
    try {
      isDone = await offer.undo();
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Deleted by someone else, so trying again can't help.
      isDone = true;
      const { environment } = error;
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          '“{0}” can’t be undone: {1} no longer has what it needs.',
          offer.shown,
          displayTextWithoutMarkup(environment.name),
        ),
      );
    } finally {
      offer.state = isDone ? 'done' : 'open';
      offer.until = Date.now() + rest;
      // What it did may itself be offered by now.
      if (this.offered === offer) {
        if (isDone || rest <= 0) this.withdraw();
        else this.show(offer);
      }
    }
  }

  private show({ shown, until }: Offer): void {
    const item = (this.item ??= this.createItem());
    item.text = `$(check) ${vscode.l10n.t('{0} · Undo', shown)}`;
    item.tooltip = vscode.l10n.t('Undo this change');
    item.accessibilityInformation = { label: vscode.l10n.t('{0}. Press to undo.', shown), role: 'button' };
    item.show();
    setContext('scalekit.canUndo', true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.withdraw(), until - Date.now());
  }

  private withdraw(): void {
    this.offered = undefined;
    this.hide();
  }

  private hide(): void {
    clearTimeout(this.timer);
    this.item?.hide();
    setContext('scalekit.canUndo', false);
  }

  private async ask(offer: Offer): Promise<void> {
    const button = vscode.l10n.t('Undo');
    if ((await vscode.window.showInformationMessage(offer.shown, button)) === button && this.offered === offer) {
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
