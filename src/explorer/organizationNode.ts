import * as vscode from 'vscode';
import type { Organization } from '../api/organizations.js';
import { displayText } from '../editor/displayText.js';
import type { OrganizationReference } from '../editor/organizationReference.js';

/** A row for one organization; the argument that commands on it take. */
export interface OrganizationNode extends OrganizationReference {
  readonly kind: 'organization';
  readonly organization: Organization;
}

export function organizationItem(node: OrganizationNode): vscode.TreeItem {
  const { organization } = node;
  const name = displayText(organization.displayName ?? organization.id);
  const item = new vscode.TreeItem(name);
  item.id = `${node.environmentId}/organization/${node.organizationId}`;
  item.description = displayText(organization.externalId ?? '');
  item.iconPath = new vscode.ThemeIcon('organization');
  item.contextValue = organization.externalId === undefined ? 'organization' : 'organization hasExternalId';
  item.command = { command: 'scalekit.organization.open', title: vscode.l10n.t('Open as JSON'), arguments: [node] };
  item.accessibilityInformation = {
    label:
      organization.externalId === undefined
        ? vscode.l10n.t('Organization {0}', name)
        : vscode.l10n.t('Organization {0}, external ID {1}', name, displayText(organization.externalId)),
  };
  return item;
}

/** What matters about an organization, made when a person hovers. Server text is escaped and nothing in it is trusted. */
export function organizationTooltip({ organization }: OrganizationNode): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendMarkdown('**').appendText(displayText(organization.displayName ?? organization.id)).appendMarkdown('**\n\n');
  const line = (label: string, value: string | undefined): void => {
    if (value === undefined) return;
    tooltip.appendMarkdown(`${label}: `).appendText(displayText(value)).appendMarkdown('  \n');
  };
  const date = (time: Date | undefined): string | undefined => time?.toLocaleString(vscode.env.language);
  line(vscode.l10n.t('ID'), organization.id);
  line(vscode.l10n.t('External ID'), organization.externalId);
  line(vscode.l10n.t('Slug'), organization.slug);
  line(vscode.l10n.t('Region'), organization.regionCode);
  line(vscode.l10n.t('Created'), date(organization.createTime));
  line(vscode.l10n.t('Updated'), date(organization.updateTime));
  for (const feature of organization.features ?? []) {
    line(vscode.l10n.t('Feature {0}', displayText(feature.name)), feature.enabled ? vscode.l10n.t('on') : vscode.l10n.t('off'));
  }
  const metadata = Object.entries(organization.metadata);
  if (metadata.length > 0) line(vscode.l10n.t('Metadata'), metadata.map(([key, value]) => `${key}: ${value}`).join(', '));
  return tooltip;
}
