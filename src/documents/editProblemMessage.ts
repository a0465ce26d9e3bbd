import * as vscode from 'vscode';
import { displayText } from '../ui/displayText';
import { kindName } from './documentMessages';
import type { EditProblem } from './resourceEdit';

/** Why an edited resource was not saved, in words. */
export function editProblemMessage({ kind, field, detail }: EditProblem, path: readonly string[]): string {
  const name = displayText(field);
  switch (kind) {
    case 'notJson':
      return vscode.l10n.t('Not saved: this is not valid JSON. {0}', displayText(detail ?? ''));
    case 'notAnObject':
      return vscode.l10n.t('Not saved: the whole text must be one JSON object, in braces.');
    case 'readOnlyChanged':
      return vscode.l10n.t(
        'Not saved: Scalekit does not let “{0}” be changed. Undo that change, then save again.',
        name,
      );
    case 'readOnlyRemoved':
      return vscode.l10n.t('Not saved: Scalekit does not let “{0}” be removed. Undo that, then save again.', name);
    case 'unknownField':
      return path[path.length - 2] === 'organizations'
        ? vscode.l10n.t(
            'Not saved: an organization has no field “{0}”, and Scalekit would ignore it. Free fields belong in “metadata”.',
            name,
          )
        : vscode.l10n.t('Not saved: this {0} has no field “{1}”, and Scalekit would ignore it.', kindName(path), name);
    case 'required':
      return vscode.l10n.t('Not saved: the {0} must have a “{1}”.', kindName(path), name);
    case 'cannotBeCleared':
      return vscode.l10n.t('Not saved: Scalekit lets the “{0}” be changed, but not emptied. Enter another text.', name);
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
