import * as vscode from 'vscode';
import { displayText } from './displayText';
import type { StorageFailure } from './storageFailure';

/** Which folder, why, and what to do, in a sentence or two. */
export function storageMessage({ operation, folder, code, environment }: StorageFailure): string {
  const place = displayText(folder);
  const text =
    operation === 'read'
      ? vscode.l10n.t('{0} can’t be read: {1} ({2}). Fix that, then try again.', place, cause(code), code)
      : vscode.l10n.t('{0} can’t be written: {1} ({2}). Fix that, then try again.', place, cause(code), code);
  return environment === undefined
    ? text
    : vscode.l10n.t('{0}: nothing was changed. {1}', displayText(environment), text);
}

function cause(code: string): string {
  switch (code) {
    case 'ENOSPC':
      return vscode.l10n.t('the disk is full');
    case 'EDQUOT':
      return vscode.l10n.t('your disk quota is used up');
    case 'EROFS':
      return vscode.l10n.t('the disk is read-only');
    case 'EACCES':
    case 'EPERM':
      return vscode.l10n.t('you don’t have permission');
    case 'ENOENT':
      return vscode.l10n.t('the folder doesn’t exist and can’t be created');
    case 'EEXIST':
    case 'ENOTDIR':
      return vscode.l10n.t('there is a file where a folder should be');
    case 'EISDIR':
      return vscode.l10n.t('there is a folder where a file should be');
    case 'ENAMETOOLONG':
      return vscode.l10n.t('its path is too long');
    case 'ELOOP':
      return vscode.l10n.t('its path has a link to itself');
    case 'EMFILE':
    case 'ENFILE':
      return vscode.l10n.t('too many files are open');
    case 'EBUSY':
    case 'ETXTBSY':
      return vscode.l10n.t('another program is using it');
    default:
      return vscode.l10n.t('the system reports an error');
  }
}
