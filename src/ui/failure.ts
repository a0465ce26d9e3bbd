import type { l10n } from 'vscode';

/** Translates messages: `vscode.l10n`. */
export type L10n = Pick<typeof l10n, 't'>;

/** What helps after a failure. All act on the environment, except `retry`, which repeats the command. */
export type FailureRemedy = 'replaceSecret' | 'testConnection' | 'startSandbox' | 'reloadWindow' | 'retry';

/** The message of a failure: what happened, in which environment, and what to do now. */
export interface FailureMessage {
  readonly text: string;
  /** The most likely one first. Empty if nothing here helps. */
  readonly remedies: readonly FailureRemedy[];
}
