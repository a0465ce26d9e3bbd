import * as vscode from 'vscode';
import { isRecord, readText } from '../api/json.js';

/** Copy ID and Copy External ID; with several rows selected, all of theirs, one a line. */
export class OrganizationActions {
  async copyId(argument: unknown, selection: unknown): Promise<void> {
    await copy(organizationsOf(argument, selection), 'id');
  }

  async copyExternalId(argument: unknown, selection: unknown): Promise<void> {
    await copy(organizationsOf(argument, selection), 'externalId');
  }
}

/** How long a result stays in the status bar, in milliseconds. */
const STATUS_MESSAGE_MS = 5_000;

function organizationsOf(argument: unknown, selection: unknown): Record<string, unknown>[] {
  const nodes: unknown[] = Array.isArray(selection) && selection.includes(argument) ? selection : [argument];
  return nodes.filter(isRecord).map((node) => node['organization']).filter(isRecord);
}

async function copy(organizations: readonly Record<string, unknown>[], field: 'id' | 'externalId'): Promise<void> {
  const texts = organizations.map((organization) => readText(organization[field])).filter((text) => text !== undefined);
  if (texts.length === 0) return;
  await vscode.env.clipboard.writeText(texts.join('\n'));
  const what = field === 'id' ? vscode.l10n.t('ID copied') : vscode.l10n.t('External ID copied');
  vscode.window.setStatusBarMessage(`$(check) ${texts.length === 1 ? what : `${what} (${texts.length})`}`, STATUS_MESSAGE_MS);
}
