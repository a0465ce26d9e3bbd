import * as vscode from 'vscode';
import { getOrganization, type Organization } from '../../api/organizations';
import { isRecord, readTime } from '../../api/json';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import type { OrganizationReference } from '../../core/organizationReference';
import type { Lists } from '../../tree/lists';
import { detailsTooltip, resourceItem, type TreeNode } from '../../tree/treeNode';
import { onOff } from '../../tree/labels';

/** A row for one organization and its contents. It's the argument of commands on it. */
export interface OrganizationNode extends TreeNode, OrganizationReference {
  readonly kind: 'organization';
  readonly organization: Organization;
}

/** Reads the rows beneath an organization's. Their code is loaded when the first row is opened. */
export type ReadContents = (organization: OrganizationNode, lists: Lists) => TreeNode[] | Promise<TreeNode[]>;

/** @param parent the row that contains it. Absent for a row at the top. */
export function organizationNode(
  organization: Organization,
  lists: Lists,
  readContents: ReadContents,
  parent?: TreeNode,
): OrganizationNode {
  const environmentId = lists.environment.id;
  const node: OrganizationNode = {
    kind: 'organization',
    id: `${parent?.id ?? environmentId}/organization/${organization.id}`,
    parent,
    environmentId,
    organizationId: organization.id,
    organization,
    document: { environmentId, path: ['organizations', organization.id], name: organization.displayName },
    item: () =>
      resourceItem(node, {
        type: vscode.l10n.t('Organization'),
        label: organization.displayName ?? organization.id,
        states: featureStates(organization),
        spokenState:
          organization.features?.some(({ enabled }) => enabled) === false
            ? vscode.l10n.t('no features enabled')
            : undefined,
        detail: organization.externalId,
        icon: 'organization',
        contextValue: [
          'organization',
          ...(organization.externalId === undefined ? [] : ['hasExternalId']),
          ...(organization.features === undefined
            ? []
            : [
                featureStates(organization).includes('SSO') ? 'ssoEnabled' : 'ssoDisabled',
                featureStates(organization).includes('SCIM') ? 'scimEnabled' : 'scimDisabled',
              ]),
        ].join(' '),
      }),
    tooltip: async (signal) =>
      tooltip(await lists.call((client) => readForHover(client, organization, signal)).catch(() => organization)),
    children: () => readContents(node, lists),
  };
  return node;
}

/**
 * The list may leave out the settings (docs/scalekit-api.md, 2.2), so this reads the organization itself, past the
 * cache if the cached one is older than the row's.
 */
async function readForHover(client: ScalekitClient, row: Organization, signal: AbortSignal): Promise<Organization> {
  const read = await getOrganization(client, row.id, { signal });
  const isOlder =
    (row.updateTime ?? '') > (read.updateTime ?? '') ||
    (row.features !== undefined && featureStates(row).join() !== featureStates(read).join());
  return isOlder ? getOrganization(client, row.id, { fresh: true, signal }) : read;
}

/** Whether a value, for example a command's argument, is an organization's row. */
export function isOrganizationNode(value: unknown): value is OrganizationNode {
  return isRecord(value) && value['kind'] === 'organization' && typeof value['organizationId'] === 'string';
}

/** The enabled features, by the names that users know. */
function featureStates({ features = [] }: Organization): string[] {
  return features.filter(({ enabled }) => enabled).map(({ name }) => featureName(name));
}

function featureName(name: string): string {
  switch (name) {
    case 'sso':
      return 'SSO';
    case 'dir_sync':
    case 'directory_sync':
      return 'SCIM';
    default:
      return name;
  }
}

function tooltip(organization: Organization): vscode.MarkdownString {
  return detailsTooltip(organization.displayName ?? organization.id, [
    [vscode.l10n.t('ID'), organization.id],
    [vscode.l10n.t('External ID'), organization.externalId],
    [vscode.l10n.t('Slug'), organization.slug],
    [vscode.l10n.t('Region'), organization.regionCode],
    [
      vscode.l10n.t('Features'),
      organization.features?.map(({ name, enabled }) => `${featureName(name)} ${onOff(enabled)}`).join(', '),
    ],
    [
      vscode.l10n.t('Metadata'),
      Object.entries(organization.metadata)
        .map(([key, value]) => `${key}: ${value}`)
        .join(', '),
    ],
    [vscode.l10n.t('Created'), readTime(organization.createTime)],
    [vscode.l10n.t('Updated'), readTime(organization.updateTime)],
  ]);
}
