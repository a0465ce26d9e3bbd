import type { l10n } from 'vscode';

/** What puts a sentence into the person's language: `vscode.l10n`. */
export type L10n = Pick<typeof l10n, 't'>;

/** What helps against a failure. All but `retry`, which repeats what was done, act on the environment. */
export type FailureRemedy = 'replaceSecret' | 'testConnection' | 'startSandbox' | 'reloadWindow' | 'retry';

/** A failure in words: what happened, to which environment, what to do now. */
export interface FailureMessage {
  readonly text: string;
  /** The most likely one first; none where nothing can be done here. */
  readonly remedies: readonly FailureRemedy[];
}
