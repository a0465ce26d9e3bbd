import * as vscode from 'vscode';
import type { Role } from '../../api/roles';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';

export interface RoleNode extends TreeNode {
  readonly kind: 'role';
  readonly environmentId: string;
  readonly role: Role;
}

export function roleNode(role: Role, parent: ListNode): RoleNode {
  const environmentId = parent.environmentId;
  const defaults = [
    ...(role.defaultCreator ? [vscode.l10n.t('default for creators')] : []),
    ...(role.defaultMember ? [vscode.l10n.t('default for members')] : []),
  ];
  const states = [...(role.isOfOrganization ? [vscode.l10n.t('organization role')] : []), ...defaults];
  const marks = [
    ...(role.isOfOrganization ? ['ofOrganization'] : []),
    ...(role.defaultCreator ? ['defaultCreator'] : []),
    ...(role.defaultMember ? ['defaultMember'] : []),
  ];
  const node: RoleNode = {
    kind: 'role',
    // Roles of single organizations may have another role's name.
    id: `${parent.id}/${role.isOfOrganization ? role.id : role.name}`,
    parent,
    environmentId,
    role,
    document: { environmentId, path: ['roles', role.name], name: role.displayName },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Role'),
        label: role.displayName ?? role.name,
        states,
        detail: role.name,
        icon: 'shield',
        contextValue: ['role', ...marks].join(' '),
      }),
    tooltip: () =>
      detailsTooltip(role.displayName ?? role.name, [
        [vscode.l10n.t('Name'), role.name],
        [vscode.l10n.t('Description'), role.description],
        [vscode.l10n.t('Extends'), role.extends],
        [
          vscode.l10n.t('Default for'),
          [
            ...(role.defaultCreator ? [vscode.l10n.t('creators')] : []),
            ...(role.defaultMember ? [vscode.l10n.t('members')] : []),
          ].join(', '),
        ],
      ]),
  };
  return node;
}
