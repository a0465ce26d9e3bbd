import * as vscode from 'vscode';
import { ScalekitError } from '../api/scalekitError';
import { displayText } from '../ui/displayText';
import type { DocumentReference } from '../core/documentReference';
import type { EnvironmentFailure } from '../core/environmentFailure';
import { SANDBOX_ID } from '../core/environment';
import { failureMessage } from '../ui/failureMessage';
import { collectionsOf } from './resourceKinds';

/** What a document's kind is called in a sentence. */
export function kindName(path: readonly string[]): string {
  switch (path[path.length - 2]) {
    case 'organizations':
      return vscode.l10n.t('organization');
    case 'connections':
      return vscode.l10n.t('connection');
    case 'directories':
      return vscode.l10n.t('directory');
    case 'users':
      return collectionsOf(path).includes('directories') ? vscode.l10n.t('directory user') : vscode.l10n.t('user');
    case 'groups':
      return vscode.l10n.t('directory group');
    case 'domains':
      return vscode.l10n.t('domain');
    case 'clients':
      return vscode.l10n.t('API client');
    case 'roles':
      return vscode.l10n.t('role');
    case 'permissions':
      return vscode.l10n.t('permission');
    case 'sign-ins':
      return vscode.l10n.t('sign-in');
    default:
      return vscode.l10n.t('object');
  }
}

/** Why a document cannot be read or saved, in words; for a failed call the environment is named. */
export function documentFailureMessage(failure: EnvironmentFailure, { path }: DocumentReference): string {
  const { environment, failure: cause } = failure;
  const name = displayText(environment.name);
  if (cause === 'sandboxStopped' || (cause === 'gone' && environment.id === SANDBOX_ID)) {
    return vscode.l10n.t('{0} is stopped. Run “Scalekit: Start Local Sandbox”, then open this document again.', name);
  }
  if (cause === 'gone') {
    return vscode.l10n.t(
      '{0}: this environment is not, or no longer, in VS Code. Run “Scalekit: Add Environment…”, then open this document from the view again.',
      name,
    );
  }
  if (cause instanceof ScalekitError && cause.kind === 'notFound' && cause.details.server === 'api') {
    return notFoundMessage(environment.name, path);
  }
  if (cause instanceof ScalekitError && cause.kind === 'invalid' && cause.details.reason === 'id')
    return notFoundMessage(environment.name, path);
  return failureMessage(failure).text;
}

export function notFoundMessage(environment: string, path: readonly string[]): string {
  return vscode.l10n.t(
    '{0}: Scalekit has no {1} “{2}”, or no longer has it.',
    displayText(environment),
    kindName(path),
    displayText(path.at(-1) ?? ''),
  );
}

export function unknownKindMessage(environment: string, path: readonly string[]): string {
  return vscode.l10n.t(
    '{0}: no Scalekit document has the address “{1}”. Open it from the view again.',
    displayText(environment),
    displayText(path.join('/')),
  );
}

export function unknownAddressMessage(address: string): string {
  return vscode.l10n.t(
    'No Scalekit document has the address “{0}”. Open it from the view again.',
    displayText(address),
  );
}

export function deletedMessage(environment: string, path: readonly string[]): string {
  return vscode.l10n.t(
    'Not saved: {0} no longer has the {1} “{2}”. It was deleted there; your text stays in the editor.',
    displayText(environment),
    kindName(path),
    displayText(path.at(-1) ?? ''),
  );
}

export function notInListMessage(environment: string, path: readonly string[]): string {
  return vscode.l10n.t(
    '{0}: Scalekit shows a {1} only in lists, and “{2}” is not on their first pages. Open it from the view again.',
    displayText(environment),
    kindName(path),
    displayText(path.at(-1) ?? ''),
  );
}

export function changedMeanwhileMessage(path: readonly string[]): string {
  return vscode.l10n.t('Not saved: the {0} has changed in Scalekit meanwhile. Save again to compare.', kindName(path));
}
