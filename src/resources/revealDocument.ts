import * as vscode from 'vscode';
import { getOrganization } from '../api/organizations';
import { readDocumentUri } from '../core/documentReference';
import type { EnvironmentAccess } from '../core/environmentAccess';
import { EnvironmentFailure, inEnvironment } from '../core/environmentFailure';
import { ListNode } from '../tree/listNode';
import type { TreeNode } from '../tree/treeNode';
import type { ListTreeView } from '../tree/treeView';
import type { Prompts } from '../ui/prompts';
import type { OrganizationsView } from './organizations/organizationsView';

export interface RevealDependencies {
  readonly environments: EnvironmentAccess;
  readonly organizationsView: OrganizationsView;
  readonly configurationView: ListTreeView;
  readonly prompts: Prompts;
}

/** Where a list's name in the tree isn't that of the collection in a document's path. */
const LIST_OF: Readonly<Record<string, string>> = { 'sign-ins': 'signInLog' };

/**
 * Reveal in View: selects the row of the document in the editor. If the views show another environment, offers to
 * switch first.
 */
export async function revealDocument(
  argument: unknown,
  { environments, organizationsView, configurationView, prompts }: RevealDependencies,
): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const reference = uri === undefined ? undefined : readDocumentUri(uri);
  if (reference === undefined) return;
  await environments.ready();
  const { environmentId, path } = reference;
  const environment = environments.get(environmentId);
  if (environment === undefined) throw new EnvironmentFailure({ id: environmentId, name: environmentId }, 'gone');
  if (environments.active()?.id !== environmentId) {
    const change = vscode.l10n.t('Switch Environment');
    const text = vscode.l10n.t('This belongs to {0}, and the views show another environment.', environment.name);
    if ((await prompts.message('information', text, change)) !== change) return;
    await vscode.commands.executeCommand('scalekit.environment.switch', environmentId);
  }
  const [collection = '', id = '', ...within] = path;
  if (collection !== 'organizations') {
    await vscode.commands.executeCommand('scalekit.configuration.focus');
    return configurationView.revealInTopList(environmentId, collection, id);
  }
  await vscode.commands.executeCommand('scalekit.organizations.focus');
  const organization = await inEnvironment(environment, async () =>
    getOrganization(await environments.client(environmentId), id),
  );
  let row = await organizationsView.rowToShow(environmentId, organization);
  const { treeView } = organizationsView;
  for (let at = 0; row !== undefined && at < within.length; at += 2) {
    const kind = within[at] ?? '';
    const listId = `${row.id}/${LIST_OF[kind] ?? kind}`;
    const rows: TreeNode[] = (await row.children?.()) ?? [];
    const list = rows.find((each) => each instanceof ListNode && each.id === listId);
    const found = list instanceof ListNode ? await treeView.rowIn(list as ListNode, within[at + 1] ?? '') : undefined;
    // The log has more sign-ins than its list reads. Then the nearest row is shown.
    if (found === undefined) break;
    row = found;
  }
  if (row !== undefined) await treeView.reveal(row, { focus: true, expand: false });
}
