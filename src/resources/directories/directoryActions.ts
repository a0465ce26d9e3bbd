import * as vscode from 'vscode';
import { getDirectory, setDirectoryEnabled } from '../../api/directories';
import { isRecord } from '../../api/json';
import type { CommandTable } from '../../ui/commands';
import type { DirectoryNode } from './directoryNode';
import { providerName } from '../../tree/labels';
import type { ActionDependencies } from '../organizations/actionDependencies';
import { nameWithOrganization, toggle } from '../organizations/toggle';

export function directoryActions(dependencies: ActionDependencies) {
  return {
    'scalekit.directory.enable': (argument) => setEnabled(argument, true, dependencies),
    'scalekit.directory.disable': (argument) => setEnabled(argument, false, dependencies),
  } satisfies CommandTable;
}

async function setEnabled(argument: unknown, enabled: boolean, dependencies: ActionDependencies): Promise<void> {
  if (!isDirectoryNode(argument) || !dependencies.organizationsView.treeView.hasShown(argument)) return;
  const { directory, organizationId, environmentId, document } = argument;
  const which = { organizationId, directoryId: directory.id };
  const name = vscode.l10n.t('{0} directory', directory.name ?? providerName(directory.provider));
  await toggle(
    {
      environmentId,
      viewId: 'scalekit.organizations',
      object: `directory/${directory.id}`,
      name: nameWithOrganization(name, argument),
      meaning: {
        enabled: vscode.l10n.t('Scalekit will sync its user and group changes.'),
        disabled: vscode.l10n.t(
          'Scalekit stops syncing its user and group changes. Users who leave the customer keep their access.',
        ),
      },
      set: (client, wanted) => setDirectoryEnabled(client, which, wanted),
      read: async (client) => (await getDirectory(client, which, { fresh: true })).enabled,
      list: 'directories',
      organizationId,
      document,
    },
    enabled,
    dependencies,
  );
}

function isDirectoryNode(value: unknown): value is DirectoryNode {
  return isRecord(value) && value['kind'] === 'directory' && isRecord(value['directory']);
}
