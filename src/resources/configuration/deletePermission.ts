import * as vscode from 'vscode';
import { deletePermission as callDeletePermission, getPermission, rolesWithPermission } from '../../api/roles';
import { inEnvironment } from '../../core/environmentFailure';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { editablePermission } from './editableRow';
import { deleteResource } from '../../changes/deleteResource';

/** How many roles a question names. The rest are counted. */
const MOST_NAMED = 10;

/** Delete Permission…: says which roles lose it, then asks for confirmation, in production by its name. */
export async function deletePermission(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  const { configurationView, documents, environments } = dependencies;
  const row = editablePermission(argument, dependencies);
  const environment = row === undefined ? undefined : environments.get(row.environmentId);
  if (row === undefined || environment === undefined) return;
  const { name } = row.permission;
  const holders = await inEnvironment(environment, async () =>
    rolesWithPermission(await environments.client(environment.id), name),
  );
  const roles = holders.map((role) => role.name);
  const result = await deleteResource(
    {
      environment,
      viewId: 'scalekit.configuration',
      object: `permission/${name}`,
      title: vscode.l10n.t('Deleting the permission {0}', name),
      question: vscode.l10n.t('Delete the permission {0}?', name),
      meaning: `${holdersSentence(roles)} ${vscode.l10n.t('You can’t undo this.')}`,
      action: vscode.l10n.t('Delete'),
      name,
      id: name,
      call: (client) => callDeletePermission(client, name),
      read: (client) => getPermission(client, name, { fresh: true }),
      refresh: () => configurationView.refreshTopList(environment.id, 'permissions'),
      done: (outcome) =>
        outcome === 'gone'
          ? vscode.l10n.t('The permission {0} was already deleted', name)
          : vscode.l10n.t('Deleted the permission {0}', name),
      document: { environmentId: environment.id, path: ['permissions', name] },
    },
    dependencies,
  );
  if (result === undefined) return;
  for (const role of roles) documents.refresh({ environmentId: environment.id, path: ['roles', role] });
}

function holdersSentence(roles: readonly string[]): string {
  if (roles.length === 0) return vscode.l10n.t('No role has it.');
  const named = roles.slice(0, MOST_NAMED).join(', ');
  const more = roles.length - MOST_NAMED;
  return more > 0
    ? vscode.l10n.t('These roles lose it: {0} and {1} more.', named, more)
    : vscode.l10n.t('These roles lose it: {0}.', named);
}
