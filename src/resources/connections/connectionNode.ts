import * as vscode from 'vscode';
import type { Connection } from '../../api/connections';
import type { ListNode } from '../../tree/listNode';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';
import { onOff, onOffLine, protocolName, providerName, setupState } from '../../tree/labels';

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
  const protocol = connection.type && protocolName(connection.type);
  const name = [providerName(connection.provider), ...(protocol === undefined ? [] : [protocol])].join(' · ');
  const setup = setupState(connection.status);
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
        // What tells connections apart comes first: the icon shows the state already.
        states:
          connection.domains.length > 0 ? connection.domains : connection.keyId === undefined ? [] : [connection.keyId],
        spokenState: setup === undefined ? onOff(connection.enabled) : undefined,
        detail: setup,
        icon: setup !== undefined ? 'tools' : connection.enabled ? 'plug' : 'debug-disconnect',
        color: setup !== undefined ? 'list.warningForeground' : undefined,
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
        [vscode.l10n.t('Protocol'), protocol],
        [vscode.l10n.t('Status'), missing(connection) ?? onOffLine(connection.enabled)],
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
