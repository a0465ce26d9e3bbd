import * as vscode from 'vscode';
import { ScalekitError } from '../api/client/scalekitError';
import { displayText } from '../ui/displayText';
import type { EnvironmentFailure } from '../core/environmentFailure';
import { SANDBOX_ID } from '../core/environment';
import { failureMessage } from '../ui/failureMessage';
import type { RefusalReason } from './documentRefusal';
import type { EditProblem } from './resourceEdit';
import { collectionsOf } from './resourceKinds';

/** How a sentence refers to a document's kind. */
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

/** Why a document can't be read or saved. For a failed call, names the environment. */
export function documentFailureMessage(failure: EnvironmentFailure, path: readonly string[]): string {
  const { environment, failure: cause } = failure;
  const name = displayText(environment.name);
  if (cause === 'sandboxStopped' || (cause === 'gone' && environment.id === SANDBOX_ID)) {
    return vscode.l10n.t('{0} is stopped. Run “Scalekit: Start Local Sandbox”, then open this document again.', name);
  }
  if (cause === 'gone') {
    return vscode.l10n.t(
      '{0}: this environment isn’t in VS Code. Run “Scalekit: Add Environment…”, then open this document from the view again.',
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

function notFoundMessage(environment: string, path: readonly string[]): string {
  return vscode.l10n.t(
    '{0}: Scalekit has no {1} “{2}”, or no longer has it.',
    displayText(environment),
    kindName(path),
    displayText(path.at(-1) ?? ''),
  );
}

export function unknownAddressMessage(address: string): string {
  return vscode.l10n.t(
    'No Scalekit document has the address “{0}”. Open it from the view again.',
    displayText(address),
  );
}

/** The setting that stops Auto Save for these documents. */
const AUTO_SAVE_SETTING = `command:workbench.action.openSettings?${encodeURIComponent('["files.autoSaveWorkspaceFilesOnly"]')}`;

/** Why a document isn't shown or saved, as a message. */
export function refusalMessage(
  reason: Exclude<RefusalReason, { readonly kind: 'unknownAddress' | 'readOnly' }>,
  environmentName: string,
  path: readonly string[],
): string {
  const environment = displayText(environmentName);
  const id = displayText(path.at(-1) ?? '');
  switch (reason.kind) {
    case 'unknownKind':
      return vscode.l10n.t(
        '{0}: no Scalekit document has the address “{1}”. Open it from the view again.',
        environment,
        displayText(path.join('/')),
      );
    case 'notInList':
      return vscode.l10n.t(
        '{0}: Scalekit returns a {1} only in lists, and “{2}” isn’t on their first pages. Open it from the view again.',
        environment,
        kindName(path),
        id,
      );
    case 'autoSave':
      return vscode.l10n.t(
        'Auto Save doesn’t write to Scalekit. When you’re done, use the Save command, or [leave these documents out of Auto Save]({0}).',
        AUTO_SAVE_SETTING,
      );
    case 'notUtf8':
      return vscode.l10n.t(
        'Not saved: this isn’t UTF-8, so characters would be lost. Run “Change File Encoding”, choose “Save with Encoding”, then “UTF-8”.',
      );
    case 'notShownInEncoding':
      return vscode.l10n.t(
        'The encoding {0} can’t hold every character of this text. Run “Change File Encoding”, choose “Reopen with Encoding”, then “UTF-8”.',
        reason.encoding,
      );
    case 'notSavedInEncoding':
      return vscode.l10n.t(
        'Not saved: the encoding {0} can’t hold every character of this text. Run “Change File Encoding”, choose “Save with Encoding”, then “UTF-8”.',
        reason.encoding,
      );
    case 'edit':
      return editProblemMessage(reason.problem, path);
    case 'changedMeanwhile':
      return vscode.l10n.t(
        'Not saved: the {0} changed in Scalekit in the meantime. Save again to compare.',
        kindName(path),
      );
    case 'deleted':
      return vscode.l10n.t(
        'Not saved: {0} no longer has the {1} “{2}”. It was deleted there; your text stays in the editor.',
        environment,
        kindName(path),
        id,
      );
    case 'declined':
      return vscode.l10n.t('Not saved: you canceled it. Your text stays in the editor.');
    case 'savedInPart':
      return vscode.l10n.t(
        'Partly saved. Not saved, or not completely: {0}. {1}',
        reason.left.join(', '),
        documentFailureMessage(reason.failure, path),
      );
  }
}

/** Why an edited resource wasn't saved, as a message. */
function editProblemMessage({ kind, field, detail }: EditProblem, path: readonly string[]): string {
  const name = displayText(field);
  switch (kind) {
    case 'notJson':
      return vscode.l10n.t('Not saved: this isn’t valid JSON. {0}', displayText(detail ?? ''));
    case 'notAnObject':
      return vscode.l10n.t('Not saved: the whole text must be one JSON object, in braces.');
    case 'readOnlyChanged':
      return vscode.l10n.t('Not saved: you can’t change “{0}” in Scalekit. Undo that change, then save again.', name);
    case 'readOnlyRemoved':
      return vscode.l10n.t('Not saved: you can’t remove “{0}” in Scalekit. Undo that, then save again.', name);
    case 'unknownField':
      return path[path.length - 2] === 'organizations'
        ? vscode.l10n.t(
            'Not saved: an organization has no field “{0}”, and Scalekit would ignore it. Put your own fields in “metadata”.',
            name,
          )
        : vscode.l10n.t('Not saved: this {0} has no field “{1}”, and Scalekit would ignore it.', kindName(path), name);
    case 'required':
      return vscode.l10n.t('Not saved: the {0} must have a “{1}”.', kindName(path), name);
    case 'cannotBeCleared':
      return vscode.l10n.t('Not saved: you can change “{0}” in Scalekit, but not clear it. Enter another text.', name);
    case 'notText':
      return vscode.l10n.t('Not saved: “{0}” must be text in quotation marks.', name);
    case 'notTextMap':
      return vscode.l10n.t('Not saved: “{0}” must be a JSON object whose values are text in quotation marks.', name);
    case 'notNames':
      return vscode.l10n.t('Not saved: “{0}” must be a list of names in quotation marks.', name);
    case 'unreadable':
      return vscode.l10n.t(
        'Not saved: “{0}” contains a character that was lost and can’t be read. Type it again, then save.',
        name,
      );
    case 'redacted':
      return vscode.l10n.t(
        'Not saved: “{0}” contains the mark of a hidden value, and no value is hidden there. Enter the real value.',
        name,
      );
  }
}
