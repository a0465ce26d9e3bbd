import * as vscode from 'vscode';
import type { DirectoryGroup } from '../../api/directories';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';

/** A row for a group of a directory. Scalekit only returns groups in lists, so the row has the list's record. */
export interface DirectoryGroupNode extends TreeNode {
  readonly kind: 'directoryGroup';
  readonly group: DirectoryGroup;
}

export function directoryGroupNode(
  group: DirectoryGroup,
  where: { readonly organizationId: string; readonly directoryId: string },
  parent: ListNode,
): DirectoryGroupNode {
  const size =
    group.totalUsers === undefined
      ? undefined
      : group.totalUsers === 1
        ? vscode.l10n.t('1 user')
        : vscode.l10n.t('{0} users', group.totalUsers);
  const node: DirectoryGroupNode = {
    kind: 'directoryGroup',
    id: `${parent.id}/${group.id}`,
    parent,
    group,
    document: {
      environmentId: parent.environmentId,
      path: ['organizations', where.organizationId, 'directories', where.directoryId, 'groups', group.id],
      name: group.displayName,
      record: group.json,
    },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Directory group'),
        label: group.displayName ?? group.id,
        detail: size,
        icon: 'organization',
        contextValue: 'directoryGroup',
      }),
    tooltip: () =>
      detailsTooltip(group.displayName ?? group.id, [
        [vscode.l10n.t('ID'), group.id],
        [vscode.l10n.t('Members'), size],
        [vscode.l10n.t('Updated'), group.updateTime],
      ]),
  };
  return node;
}
