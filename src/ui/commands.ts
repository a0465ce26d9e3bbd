import * as vscode from 'vscode';
import { isCancelled } from '../api/client/scalekitError';
import type { FailureMessage } from './failure';
import { EnvironmentFailure } from '../core/environmentFailure';
import { lazy } from '../core/lazy';
import { failureMessage, remedyAction } from './failureMessage';
import type { Log } from './log';
import type { Prompts } from './prompts';
import type { Redactor } from './redactor';
import { StorageFailure } from './storageFailure';

/** What a command does. Its arguments come from menus, keybindings or other extensions, so they may be anything. */
export type CommandHandler = (argument: unknown, selection: unknown) => void | Promise<void>;

/** A feature's commands: what each ID does. */
export type CommandTable = Readonly<Record<string, CommandHandler>>;

/** A table with a handler for each of these IDs and no other. An extra handler makes it `never`. */
type TableOf<Id extends string, Table> = Table & (Exclude<keyof Table, Id> extends never ? unknown : never);

/** How a command is registered: VS Code's own function, unless a test runs the handlers itself. */
export type RegisterCommand = (
  id: string,
  run: (argument?: unknown, selection?: unknown) => Promise<void>,
) => vscode.Disposable;

/** Failures with the same message within this many milliseconds become one notification. */
const SAME_MOMENT_MS = 1_000;

interface ShownMessage {
  /** When its last failure arrived. */
  lastAt: number;
  /** What its Try Again repeats. */
  readonly repeats: (() => Promise<unknown>)[];
}

/**
 * Registers commands behind one error boundary: cancelling is silent, a failed call becomes a message with the button
 * that helps, anything else is logged. Identical failures at the same moment become one message. Callers never get a
 * result.
 */
export class Commands implements vscode.Disposable {
  private readonly registrations: vscode.Disposable[] = [];
  private readonly registered = new Map<string, CommandHandler>();
  private readonly messages = new Map<string, ShownMessage>();

  constructor(
    private readonly prompts: Prompts,
    private readonly log: Log,
    private readonly redactor: Redactor,
    private readonly registerCommand: RegisterCommand = vscode.commands.registerCommand,
  ) {}

  /** What each command does, without the boundary. */
  get handlers(): ReadonlyMap<string, CommandHandler> {
    return this.registered;
  }

  register(table: CommandTable): void {
    for (const [id, handler] of Object.entries(table)) {
      this.registered.set(id, handler);
      this.registrations.push(
        this.registerCommand(id, async (argument, selection) => {
          await this.run(id, () => handler(argument, selection));
        }),
      );
    }
  }

  /**
   * Registers commands whose table is loaded on first use of one of them. It compiles only if it has exactly these IDs.
   */
  registerLazily<Id extends string, Table extends Readonly<Record<Id, CommandHandler>>>(
    ids: readonly Id[],
    load: () => Promise<TableOf<Id, Table>>,
  ): void {
    const table = lazy<Readonly<Record<Id, CommandHandler>>>(load);
    for (const id of ids)
      this.register({ [id]: async (argument, selection) => (await table())[id](argument, selection) });
  }

  /** Runs a task behind the boundary. Returns true if it completed. Doesn't wait for the message about a failure. */
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
    const failure = error instanceof EnvironmentFailure ? error : undefined;
    this.log.error(
      `${what}: ${failure === undefined ? stackOf(error) : `${failure.environment.id}: ${failure.message}`}`,
    );
    const { text, remedies } = failure === undefined ? await withoutCall(error) : failureMessage(failure);
    const key = `${failure?.environment.id} ${text}`;
    const equal = this.equalMessage(key);
    if (equal !== undefined) {
      equal.repeats.push(again);
      return;
    }
    const repeats = [again];
    this.messages.set(key, { lastAt: performance.now(), repeats });
    const showLog = vscode.l10n.t('Show Log');
    const actions = remedies.map(remedyAction);
    const pressed = await this.prompts.message(
      'error',
      this.redactor.redact(text),
      ...actions.map((action) => action.label),
      showLog,
    );
    if (this.messages.get(key)?.repeats === repeats) this.messages.delete(key);
    if (pressed === showLog) this.log.show();
    const action = actions.find((candidate) => candidate.label === pressed);
    if (action === undefined) return;
    if (action.command === undefined) await Promise.all(repeats.map((repeat) => repeat()));
    else await vscode.commands.executeCommand(action.command, failure?.environment.id);
  }

  /** A recent message with the same text that is still open. Each new failure keeps it recent. */
  private equalMessage(key: string): ShownMessage | undefined {
    const now = performance.now();
    for (const [each, { lastAt }] of this.messages) if (now - lastAt > SAME_MOMENT_MS) this.messages.delete(each);
    const equal = this.messages.get(key);
    if (equal !== undefined) equal.lastAt = now;
    return equal;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function withoutCall(error: unknown): Promise<FailureMessage> {
  if (error instanceof StorageFailure)
    return { text: (await import('./storageMessage')).storageMessage(error), remedies: ['retry'] };
  return { text: vscode.l10n.t('Scalekit: something went wrong. The log has the details.'), remedies: [] };
}
