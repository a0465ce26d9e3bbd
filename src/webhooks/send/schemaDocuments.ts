import * as vscode from 'vscode';
import { payloadSchema, type EnvelopeField } from './payloadSchema';

/** The scheme of JSON schemas that are made on demand. package.json names `scalekit-schema:/webhook.json`. */
const SCHEMA_SCHEME = 'scalekit-schema';

/** Serves the schema of payloads to VS Code's JSON support, when a payload is open. */
export function registerSchemaDocuments(): vscode.Disposable {
  let text: string | undefined;
  return vscode.workspace.registerTextDocumentContentProvider(SCHEMA_SCHEME, {
    provideTextDocumentContent: () => (text ??= JSON.stringify(payloadSchema(describe))),
  });
}

function describe(field: EnvelopeField): string {
  switch (field) {
    case 'spec_version':
      return vscode.l10n.t('The version of the format.');
    case 'id':
      return vscode.l10n.t('The event. The same one may come more than once, so a receiver handles each ID once.');
    case 'type':
      return vscode.l10n.t('What happened.');
    case 'object':
      return vscode.l10n.t('What the data describes.');
    case 'occurred_at':
      return vscode.l10n.t('When it happened. Events may come in any order.');
    case 'environment_id':
      return vscode.l10n.t('The Scalekit environment.');
    case 'organization_id':
      return vscode.l10n.t('The organization. Roles, permissions and connected accounts have none.');
    case 'data':
      return vscode.l10n.t('The object that the event is about.');
    case 'display_name':
      return vscode.l10n.t('The type in words.');
  }
}
