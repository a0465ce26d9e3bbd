import * as vscode from 'vscode';
import { listEnvironmentConnections, type Connection } from '../api/connections';
import { listPermissions, listRoles, type Permission, type Role } from '../api/roles';
import type { ListNode } from '../tree/listNode';
import type { Lists } from '../tree/lists';
import { connectionNode } from './connections/connectionNode';
import { permissionNode } from './configuration/permissionNode';
import { roleNode } from './configuration/roleNode';

/** What belongs to the environment as a whole: one list for each kind, read when it's opened. */
export function configurationLists(lists: Lists): ListNode[] {
  return [
    lists.list<Role>({
      kind: 'roles',
      label: vscode.l10n.t('Roles'),
      emptyLabel: vscode.l10n.t('No roles'),
      emptyAction: { label: vscode.l10n.t('Create Role…'), icon: 'add', command: 'scalekit.role.create' },
      icon: 'shield',
      call: (client, _page, options) => listRoles(client, options),
      node: roleNode,
    }),
    lists.list<Permission>({
      kind: 'permissions',
      label: vscode.l10n.t('Permissions'),
      emptyLabel: vscode.l10n.t('No permissions'),
      emptyAction: { label: vscode.l10n.t('Create Permission…'), icon: 'add', command: 'scalekit.permission.create' },
      icon: 'lock',
      call: listPermissions,
      node: permissionNode,
    }),
    lists.list<Connection>({
      kind: 'connections',
      label: vscode.l10n.t('Connections'),
      emptyLabel: vscode.l10n.t('No environment connections'),
      icon: 'plug',
      call: (client, _page, options) => listEnvironmentConnections(client, options),
      node: connectionNode,
    }),
  ];
}
