import * as vscode from 'vscode';
import { getOrganization, listOrganizations, searchOrganizations, type Organization } from '../../api/organizations';
import { setContext } from '../../ui/contextKeys';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import { displayText } from '../../ui/displayText';
import { isNotFound } from '../../core/environmentFailure';
import { ListNode, type ListNodeOptions } from '../../tree/listNode';
import type { Lists, ReadPage } from '../../tree/lists';
import { SearchResultsNode } from './searchResultsNode';
import { isOrganizationNode, organizationNode, type ReadContents } from './organizationNode';
import type { PageReader } from '../../tree/pagedList';
import type { TreeNode } from '../../tree/treeNode';
import { ListTreeView, type Roots } from '../../tree/treeView';
import type { Environment } from '../../core/environment';

/** The Organizations view: the active environment's customers and what they contain. */
export class OrganizationsView implements vscode.Disposable {
  private readonly tree: ListTreeView;
  private readonly subscription: vscode.Disposable;
  private found: SearchResultsNode | undefined;
  private list: ListNode<Organization> | undefined;
  private search: string | undefined;
  /** The filtered lists, or `view` if the view itself is filtered, newest last. */
  private filtered: (ListNode | 'view')[] = [];

  constructor(
    environments: EnvironmentAccess,
    private readonly readContents: ReadContents,
  ) {
    this.tree = new ListTreeView('scalekit.organizations', environments, (lists) => this.rootsOf(lists));
    this.subscription = this.tree.view.onDidExpandElement(({ element }) => {
      if (isOrganizationNode(element)) setContext('scalekit.hasExpandedOrganization', true);
    });
  }

  /** The rows of the view, for actions on its lists. */
  get treeView(): ListTreeView {
    return this.tree;
  }

  /** The environment that is shown. */
  get environment(): Environment | undefined {
    return this.tree.lists?.environment;
  }

  /** The organizations of an environment that are shown now. Empty if another environment is shown. */
  shownOrganizations(environmentId: string): Organization[] {
    return this.environment?.id === environmentId ? (this.list?.records() ?? []) : [];
  }

  /** What the view searches for in an environment. Undefined if it shows everything, or another environment. */
  shownSearch(environmentId: string): string | undefined {
    return this.environment?.id === environmentId ? this.search : undefined;
  }

  /** Refresh: one list, if called on its row, or everything that is open, including what was found. */
  async refresh(argument: unknown): Promise<void> {
    await Promise.all([this.tree.refresh(argument), argument instanceof ListNode ? undefined : this.refreshFound()]);
  }

  /**
   * Shows one organization of an environment, if that is the active one: its row if it's loaded, or else a row under
   * "Found" at the top.
   */
  async reveal(environmentId: string, organization: Organization, { focus = true } = {}): Promise<void> {
    const row = await this.rowToShow(environmentId, organization);
    if (row !== undefined) await this.tree.reveal(row, { focus });
  }

  /**
   * The row of an organization of an environment, if that is the active one. Reads the list first if nobody has looked
   * yet.
   */
  async rowToShow(environmentId: string, organization: Organization): Promise<TreeNode | undefined> {
    await this.tree.topRows();
    return this.environment?.id === environmentId ? this.rowOf(organization) : undefined;
  }

  /** Reloads the list of an environment's organizations after a change, if it's shown. */
  async refreshList(environmentId: string): Promise<void> {
    if (this.environment?.id === environmentId && this.list?.state.phase !== 'idle')
      await this.list?.refreshAfterChange();
  }

  /**
   * The lists of one kind, for example `users`, of an environment's organizations, or of one of them. Empty while
   * another environment is shown. An organization with a second row, under "Found", has two.
   */
  listsOf(environmentId: string, kind: string, organizationId?: string): ListNode[] {
    const { lists: known } = this.tree;
    if (known?.environment.id !== environmentId) return [];
    const isIt = (row: TreeNode | undefined): boolean =>
      isOrganizationNode(row) && (organizationId ?? row.organizationId) === row.organizationId;
    return known.all().filter(({ id, parent }) => isIt(parent) && id === `${parent?.id}/${kind}`);
  }

  /** Reloads all organizations' lists of one kind after a change in what they show. */
  async refreshLists(environmentId: string, kind: string): Promise<void> {
    await this.tree.refreshAfterChange(this.listsOf(environmentId, kind));
  }

  /** Reads an organization that was changed elsewhere, and updates its row, if it's shown. */
  async refreshOrganization(environmentId: string, organizationId: string): Promise<void> {
    const { lists: known } = this.tree;
    if (known?.environment.id !== environmentId || !this.shows(organizationId)) return;
    try {
      this.update(
        environmentId,
        await known.call((client) => getOrganization(client, organizationId, { fresh: true })),
      );
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.remove(environmentId, organizationId);
    }
  }

  /** Updates all rows of an organization. */
  update(environmentId: string, organization: Organization): void {
    if (this.environment?.id !== environmentId) return;
    const isIt = ({ id }: Organization): boolean => id === organization.id;
    const shown = this.asListed(organization);
    this.found?.replace(shown);
    for (const list of this.lists()) if (list.records().some(isIt)) list.replace(isIt, shown);
    this.tree.redraw();
  }

  /** Removes all rows of a deleted organization. */
  remove(environmentId: string, organizationId: string): void {
    const { lists: known } = this.tree;
    if (known?.environment.id !== environmentId) return;
    const isIt = ({ id }: Organization): boolean => id === organizationId;
    const rows = [...this.lists().flatMap((list) => list.rows()), ...(this.found?.children() ?? [])];
    for (const row of rows)
      if (isOrganizationNode(row) && row.organizationId === organizationId) known.forgetBeneath(row);
    this.found?.remove(organizationId);
    for (const list of this.lists()) list.remove(isIt);
    const isNothingFound = this.search === undefined && this.found?.isEmpty === true;
    this.updateFiltered(this.filtered.filter((target) => (target === 'view' ? !isNothingFound : known.holds(target))));
    this.tree.redraw();
  }

  /**
   * Lists only what Scalekit's search finds in an environment, if it's shown, for a text of at least 3 characters,
   * until `clearSearch`.
   */
  showSearch(environmentId: string, query: string): void {
    const { lists: known } = this.tree;
    if (known?.environment.id !== environmentId) return;
    const search: ReadPage<Organization> = (client, { pageToken }, options) =>
      searchOrganizations(client, { query, pageToken }, options);
    const list = this.listOf(
      known,
      `${known.environment.id}/search`,
      { emptyLabel: vscode.l10n.t('No organization matches') },
      search,
    );
    // All searches share one list of results.
    list.setFilter(known.reader(search), query);
    this.list = list;
    this.search = query;
    this.setFiltered('view', true);
    this.tree.setRoots({
      list: list as ListNode,
      rows: () => list.children(),
      filterMessage: (count) => filterMessage(count, displayText(query)),
    });
  }

  /**
   * From now on, shows a list as `read` returns it, until `clearSearch`. `filter` describes it. Does nothing if the
   * list is no longer shown.
   */
  filterList<T>(list: ListNode<T>, read: PageReader<T>, filter: string): void {
    if (this.tree.lists?.holds(list) !== true) return;
    list.setFilter(read, filter);
    this.setFiltered(list as ListNode, true);
  }

  /**
   * Clear Search: shows the whole list again, if called on one. Otherwise clears the newest filter. For the view
   * itself, also removes the "Found" row.
   */
  clearSearch(argument?: unknown): void {
    const target =
      argument instanceof ListNode
        ? (argument as ListNode)
        : argument instanceof SearchResultsNode
          ? 'view'
          : this.filtered.at(-1);
    if (target !== undefined) this.clear(target);
  }

  dispose(): void {
    this.subscription.dispose();
    this.tree.dispose();
  }

  private clear(target: ListNode | 'view'): void {
    const { lists: known } = this.tree;
    if (known === undefined) return;
    this.setFiltered(target, false);
    if (target === 'view') this.tree.setRoots(this.showWholeList(known));
    else if (target.isFiltered) target.clearFilter();
  }

  /**
   * The row of an organization. If no loaded page contains it, clears the view's search, then creates it under "Found".
   */
  private rowOf(organization: Organization): TreeNode | undefined {
    const { lists: known } = this.tree;
    if (known === undefined) return undefined;
    const { id } = organizationNode(organization, known, this.readContents);
    const loaded = (): TreeNode | undefined => this.list?.rows().find((row) => row.id === id);
    let row = loaded();
    if (row === undefined && this.search !== undefined) {
      this.clear('view');
      row = loaded();
    }
    if (row !== undefined || this.found === undefined) return row;
    const found = this.found.add(this.asListed(organization));
    this.setFiltered('view', true);
    this.tree.redraw();
    return found;
  }

  /**
   * Reads the found organizations again, unless a search has replaced them. If one can't be read, it stays as it is.
   */
  private async refreshFound(): Promise<void> {
    const environmentId = this.environment?.id;
    if (environmentId === undefined || this.search !== undefined) return;
    await Promise.all(
      this.found?.organizationIds.map((id) => this.refreshOrganization(environmentId, id).catch(() => undefined)) ?? [],
    );
  }

  /**
   * An organization as its list would return it, so that its row looks like those around it, before and after a change.
   * Lists may leave out the features (docs/scalekit-api.md, 2.2). Then only the hover shows them, which reads the
   * organization itself.
   */
  private asListed(organization: Organization): Organization {
    const records = this.lists().flatMap((list) => list.records());
    return records.some(({ features }) => features === undefined)
      ? { ...organization, features: undefined }
      : organization;
  }

  private shows(organizationId: string): boolean {
    const isIt = ({ id }: Organization): boolean => id === organizationId;
    return this.lists().some((list) => list.records().some(isIt)) || this.found?.holds(organizationId) === true;
  }

  /** The whole list and the search results, one of which is at the top. */
  private lists(): ListNode<Organization>[] {
    return (this.tree.lists?.all() ?? []).filter(({ isRoot }) => isRoot) as ListNode<Organization>[];
  }

  /** Starts to show an environment. */
  private rootsOf(lists: Lists): Roots {
    this.updateFiltered([]);
    return this.showWholeList(lists);
  }

  private setFiltered(target: ListNode | 'view', isFiltered: boolean): void {
    this.updateFiltered([...this.filtered.filter((other) => other !== target), ...(isFiltered ? [target] : [])]);
  }

  private updateFiltered(filtered: (ListNode | 'view')[]): void {
    this.filtered = filtered;
    setContext('scalekit.organizationsFiltered', this.filtered.length > 0);
  }

  private showWholeList(lists: Lists): Roots {
    const create = {
      label: vscode.l10n.t('Create Organization…'),
      icon: 'add',
      command: 'scalekit.organization.create',
    };
    const list = this.listOf(
      lists,
      `${lists.environment.id}/organizations`,
      { emptyLabel: vscode.l10n.t('No organizations yet'), emptyAction: create },
      (client, page, options) => listOrganizations(client, page, options),
    );
    const found = new SearchResultsNode(lists.environment.id, (organization, parent) =>
      organizationNode(organization, lists, this.readContents, parent),
    );
    this.list = list;
    this.found = found;
    this.search = undefined;
    return {
      list: list as ListNode,
      rows: async () => {
        const rows = await list.children();
        return found.isEmpty ? rows : [found, ...rows];
      },
    };
  }

  private listOf(
    lists: Lists,
    id: string,
    empty: Pick<ListNodeOptions<Organization>, 'emptyLabel' | 'emptyAction'>,
    call: ReadPage<Organization>,
  ): ListNode<Organization> {
    return lists.getOrCreate<Organization>({
      id,
      isRoot: true,
      label: vscode.l10n.t('Organizations'),
      icon: 'organization',
      contextValue: 'list organizations',
      ...empty,
      read: lists.reader(call),
      node: (organization) => organizationNode(organization, lists, this.readContents),
      searchCommand: 'scalekit.organizations.search',
    });
  }
}

/** Says above the rows that they're only what a search found. `count` is how many that are, if known. */
function filterMessage(count: number | undefined, query: string): string {
  const shown =
    count === undefined
      ? vscode.l10n.t('Only organizations that match “{0}”.', query)
      : count === 1
        ? vscode.l10n.t('1 organization matches “{0}”.', query)
        : vscode.l10n.t('{0} organizations match “{1}”.', count.toLocaleString(vscode.env.language), query);
  return `${shown} ${vscode.l10n.t('Press Escape to clear.')}`;
}
