import * as vscode from 'vscode';
import type { Organization } from '../../api/organizations';
import type { OrganizationNode } from './organizationNode';
import type { TreeNode } from '../../tree/treeNode';

/** How many found organizations stay at the top, newest first. */
const MOST_FOUND = 10;

/** The row at the top for organizations that were searched for or just created and aren't on a loaded page. */
export class SearchResultsNode implements TreeNode {
  readonly kind = 'found';
  readonly id: string;
  private nodes: OrganizationNode[] = [];

  /** @param makeRow creates an organization's row beneath this one. */
  constructor(
    environmentId: string,
    private readonly makeRow: (organization: Organization, parent: TreeNode) => OrganizationNode,
  ) {
    this.id = `${environmentId}/found`;
  }

  get isEmpty(): boolean {
    return this.nodes.length === 0;
  }

  get organizationIds(): string[] {
    return this.nodes.map(({ organizationId }) => organizationId);
  }

  /** Adds an organization and returns its row. */
  add(organization: Organization): OrganizationNode {
    const node = this.makeRow(organization, this);
    this.nodes = [node, ...this.nodes.filter(({ organizationId }) => organizationId !== organization.id)].slice(
      0,
      MOST_FOUND,
    );
    return node;
  }

  holds(organizationId: string): boolean {
    return this.nodes.some((node) => node.organizationId === organizationId);
  }

  /** Updates the record of an organization in it. */
  replace(organization: Organization): void {
    this.nodes = this.nodes.map((node) =>
      node.organizationId === organization.id ? this.makeRow(organization, this) : node,
    );
  }

  /** Removes a deleted organization. */
  remove(organizationId: string): void {
    this.nodes = this.nodes.filter((node) => node.organizationId !== organizationId);
  }

  item(): vscode.TreeItem {
    const item = new vscode.TreeItem(vscode.l10n.t('Found'), vscode.TreeItemCollapsibleState.Expanded);
    item.id = this.id;
    item.iconPath = new vscode.ThemeIcon('search');
    item.contextValue = 'found';
    item.accessibilityInformation = { label: vscode.l10n.t('Found organizations, {0}', this.nodes.length) };
    item.tooltip = vscode.l10n.t('Organizations you searched for or just created that aren’t on a loaded page');
    return item;
  }

  children(): TreeNode[] {
    return this.nodes;
  }
}
