import type * as vscode from 'vscode';

/** The real SecretStorage except for these calls, because a real keyring doesn't fail on request. */
export function faultySecrets(
  secrets: vscode.SecretStorage,
  faults: Partial<vscode.SecretStorage>,
): vscode.SecretStorage {
  return {
    keys: () => (secrets as { keys?: () => Thenable<string[]> }).keys?.() ?? Promise.resolve([]),
    get: (key: string) => secrets.get(key),
    store: (key: string, value: string) => secrets.store(key, value),
    delete: (key: string) => secrets.delete(key),
    onDidChange: secrets.onDidChange,
    ...faults,
  } as vscode.SecretStorage;
}
