import * as vscode from 'vscode';
import { readOrganizationReference } from '../editor/organizationReference.js';
import { organizationUri } from './scalekitUri.js';

/** Open as JSON: the organization's document, in a preview tab as a file of the explorer would be. */
export async function openOrganization(argument: unknown): Promise<void> {
  const reference = readOrganizationReference(argument);
  if (reference !== undefined) await vscode.commands.executeCommand('vscode.open', organizationUri(reference));
}
