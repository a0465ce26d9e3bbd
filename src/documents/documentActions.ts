import * as vscode from 'vscode';
import { readDocumentUri } from '../core/documentReference';
import type { CommandTable } from '../ui/commands';
import { compareDocuments, type CompareDependencies } from './compareDocuments';
import { openDocument } from './documentEncoding';

/** The commands on an open document that are loaded on first use. */
export function documentActions(context: CompareDependencies) {
  return {
    'scalekit.document.compare': (argument, selection) => compareDocuments(argument, selection, context),
    'scalekit.document.reload': (argument) => reloadDocument(argument, context),
  } satisfies CommandTable;
}

/** Reload from Scalekit, for the editor it was called on or the active one. Asks before unsaved changes are lost. */
async function reloadDocument(argument: unknown, { files, prompts }: CompareDependencies): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const reference = uri === undefined ? undefined : readDocumentUri(uri);
  if (uri === undefined || reference === undefined) return;
  if (openDocument(uri)?.isDirty !== true) return files.refresh(reference);
  const isConfirmed = await prompts.confirm({
    message: vscode.l10n.t('Reload this document and discard your changes?'),
    detail: [vscode.l10n.t('Changes that you haven’t saved to Scalekit are lost.')],
    action: vscode.l10n.t('Discard Changes'),
  });
  if (!isConfirmed) return;
  // Reverts the active editor only.
  await vscode.window.showTextDocument(uri);
  await vscode.commands.executeCommand('workbench.action.files.revert');
}
