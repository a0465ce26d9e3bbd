import * as vscode from 'vscode';
import type { Permission } from '../../api/roles';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';

export interface PermissionNode extends TreeNode {
  readonly kind: 'permission';
  readonly environmentId: string;
  readonly permission: Permission;
}

export function permissionNode(permission: Permission, parent: ListNode): PermissionNode {
  const environmentId = parent.environmentId;
  const node: PermissionNode = {
    kind: 'permission',
    id: `${parent.id}/${permission.name}`,
    parent,
    environmentId,
    permission,
    document: { environmentId, path: ['permissions', permission.name] },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Permission'),
        label: permission.name,
        states: permission.isScalekitPermission ? [vscode.l10n.t('Scalekit’s own')] : [],
        detail: permission.description,
        icon: permission.isScalekitPermission ? 'lock' : 'unlock',
        contextValue: permission.isScalekitPermission ? 'permission ofScalekit' : 'permission',
      }),
    tooltip: () =>
      detailsTooltip(permission.name, [
        [vscode.l10n.t('Description'), permission.description],
        [vscode.l10n.t('Created'), permission.createTime],
      ]),
  };
  return node;
}
