import * as vscode from 'vscode';
import { isCancelled } from '../api/scalekitError.js';
import { EnvironmentFailure } from './environmentFailure.js';
import { failureMessage, remedyAction } from './failureMessage.js';
import type { Log } from './log.js';
import type { Prompts } from './prompts.js';
import type { Redactor } from './redactor.js';

/** What a command does. Its arguments come from menus, keybindings or other extensions: anything at all. */
export type CommandHandler = (argument: unknown, selection: unknown) => void | Promise<void>;

/**
 * Registers commands behind one error boundary: cancelling is silent, a failed call becomes a sentence with the button that
 * helps, anything else is logged. Nothing is ever returned to the caller.
 */
export class Commands implements vscode.Disposable {
  private readonly registrations: vscode.Disposable[] = [];

  constructor(
    private readonly prompts: Prompts,
    private readonly log: Log,
    private readonly redactor: Redactor,
  ) {}

  register(id: string, handler: CommandHandler): void {
    this.registrations.push(
      vscode.commands.registerCommand(id, async (argument?: unknown, selection?: unknown) => {
        await this.run(id, () => handler(argument, selection));
      }),
    );
  }

  /** Runs a task behind the boundary; true when it ran to its end. The message about a failure is not waited for. */
  async run(what: string, task: () => void | Promise<void>): Promise<boolean> {
    try {
      await task();
      return true;
    } catch (error) {
      if (!isCancelled(error instanceof EnvironmentFailure ? error.failure : error)) {
        void this.report(what, error, () => this.run(what, task));
      }
      return false;
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.registrations).dispose();
  }

  private async report(what: string, error: unknown, again: () => Promise<unknown>): Promise<void> {
    const showLog = vscode.l10n.t('Show Log');
    if (!(error instanceof EnvironmentFailure)) {
      this.log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      const text = vscode.l10n.t('Scalekit: something went wrong. The log has the details.');
      if ((await this.prompts.message('error', text, showLog)) === showLog) this.log.show();
      return;
    }
    this.log.error(`${what}: ${error.environment.id}: ${error.message}`);
    const { text, remedies } = failureMessage(error);
    const actions = remedies.map(remedyAction);
    const pressed = await this.prompts.message('error', this.redactor.redact(text), ...actions.map((action) => action.label), showLog);
    if (pressed === showLog) this.log.show();
    const action = actions.find((candidate) => candidate.label === pressed);
    if (action === undefined) return;
    if (action.command === undefined) await again();
    else await vscode.commands.executeCommand(action.command, error.environment.id);
  }
}
