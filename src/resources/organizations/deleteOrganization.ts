import * as vscode from 'vscode';
import { deleteOrganization as callDeleteOrganization, getOrganization } from '../../api/organizations';
import type { ActionDependencies } from './actionDependencies';
import { chosenOrganization } from './chosenOrganization';
import { deleteResource } from '../../changes/deleteResource';

/** Delete Organization…: in production the user types its name, elsewhere they confirm. */
export async function deleteOrganization(argument: unknown, dependencies: ActionDependencies): Promise<void> {
  const chosen = await chosenOrganization(argument, vscode.l10n.t('Delete Organization'), dependencies);
  if (chosen === undefined) return;
  const { environment, organization } = chosen;
  const { organizationsView } = dependencies;
  const { id, displayName } = organization;
  const name = displayName ?? id;
  await deleteResource(
    {
      environment,
      object: `organization/${id}`,
      title: vscode.l10n.t('Deleting {0}', name),
      question: vscode.l10n.t('Delete the organization {0}?', name),
      meaning: vscode.l10n.t(
        'Its connections, directories, domains, API clients and roles are deleted too. Its users are no longer members and can’t sign in to it anymore. You can’t undo this.',
      ),
      action: vscode.l10n.t('Delete'),
      name: displayName,
      id,
      call: (client) => callDeleteOrganization(client, id),
      read: (client) => getOrganization(client, id, { fresh: true }),
      refresh: (result) =>
        result === undefined
          ? organizationsView.refreshOrganization(environment.id, id).catch(() => undefined)
          : Promise.resolve(organizationsView.remove(environment.id, id)),
      done: (result) =>
        result === 'gone' ? vscode.l10n.t('{0} was already deleted', name) : vscode.l10n.t('Deleted {0}', name),
      document: { environmentId: environment.id, path: ['organizations', id] },
    },
    dependencies,
  );
}
