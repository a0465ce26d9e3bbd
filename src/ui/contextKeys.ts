import * as vscode from 'vscode';

/** What `when` clauses in package.json ask about. Never a secret, never text from a server. */
export interface ContextKeys {
  /** How many environments are known; unset until that is read, so that no welcome shows before. */
  readonly 'scalekit.environmentCount': number;
  /** Whether one of them is a person's own, kept in secret storage or given by variables: no sandbox. */
  readonly 'scalekit.hasOwnEnvironment': boolean;
  /** Whether one is kept in secret storage, and can be renamed, replaced and so on. */
  readonly 'scalekit.hasStoredEnvironment': boolean;
  /** Whether there is a sandbox, running or stopped. */
  readonly 'scalekit.hasSandbox': boolean;
  /** Whether a stored one is not marked as production, and whether one is. */
  readonly 'scalekit.canMarkProduction': boolean;
  readonly 'scalekit.canUnmarkProduction': boolean;
  readonly 'scalekit.sandboxRunning': boolean;
  /** Whether the Organizations view shows only what a search found. */
  readonly 'scalekit.organizationsFiltered': boolean;
  /** Whether the last change can be undone still. */
  readonly 'scalekit.canUndo': boolean;
  /** What was done since the window was opened: steps of the walkthrough. */
  readonly 'scalekit.hasCopiedToken': boolean;
  readonly 'scalekit.hasExpandedOrganization': boolean;
  readonly 'scalekit.hasSavedDocument': boolean;
  /** Whether the Activity view has anything to show. */
  readonly 'scalekit.hasActivity': boolean;
}

/** Tells VS Code the values of several keys. */
export function setContexts(values: Partial<ContextKeys>): void {
  for (const [key, value] of Object.entries(values)) void vscode.commands.executeCommand('setContext', key, value);
}

export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
