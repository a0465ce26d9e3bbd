import * as vscode from 'vscode';

/** The facts that `when` clauses in package.json ask about. Never a secret, never text from a server. */
export interface ContextFacts {
  /** How many environments are known; unset until that is read, so that no welcome shows before. */
  readonly 'scalekit.environmentCount': number;
  /** Whether one of them is a person's own, kept in secret storage or given by variables: no sandbox. */
  readonly 'scalekit.hasOwnEnvironment': boolean;
  readonly 'scalekit.sandboxRunning': boolean;
  /** Whether the Organizations view shows only what a search found. */
  readonly 'scalekit.organizationsFiltered': boolean;
  /** Whether the last change can be undone still. */
  readonly 'scalekit.canUndo': boolean;
  /** What was done since the window was opened: steps of the walkthrough. */
  readonly 'scalekit.hasCopiedToken': boolean;
  readonly 'scalekit.hasExpandedOrganization': boolean;
  readonly 'scalekit.hasSavedDocument': boolean;
}

export function setContext<K extends keyof ContextFacts>(key: K, value: ContextFacts[K]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
