import * as vscode from 'vscode';

/** The facts that `when` clauses in package.json ask about. Never a secret, never text from a server. */
export interface ContextFacts {
  /** Whether any environment is known. */
  readonly 'scalekit.hasEnvironments': boolean;
  /** Whether one is active in this window. */
  readonly 'scalekit.hasActiveEnvironment': boolean;
  readonly 'scalekit.sandboxRunning': boolean;
}

export function setContext<K extends keyof ContextFacts>(key: K, value: ContextFacts[K]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
