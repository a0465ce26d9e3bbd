import * as vscode from 'vscode';
import { parseJson } from '../api/client/errorResponse';
import { isRecord, type JsonRecord } from '../api/json';
import { displayText } from '../ui/displayText';
import type { EditableKind } from './editableKinds';
import { fieldRanges } from './fieldRanges';
import { refusedFields, renewedFields } from './resourceEdit';

/** A document that the user is editing, and what it shows. */
export interface EditedDocument {
  readonly document: vscode.TextDocument;
  readonly kind: EditableKind;
  /** The resource as it was last read. */
  readonly current: JsonRecord;
  /** Versions that the editor received. The edit started from one of them. */
  readonly shown: readonly JsonRecord[];
}

/** The fields of documents that Scalekit doesn't let anyone change: marks changed ones, and keeps the others current. */
export class ReadOnlyFields implements vscode.Disposable {
  private readonly diagnostics = vscode.languages.createDiagnosticCollection('scalekit');
  private readonly listener = vscode.workspace.onDidCloseTextDocument(({ uri }) => this.diagnostics.delete(uri));

  /** Marks each read-only field that the user has changed, since saving it will be refused. */
  mark({ document, kind, current, shown }: EditedDocument): void {
    const text = document.getText();
    const edited = readObject(text);
    // JSON itself is marked by VS Code.
    if (document.isClosed || edited === undefined) return this.diagnostics.delete(document.uri);
    const changed = refusedFields(kind.fields, edited, current, shown).filter(
      (problem) => problem.kind === 'readOnlyChanged',
    );
    if (changed.length === 0) return this.diagnostics.delete(document.uri);
    const ranges = fieldRanges(text);
    this.diagnostics.set(
      document.uri,
      changed.flatMap(({ field }) => {
        const range = ranges.get(field);
        if (range === undefined) return [];
        const diagnostic = new vscode.Diagnostic(
          new vscode.Range(document.positionAt(range.name[0]), document.positionAt(range.value[1])),
          vscode.l10n.t('You can’t change “{0}” in Scalekit. Undo this change before you save.', displayText(field)),
        );
        diagnostic.source = 'Scalekit';
        return [diagnostic];
      }),
    );
  }

  /**
   * Writes Scalekit’s present values of read-only fields into a text with unsaved changes, so that a comparison of the
   * two shows only what the user can decide. What the user has edited stays.
   */
  async renew({ document, kind, current, shown }: EditedDocument): Promise<void> {
    const text = document.getText();
    const edited = readObject(text);
    if (edited === undefined || !document.isDirty) return;
    const ranges = fieldRanges(text);
    const edit = new vscode.WorkspaceEdit();
    for (const [field, value] of Object.entries(renewedFields(kind.fields, edited, current, shown))) {
      const range = ranges.get(field)?.value;
      if (range === undefined) continue;
      edit.replace(
        document.uri,
        new vscode.Range(document.positionAt(range[0]), document.positionAt(range[1])),
        JSON.stringify(value, undefined, 2).replaceAll('\n', '\n  '),
      );
    }
    if (edit.size > 0) await vscode.workspace.applyEdit(edit);
  }

  dispose(): void {
    this.listener.dispose();
    this.diagnostics.dispose();
  }
}

function readObject(text: string): JsonRecord | undefined {
  const json = parseJson(text.replace(/^\ufeff/, ''));
  return isRecord(json) ? json : undefined;
}
