import * as vscode from 'vscode';
import type { ConnectionSelector } from './signInChoices';

/** What selects the connection, in words. */
export function selectorWords(selector: ConnectionSelector): string {
  switch (selector.by) {
    case 'none':
      return vscode.l10n.t('chosen on the login page');
    case 'organization':
      return vscode.l10n.t('organization {0}', selector.value);
    case 'connection':
      return vscode.l10n.t('connection {0}', selector.value);
    case 'domain':
      return vscode.l10n.t('domain {0}', selector.value);
    case 'provider':
      return vscode.l10n.t('provider {0}', selector.value);
  }
}
