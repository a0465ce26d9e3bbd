import * as vscode from 'vscode';
import type { Domain } from '../../api/domains';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';

export interface DomainNode extends TreeNode {
  readonly kind: 'domain';
  readonly environmentId: string;
  readonly organizationId: string;
  readonly domain: Domain;
}

export function domainNode(domain: Domain, organizationId: string, parent: ListNode): DomainNode {
  const environmentId = parent.environmentId;
  const { words, icon, color } = appearance(domain.verificationStatus);
  const node: DomainNode = {
    kind: 'domain',
    id: `${parent.id}/${domain.id}`,
    parent,
    environmentId,
    organizationId,
    domain,
    document: { environmentId, path: ['organizations', organizationId, 'domains', domain.id], name: domain.domain },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Domain'),
        label: domain.domain ?? domain.id,
        states: [words, ...(domain.type === 'ALLOWED_EMAIL_DOMAIN' ? [vscode.l10n.t('allowed email domain')] : [])],
        icon,
        color,
        contextValue: ['domain', domain.verificationStatus ?? 'noStatus'].join(' '),
      }),
    tooltip: () =>
      detailsTooltip(domain.domain ?? domain.id, [
        [vscode.l10n.t('ID'), domain.id],
        [vscode.l10n.t('Status'), words],
        [
          vscode.l10n.t('DNS record'),
          domain.verificationStatus === 'PENDING' || domain.verificationStatus === 'FAILED'
            ? domain.txtRecordKey
            : undefined,
        ],
        [vscode.l10n.t('Created'), domain.createTime],
      ]),
  };
  return node;
}

function appearance(status: string | undefined): { words: string; icon: string; color?: string } {
  switch (status) {
    case 'VERIFIED':
    case 'AUTO_VERIFIED':
      return { words: vscode.l10n.t('verified'), icon: 'verified', color: 'charts.green' };
    case 'FAILED':
      return { words: vscode.l10n.t('verification failed'), icon: 'error', color: 'list.errorForeground' };
    case 'PENDING':
      return { words: vscode.l10n.t('verification pending'), icon: 'unverified', color: 'list.warningForeground' };
    default:
      return { words: vscode.l10n.t('not verified'), icon: 'globe' };
  }
}
