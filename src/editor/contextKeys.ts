import * as vscode from 'vscode';

/** The facts that `when` clauses in package.json ask about. Never a secret, never text from a server. */
export interface ContextFacts {
  /** How many environments are known; unset until that is read, so that no welcome shows before. */
  readonly 'scalekit.environmentCount': number;
  readonly 'scalekit.sandboxRunning': boolean;
  /** Whether the Organizations view shows only what a search found. */
  readonly 'scalekit.organizationsFiltered': boolean;
}

export function setContext<K extends keyof ContextFacts>(key: K, value: ContextFacts[K]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
