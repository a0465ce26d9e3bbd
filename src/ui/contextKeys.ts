import * as vscode from 'vscode';

/** What `when` clauses in package.json use. Never a secret, never text from a server. */
export interface ContextKeys {
  /** How many environments there are. Unset until they're read, so that no welcome view shows before. */
  readonly 'scalekit.environmentCount': number;
  /** Whether one of them belongs to the user, from secret storage or variables. The sandbox doesn't count. */
  readonly 'scalekit.hasOwnEnvironment': boolean;
  /** Whether one is in secret storage, so that its secret can be replaced. */
  readonly 'scalekit.hasStoredEnvironment': boolean;
  readonly 'scalekit.sandboxRunning': boolean;
  /** Whether the Organizations view shows only search results. */
  readonly 'scalekit.organizationsFiltered': boolean;
  /** Whether the last change can still be undone. */
  readonly 'scalekit.canUndo': boolean;
  /** What the user has done since the window opened: steps of the walkthrough. */
  readonly 'scalekit.hasCopiedToken': boolean;
  readonly 'scalekit.hasExpandedOrganization': boolean;
  readonly 'scalekit.hasSavedDocument': boolean;
  /** Whether the response in the active editor has a next page. */
  readonly 'scalekit.hasNextPage': boolean;
  /** Whether the Activity view has anything to show. */
  readonly 'scalekit.hasActivity': boolean;
  /** Whether webhooks are received now. */
  readonly 'scalekit.isListeningForWebhooks': boolean;
}

/** Sets several context keys in VS Code. */
export function setContexts(values: Partial<ContextKeys>): void {
  for (const [key, value] of Object.entries(values)) void vscode.commands.executeCommand('setContext', key, value);
}

export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
