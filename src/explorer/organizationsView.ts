import * as vscode from 'vscode';
import { getOrganization, listOrganizations, searchOrganizations, type Organization } from '../api/organizations.js';
import { isRecord } from '../api/json.js';
import { setContext } from '../editor/contextKeys.js';
import type { EnvironmentAccess, EnvironmentFacts } from '../editor/environmentAccess.js';
import { displayText } from '../editor/displayText.js';
import { Branch } from './branch.js';
import type { Branches, ListCall } from './branches.js';
import { FoundNode } from './foundNode.js';
import type { LoadMoreNode } from './loadMoreNode.js';
import { organizationNode } from './organizationNode.js';
import { ExplorerTreeView, type Roots } from './treeView.js';

/** The Organizations view: the active environment's customers and what is in them. */
export class OrganizationsView implements vscode.Disposable {
  private readonly tree: ExplorerTreeView;
  private found: FoundNode | undefined;
  private list: Branch<Organization> | undefined;
  private search: string | undefined;

  constructor(environments: EnvironmentAccess) {
    this.tree = new ExplorerTreeView('scalekit.organizations', environments, (branches) => this.wholeList(branches));
  }

  /** The rows of the view, for what acts on one of its lists. */
  get treeView(): ExplorerTreeView {
    return this.tree;
  }

  /** The environment that is shown. */
  get environment(): EnvironmentFacts | undefined {
    return this.tree.branches?.environment;
  }

  /** The organizations of an environment that are shown now: none when another one is shown. */
  shownOrganizations(environmentId: string): Organization[] {
    return this.environment?.id === environmentId ? (this.list?.records() ?? []) : [];
  }

  /** What the view searches for in an environment; undefined while it shows all, or another environment. */
  shownSearch(environmentId: string): string | undefined {
    return this.environment?.id === environmentId ? this.search : undefined;
  }

  /** Refresh, of one list when called on its row. */
  async refresh(argument: unknown): Promise<void> {
    await this.tree.refresh(argument instanceof Branch ? argument : undefined);
  }

  async loadMore(argument: unknown): Promise<void> {
    if (isLoadMoreNode(argument)) await this.tree.loadMore(argument);
  }

  /** Shows one organization: its row where it is loaded, else a row under "Found" at the top. */
  async reveal(organization: Organization): Promise<void> {
    const { branches } = this.tree;
    if (branches === undefined || this.found === undefined) return;
    const loaded = this.list?.rows().find((row) => row.id === organizationNode(organization, branches).id);
    const row = loaded ?? this.found.add(organization);
    if (loaded === undefined) this.tree.redraw();
    await this.tree.view.reveal(row, { select: true, focus: true, expand: true });
  }

  /** Reads an organization that was changed elsewhere again and shows it, if it is shown at all. */
  async refreshOrganization(organizationId: string | undefined): Promise<void> {
    const { branches } = this.tree;
    const { list } = this;
    if (branches === undefined || list === undefined || !list.records().some(({ id }) => id === organizationId)) return;
    const organization = await branches.call((client) => getOrganization(client, organizationId ?? ''));
    list.replace(({ id }) => id === organization.id, organization);
  }

  /** Lists only what Scalekit's search finds for a text of at least 3 characters, until `clearSearch`. */
  narrow(query: string): void {
    const { branches } = this.tree;
    if (branches === undefined) return;
    const search: ListCall<Organization> = (client, { pageToken }, options) => searchOrganizations(client, { query, pageToken }, options);
    const list = listOf(branches, `${branches.environment.id}/search`, vscode.l10n.t('No organization matches'), search);
    // The one list of results serves each search in turn.
    list.narrow(branches.reader(search), query);
    this.list = list;
    this.search = query;
    setContext('scalekit.organizationsFiltered', true);
    this.tree.setRoots({ list: list as Branch, rows: () => list.children(), filter: vscode.l10n.t('“{0}”', displayText(query)) });
  }

  /** Clear Search: shows the whole list again, and takes the "Found" row away. */
  clearSearch(): void {
    const { branches } = this.tree;
    if (branches === undefined) return;
    this.tree.setRoots(this.wholeList(branches));
  }

  dispose(): void {
    this.tree.dispose();
  }

  private wholeList(branches: Branches): Roots {
    const list = listOf(branches, `${branches.environment.id}/organizations`, vscode.l10n.t('No organizations yet'), (client, page, options) => listOrganizations(client, page, options));
    const found = new FoundNode(branches);
    this.list = list;
    this.found = found;
    this.search = undefined;
    setContext('scalekit.organizationsFiltered', false);
    return {
      list: list as Branch,
      rows: async () => {
        const rows = await list.children();
        return found.isEmpty ? rows : [found, ...rows];
      },
    };
  }
}

function listOf(branches: Branches, id: string, emptyLabel: string, call: ListCall<Organization>): Branch<Organization> {
  return branches.branch<Organization>({
    id,
    isRoot: true,
    label: vscode.l10n.t('Organizations'),
    icon: 'organization',
    contextValue: 'branch organizations',
    emptyLabel,
    read: branches.reader(call),
    node: (organization) => organizationNode(organization, branches),
    searchCommand: 'scalekit.organizations.search',
  });
}

function isLoadMoreNode(argument: unknown): argument is LoadMoreNode {
  return isRecord(argument) && argument['kind'] === 'loadMore' && argument['branch'] instanceof Branch;
}
