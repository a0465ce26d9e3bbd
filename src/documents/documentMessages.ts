import * as vscode from 'vscode';
import { ScalekitError } from '../api/scalekitError.js';
import { displayText } from '../editor/displayText.js';
import type { DocumentReference } from '../editor/documentReference.js';
import type { EnvironmentFailure } from '../editor/environmentFailure.js';
import { failureMessage } from '../editor/failureMessage.js';
import type { EditProblem } from './organizationEdit.js';
import { collectionsOf } from './resourceKinds.js';

/** Why an edited organization was not saved, in words. */
export function editProblemMessage({ kind, field, detail }: EditProblem): string {
  const name = displayText(field);
  switch (kind) {
    case 'notJson':
      return vscode.l10n.t('Not saved: this is not valid JSON. {0}', displayText(detail ?? ''));
    case 'notAnObject':
      return vscode.l10n.t('Not saved: an organization is a JSON object, in braces.');
    case 'readOnlyChanged':
      return vscode.l10n.t('Not saved: Scalekit does not let “{0}” be changed. Undo that change, then save again.', name);
    case 'readOnlyRemoved':
      return vscode.l10n.t('Not saved: Scalekit does not let “{0}” be removed. Undo that, then save again.', name);
    case 'unknownField':
      return vscode.l10n.t('Not saved: an organization has no field “{0}”, and Scalekit would ignore it. Free fields belong in “metadata”.', name);
    case 'required':
      return vscode.l10n.t('Not saved: an organization must have a “{0}”.', name);
    case 'notText':
      return vscode.l10n.t('Not saved: “{0}” must be a text in quotation marks.', name);
    case 'notTextMap':
      return vscode.l10n.t('Not saved: “{0}” must be an object of texts.', name);
    case 'redacted':
      return vscode.l10n.t('Not saved: “{0}” holds the mark of a text that is not shown, where none was. Enter its real value.', name);
  }
}

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
  if (cause instanceof ScalekitError && cause.kind === 'notFound' && cause.details.stage === 'api') {
    return notFoundMessage(environment.name, path);
  }
  if (cause instanceof ScalekitError && cause.kind === 'invalid' && cause.details.reason === 'id') return notFoundMessage(environment.name, path);
  return failureMessage(failure).text;
}

export function notFoundMessage(environment: string, path: readonly string[]): string {
  return vscode.l10n.t('{0}: Scalekit has no {1} “{2}”, or no longer has it.', displayText(environment), kindName(path), displayText(path.at(-1) ?? ''));
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
    '{0}: Scalekit gives a {1} out in lists alone, and “{2}” is not on their first pages. Open it from the view again.',
    displayText(environment),
    kindName(path),
    displayText(path.at(-1) ?? ''),
  );
}
