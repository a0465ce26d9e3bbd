import * as vscode from 'vscode';
import type { Role } from '../api/roles.js';
import type { Branch } from './branch.js';
import { factsTooltip, resourceItem, type TreeNode } from './treeNode.js';

/** A row for a role of the environment. */
export interface RoleNode extends TreeNode {
  readonly kind: 'role';
  readonly environmentId: string;
  readonly role: Role;
}

export function roleNode(role: Role, parent: Branch): RoleNode {
  const environmentId = parent.environmentId;
  const defaults = [
    ...(role.defaultCreator ? [vscode.l10n.t('default for creators')] : []),
    ...(role.defaultMember ? [vscode.l10n.t('default for members')] : []),
  ];
  const node: RoleNode = {
    kind: 'role',
    id: `${parent.id}/${role.name}`,
    parent,
    environmentId,
    role,
    document: { environmentId, path: ['roles', role.name] },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Role'),
        label: role.displayName ?? role.name,
        states: defaults,
        detail: role.name,
        icon: 'shield',
        contextValue: 'role',
      }),
    tooltip: () =>
      factsTooltip(role.displayName ?? role.name, [
        [vscode.l10n.t('Name'), role.name],
        [vscode.l10n.t('Description'), role.description],
        [vscode.l10n.t('Builds on'), role.extends],
        [vscode.l10n.t('Default'), defaults.join(', ')],
      ]),
  };
  return node;
}
