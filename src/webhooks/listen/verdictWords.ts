import * as vscode from 'vscode';

/** A verdict in a few words, for a row. */
export function verdictWords(verdict: string | undefined): string {
  switch (verdict) {
    case 'true':
      return vscode.l10n.t('signature holds');
    case undefined:
      return vscode.l10n.t('not checked');
    case 'Missing required headers':
      return vscode.l10n.t('headers missing');
    case 'Message timestamp too old':
      return vscode.l10n.t('too old');
    case 'Message timestamp too new':
      return vscode.l10n.t('too new');
    case 'Invalid Signature Headers':
      return vscode.l10n.t('timestamp can’t be read');
    default:
      return vscode.l10n.t('signature doesn’t fit');
  }
}
