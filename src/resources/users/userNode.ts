import * as vscode from 'vscode';
import type { User } from '../../api/users';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';

export interface UserNode extends TreeNode {
  readonly kind: 'user';
  readonly environmentId: string;
  readonly organizationId: string;
  readonly user: User;
}

export function userNode(user: User, organizationId: string, parent: ListNode): UserNode {
  const environmentId = parent.environmentId;
  const membership = user.memberships.find((candidate) => candidate.organizationId === organizationId);
  const { words, icon, color } = appearance(membership?.status);
  const roles = (membership?.roles ?? []).map(({ name, displayName }) => displayName ?? name);
  const name = user.name ?? user.email;
  const node: UserNode = {
    kind: 'user',
    id: `${parent.id}/${user.id}`,
    parent,
    environmentId,
    organizationId,
    user,
    document: { environmentId, path: ['organizations', organizationId, 'users', user.id], name },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('User'),
        label: name ?? user.id,
        states: [...(words === undefined ? [] : [words]), ...roles],
        spokenState: words === undefined ? activeWords() : undefined,
        detail: user.name === undefined ? undefined : user.email,
        icon,
        color,
        contextValue: [
          'user',
          membership?.status ?? 'noMembership',
          ...(user.externalId === undefined ? [] : ['hasExternalId']),
          ...(user.email === undefined ? [] : ['hasEmail']),
        ].join(' '),
      }),
    tooltip: () =>
      detailsTooltip(name ?? user.id, [
        [vscode.l10n.t('ID'), user.id],
        [vscode.l10n.t('Email'), user.email],
        [vscode.l10n.t('External ID'), user.externalId],
        [vscode.l10n.t('Membership'), words ?? activeWords()],
        [vscode.l10n.t('Roles'), roles.join(', ')],
        [vscode.l10n.t('Invite expires'), membership?.status === 'PENDING_INVITE' ? membership.expireTime : undefined],
        [vscode.l10n.t('Last sign-in'), user.lastLoginTime ?? vscode.l10n.t('never')],
        [vscode.l10n.t('Created'), user.createTime],
      ]),
  };
  return node;
}

function activeWords(): string {
  return vscode.l10n.t('active');
}

function appearance(status: string | undefined): { words?: string; icon: string; color?: string } {
  switch (status) {
    case 'PENDING_INVITE':
      return { words: vscode.l10n.t('invite pending'), icon: 'mail' };
    case 'INVITE_EXPIRED':
      return { words: vscode.l10n.t('invite expired'), icon: 'mail', color: 'list.warningForeground' };
    case 'INACTIVE':
      return { words: vscode.l10n.t('inactive'), icon: 'circle-slash' };
    default:
      return { icon: 'person' };
  }
}
