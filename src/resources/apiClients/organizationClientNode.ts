import * as vscode from 'vscode';
import type { OrganizationClient } from '../../api/organizationClients';
import { durationInWords } from '../../ui/duration';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';

export interface OrganizationClientNode extends TreeNode {
  readonly kind: 'organizationClient';
  readonly environmentId: string;
  readonly organizationId: string;
  readonly client: OrganizationClient;
}

export function organizationClientNode(
  client: OrganizationClient,
  organizationId: string,
  parent: ListNode,
): OrganizationClientNode {
  const environmentId = parent.environmentId;
  const active = client.secrets.filter(({ status }) => status !== 'INACTIVE');
  const node: OrganizationClientNode = {
    kind: 'organizationClient',
    id: `${parent.id}/${client.id}`,
    parent,
    environmentId,
    organizationId,
    client,
    document: { environmentId, path: ['organizations', organizationId, 'clients', client.id], name: client.name },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('API client'),
        label: client.name ?? client.id,
        states: active.length === 0 ? [vscode.l10n.t('no active secret')] : [],
        spokenState: active.length === 0 ? undefined : vscode.l10n.t('active'),
        detail: client.name === undefined ? undefined : client.id,
        icon: 'key',
        color: active.length === 0 ? 'list.warningForeground' : undefined,
        contextValue: 'organizationClient',
      }),
    tooltip: () =>
      detailsTooltip(client.name ?? client.id, [
        [vscode.l10n.t('Client ID'), client.id],
        [vscode.l10n.t('Description'), client.description],
        [vscode.l10n.t('Secrets'), active.map(({ suffix }) => `…${suffix ?? ''}`).join(', ')],
        [vscode.l10n.t('Scopes'), client.scopes.join(', ')],
        [vscode.l10n.t('Audience'), client.audience.join(', ')],
        [
          vscode.l10n.t('Token lifetime'),
          client.tokenLifetimeSeconds === undefined
            ? undefined
            : durationInWords(client.tokenLifetimeSeconds * 1000, vscode.env.language),
        ],
        [vscode.l10n.t('Created'), client.createTime],
      ]),
  };
  return node;
}
