import * as vscode from 'vscode';
import {
  listDirectoryGroups,
  listDirectoryUsers,
  type Directory,
  type DirectoryGroup,
  type DirectoryUser,
} from '../../api/directories';
import type { ListNode } from '../../tree/listNode';
import type { Lists } from '../../tree/lists';
import { directoryGroupNode } from './directoryGroupNode';
import { directoryUserNode } from './directoryUserNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';
import { onOff, onOffLine, providerName, setupState } from '../../tree/labels';

export interface DirectoryNode extends TreeNode {
  readonly kind: 'directory';
  readonly environmentId: string;
  readonly organizationId: string;
  readonly directory: Directory;
}

export function directoryNode(
  directory: Directory,
  organizationId: string,
  parent: ListNode,
  lists: Lists,
): DirectoryNode {
  const environmentId = parent.environmentId;
  const setup = setupState(directory.status);
  const name = directory.name ?? providerName(directory.provider);
  const node: DirectoryNode = {
    kind: 'directory',
    id: `${parent.id}/${directory.id}`,
    parent,
    environmentId,
    organizationId,
    directory,
    document: { environmentId, path: ['organizations', organizationId, 'directories', directory.id], name },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Directory'),
        label: name,
        // What tells directories apart comes first: the icon shows the state already.
        states: [...counts(directory), ...(directory.type === undefined ? [] : [directory.type])],
        spokenState: setup === undefined ? onOff(directory.enabled) : undefined,
        detail: setup,
        icon: setup !== undefined ? 'tools' : directory.enabled ? 'sync' : 'sync-ignored',
        color: setup !== undefined ? 'list.warningForeground' : undefined,
        contextValue: [
          'directory',
          directory.enabled ? 'enabled' : 'disabled',
          directory.status ?? 'noStatus',
          ...(directory.endpoint === undefined ? [] : ['hasEndpoint']),
        ].join(' '),
      }),
    tooltip: () =>
      detailsTooltip(directory.name ?? directory.id, [
        [vscode.l10n.t('ID'), directory.id],
        [vscode.l10n.t('Provider'), providerName(directory.provider)],
        [
          vscode.l10n.t('Status'),
          setup === undefined
            ? onOffLine(directory.enabled)
            : directory.status === 'DRAFT'
              ? vscode.l10n.t('Draft. The customer’s directory isn’t connected yet.')
              : vscode.l10n.t('Setup in progress. The customer’s directory isn’t connected yet.'),
        ],
        [
          vscode.l10n.t('Last sync'),
          directory.lastSyncTime ?? (setup === undefined ? vscode.l10n.t('never') : undefined),
        ],
        [vscode.l10n.t('Endpoint'), directory.endpoint],
        [vscode.l10n.t('Synced'), counts(directory).join(', ')],
      ]),
    children: () => [usersList(node, lists), groupsList(node, lists)],
  };
  return node;
}

function usersList(node: DirectoryNode, lists: Lists): ListNode {
  const where = { organizationId: node.organizationId, directoryId: node.directory.id };
  return lists.list<DirectoryUser>({
    kind: 'directoryUsers',
    path: 'users',
    parent: node,
    label: vscode.l10n.t('Users'),
    icon: 'person',
    emptyLabel: vscode.l10n.t('No users'),
    call: (client, page, options) => listDirectoryUsers(client, where, page, options),
    node: (user, list) => directoryUserNode(user, where, list),
  });
}

function groupsList(node: DirectoryNode, lists: Lists): ListNode {
  const where = { organizationId: node.organizationId, directoryId: node.directory.id };
  return lists.list<DirectoryGroup>({
    kind: 'directoryGroups',
    path: 'groups',
    parent: node,
    label: vscode.l10n.t('Groups'),
    icon: 'group-by-ref-type',
    emptyLabel: vscode.l10n.t('No groups'),
    call: (client, page, options) => listDirectoryGroups(client, where, page, options),
    node: (group, list) => directoryGroupNode(group, where, list),
  });
}

function counts({ totalUsers, totalGroups }: Directory): string[] {
  return [
    ...(totalUsers === undefined
      ? []
      : [totalUsers === 1 ? vscode.l10n.t('1 user') : vscode.l10n.t('{0} users', totalUsers)]),
    ...(totalGroups === undefined
      ? []
      : [totalGroups === 1 ? vscode.l10n.t('1 group') : vscode.l10n.t('{0} groups', totalGroups)]),
  ];
}
