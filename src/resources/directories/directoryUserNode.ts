import * as vscode from 'vscode';
import type { DirectoryUser } from '../../api/directories';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';

/** A row for a user of a directory. Scalekit only returns them in lists, so the row has the list's record. */
export interface DirectoryUserNode extends TreeNode {
  readonly kind: 'directoryUser';
  readonly user: DirectoryUser;
}

export function directoryUserNode(
  user: DirectoryUser,
  where: { readonly organizationId: string; readonly directoryId: string },
  parent: ListNode,
): DirectoryUserNode {
  const name = user.name ?? user.email;
  const node: DirectoryUserNode = {
    kind: 'directoryUser',
    id: `${parent.id}/${user.id}`,
    parent,
    user,
    document: {
      environmentId: parent.environmentId,
      path: ['organizations', where.organizationId, 'directories', where.directoryId, 'users', user.id],
      name,
      record: user.json,
    },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Directory user'),
        label: name ?? user.id,
        detail: user.name === undefined ? undefined : user.email,
        icon: 'person',
        contextValue: user.email === undefined ? 'directoryUser' : 'directoryUser hasEmail',
      }),
    tooltip: () =>
      detailsTooltip(name ?? user.id, [
        [vscode.l10n.t('ID'), user.id],
        [vscode.l10n.t('Email'), user.email],
        [vscode.l10n.t('Groups'), user.groups.join(', ')],
        [vscode.l10n.t('Updated'), user.updateTime],
      ]),
  };
  return node;
}
