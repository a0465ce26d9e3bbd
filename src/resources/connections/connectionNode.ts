import * as vscode from 'vscode';
import type { Connection } from '../../api/connections';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';
import { onOff, providerName, setupState } from '../../tree/labels';

/** A row for a connection. Without an organization, it's the environment's own. */
export interface ConnectionNode extends TreeNode {
  readonly kind: 'connection';
  readonly environmentId: string;
  readonly organizationId?: string;
  readonly connection: Connection;
}

export function connectionNode(connection: Connection, parent: ListNode): ConnectionNode {
  const environmentId = parent.environmentId;
  const { organizationId } = connection;
  const name = [providerName(connection.provider), ...(connection.type === undefined ? [] : [connection.type])].join(
    ' · ',
  );
  const node: ConnectionNode = {
    kind: 'connection',
    id: `${parent.id}/${connection.id}`,
    parent,
    environmentId,
    organizationId,
    connection,
    document: {
      environmentId,
      path:
        organizationId === undefined
          ? ['connections', connection.id]
          : ['organizations', organizationId, 'connections', connection.id],
      name,
    },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Connection'),
        label: name,
        states: [setupState(connection.status) ?? onOff(connection.enabled)],
        detail: connection.domains.length > 0 ? connection.domains.join(', ') : connection.keyId,
        icon: setupState(connection.status) !== undefined ? 'tools' : connection.enabled ? 'plug' : 'debug-disconnect',
        color: setupState(connection.status) !== undefined ? 'list.warningForeground' : undefined,
        contextValue: [
          'connection',
          connection.enabled ? 'enabled' : 'disabled',
          connection.status ?? 'noStatus',
          organizationId === undefined ? 'ofEnvironment' : 'ofOrganization',
        ].join(' '),
      }),
    tooltip: () =>
      detailsTooltip(providerName(connection.provider), [
        [vscode.l10n.t('ID'), connection.id],
        [vscode.l10n.t('Protocol'), connection.type],
        [vscode.l10n.t('Status'), missing(connection) ?? onOff(connection.enabled)],
        [vscode.l10n.t('Domains'), connection.domains.join(', ')],
        [vscode.l10n.t('Key'), connection.keyId],
        [vscode.l10n.t('Created'), connection.createTime],
      ]),
  };
  return node;
}

/** What an unfinished connection needs before anyone can sign in with it. */
function missing(connection: Connection): string | undefined {
  switch (connection.status) {
    case 'DRAFT':
      return vscode.l10n.t(
        'Draft. The identity provider isn’t configured yet. Send the customer an admin portal link.',
      );
    case 'IN_PROGRESS':
      return connection.domains.length === 0
        ? vscode.l10n.t(
            'Setup in progress. No domain is assigned, and the identity provider’s settings aren’t complete.',
          )
        : vscode.l10n.t('Setup in progress. The identity provider’s settings aren’t complete.');
    default:
      return undefined;
  }
}
