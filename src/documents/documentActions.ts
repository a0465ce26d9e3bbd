import * as vscode from 'vscode';
import { readDocumentReference, type DocumentReference } from '../core/documentReference';
import { readOrganizationReference } from '../core/organizationReference';
import type { ScalekitFileSystem } from './scalekitFileSystem';

/** Open as JSON: a resource's document, in a preview tab as a file of the explorer would be. */
export async function openDocument(argument: unknown, files: ScalekitFileSystem): Promise<void> {
  const reference = readReference(argument);
  if (reference !== undefined) await vscode.commands.executeCommand('vscode.open', files.remember(reference));
}

function readReference(argument: unknown): DocumentReference | undefined {
  const organization = readOrganizationReference(argument);
  return (
    readDocumentReference(argument) ??
    (organization === undefined
      ? undefined
      : { environmentId: organization.environmentId, path: ['organizations', organization.organizationId] })
  );
}
