import * as vscode from 'vscode';
import { showStatus } from '../ui/statusMessage';
import type { EnvironmentChange } from '../core/environmentAccess';

/** Says which environment is active after the active one was removed, here or in another window. */
export function showActiveEnvironment(change: EnvironmentChange): void {
  const text = activeAfterRemoval(change);
  if (text !== undefined) showStatus(text);
}

/** Undefined if the active environment changed because the user chose another one, or because it got another id. */
export function activeAfterRemoval({ added, removed, active, activeChanged }: EnvironmentChange): string | undefined {
  if (!activeChanged || removed.length === 0 || added.length > 0) return undefined;
  const names = removed.map(({ name }) => name).join(', ');
  if (active === undefined) return vscode.l10n.t('Scalekit: {0} removed; no environment is left', names);
  return active.production
    ? vscode.l10n.t('Scalekit: {0} removed; {1} is active now, which is production', names, active.name)
    : vscode.l10n.t('Scalekit: {0} removed; {1} is active now', names, active.name);
}
