import * as vscode from 'vscode';
import { listEnvironmentConnections, type Connection } from '../api/connections.js';
import { listPermissions, listRoles, type Permission, type Role } from '../api/roles.js';
import type { EnvironmentAccess } from '../editor/environmentAccess.js';
import type { Branch } from './branch.js';
import type { Branches, ListCall } from './branches.js';
import { connectionNode } from './connectionNode.js';
import { permissionNode } from './permissionNode.js';
import { roleNode } from './roleNode.js';
import type { TreeNode } from './treeNode.js';
import { ExplorerTreeView } from './treeView.js';

/** The Configuration view: what belongs to the active environment as a whole. */
export function createConfigurationView(environments: EnvironmentAccess): ExplorerTreeView {
  return new ExplorerTreeView('scalekit.configuration', environments, (branches) => {
    const lists = configurationBranches(branches);
    return { rows: () => lists };
  });
}

function configurationBranches(branches: Branches): Branch[] {
  const list = <T>(kind: string, words: { label: string; empty: string; icon: string }, call: ListCall<T>, node: (record: T, branch: Branch) => TreeNode): Branch => {
    const branch: Branch<T> = branches.branch<T>({
      id: `${branches.environment.id}/${kind}`,
      label: words.label,
      icon: words.icon,
      contextValue: `branch ${kind}`,
      emptyLabel: words.empty,
      read: branches.reader(call),
      node: (record) => node(record, branch as Branch),
    });
    return branch as Branch;
  };
  return [
    list<Role>(
      'roles',
      { label: vscode.l10n.t('Roles'), empty: vscode.l10n.t('No roles'), icon: 'shield' },
      (client, _page, options) => listRoles(client, options),
      roleNode,
    ),
    list<Permission>('permissions', { label: vscode.l10n.t('Permissions'), empty: vscode.l10n.t('No permissions'), icon: 'lock' }, listPermissions, permissionNode),
    list<Connection>(
      'connections',
      { label: vscode.l10n.t('Connections'), empty: vscode.l10n.t('No connections of the environment itself'), icon: 'plug' },
      (client, _page, options) => listEnvironmentConnections(client, options),
      connectionNode,
    ),
  ];
}
