import * as vscode from 'vscode';
import { isRecord, readText } from '../api/json';
import { readDocumentReference, readDocumentUri } from '../core/documentReference';
import type { CommandTable } from '../ui/commands';
import { showStatus } from '../ui/statusMessage';

export function copyCommands() {
  return {
    'scalekit.client.copyId': copyClientIds,
    'scalekit.directory.copyEndpoint': copyEndpoints,
    'scalekit.organization.copyExternalId': copyExternalIds,
    'scalekit.person.copyEmail': copyEmails,
    'scalekit.resource.copyId': copyIds,
    'scalekit.resource.copyName': copyNames,
  } satisfies CommandTable;
}

/** Copy ID. With several selected rows, copies all their IDs, one per line. */
export async function copyIds(argument: unknown, selection: unknown): Promise<void> {
  await copyOfEach(argument, selection, lastInPath, (count) =>
    count === 1 ? vscode.l10n.t('ID copied') : vscode.l10n.t('{0} IDs copied', count),
  );
}

/** Copy Client ID of an organization's API clients. */
export async function copyClientIds(argument: unknown, selection: unknown): Promise<void> {
  await copyOfEach(argument, selection, lastInPath, (count) =>
    count === 1 ? vscode.l10n.t('Client ID copied') : vscode.l10n.t('{0} client IDs copied', count),
  );
}

/** Copy SCIM Endpoint of directories, for the identity provider. */
export async function copyEndpoints(argument: unknown, selection: unknown): Promise<void> {
  await copyOfEach(
    argument,
    selection,
    (row) => textOf(row, ['directory'], 'endpoint'),
    (count) =>
      count === 1 ? vscode.l10n.t('SCIM endpoint copied') : vscode.l10n.t('{0} SCIM endpoints copied', count),
  );
}

/** Copy Email of users, users of a directory, and sign-ins. */
export async function copyEmails(argument: unknown, selection: unknown): Promise<void> {
  await copyOfEach(
    argument,
    selection,
    (row) => textOf(row, ['user', 'signIn'], 'email'),
    (count) => (count === 1 ? vscode.l10n.t('Email copied') : vscode.l10n.t('{0} emails copied', count)),
  );
}

/** Copy Name of a role or a permission, whose name identifies it in Scalekit. */
export async function copyNames(argument: unknown, selection: unknown): Promise<void> {
  await copyOfEach(argument, selection, lastInPath, (count) =>
    count === 1 ? vscode.l10n.t('Name copied') : vscode.l10n.t('{0} names copied', count),
  );
}

/** Copy External ID of the organizations and users that have one. */
export async function copyExternalIds(argument: unknown, selection: unknown): Promise<void> {
  await copyOfEach(
    argument,
    selection,
    (row) => textOf(row, ['organization', 'user'], 'externalId'),
    (count) => (count === 1 ? vscode.l10n.t('External ID copied') : vscode.l10n.t('{0} external IDs copied', count)),
  );
}

/** What identifies the resource of a row or document in Scalekit: its ID, or its name if that serves as ID. */
function lastInPath(row: unknown): string | undefined {
  return (row instanceof vscode.Uri ? readDocumentUri(row) : readDocumentReference(row))?.path.at(-1);
}

/** A text of a row's record, which the row has under one of these names. */
function textOf(row: unknown, names: readonly string[], property: string): string | undefined {
  const record = isRecord(row) ? names.map((name) => row[name]).find(isRecord) : undefined;
  return record === undefined ? undefined : readText(record[property]);
}

/** Without a row, the document in the active editor. */
function rowsOf(argument: unknown, selection: unknown): readonly unknown[] {
  if (argument === undefined) return [vscode.window.activeTextEditor?.document.uri];
  return Array.isArray(selection) && selection.includes(argument) ? (selection as unknown[]) : [argument];
}

/** Copies a text of each row, one per line, and says in the status bar how many there were. */
async function copyOfEach(
  argument: unknown,
  selection: unknown,
  textIn: (row: unknown) => string | undefined,
  copied: (count: number) => string,
): Promise<void> {
  const texts = rowsOf(argument, selection)
    .map(textIn)
    .filter((text) => text !== undefined);
  if (texts.length === 0) return;
  await vscode.env.clipboard.writeText(texts.join('\n'));
  showStatus(copied(texts.length));
}
