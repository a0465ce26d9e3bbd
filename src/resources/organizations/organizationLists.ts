import { isNotFound } from '../../core/environmentFailure';
import type { OrganizationReference } from '../../core/organizationReference';
import { ListNode } from '../../tree/listNode';
import type { OrganizationsView } from './organizationsView';
import type { ActionDependencies } from './actionDependencies';
import type { ChosenOrganization } from './chosenOrganization';

/** A list beneath an organization's row that actions change. */
export type ListKind = 'connections' | 'directories' | 'domains' | 'users' | 'clients';

/**
 * Reloads an organization's list after a change, wherever it's shown. If the list isn't found, the organization may
 * have been deleted too: its row is then removed.
 */
export async function refreshList(
  organization: OrganizationReference,
  kind: ListKind,
  view: OrganizationsView,
): Promise<void> {
  const lists = shownLists(organization, kind, view);
  await Promise.all(lists.map((list) => list.refreshAfterChange()));
  const isGone = lists.some(({ state }) => isNotFound(state.refreshError ?? state.error));
  if (isGone)
    await view.refreshOrganization(organization.environmentId, organization.organizationId).catch(() => undefined);
}

/** The IDs that an organization's list shows now. A call that is about to begin can't create any of them. */
export function shownIds(
  { environment, organization }: ChosenOrganization,
  kind: ListKind,
  view: OrganizationsView,
): ReadonlySet<string> {
  const lists = shownLists({ environmentId: environment.id, organizationId: organization.id }, kind, view) as ListNode<{
    readonly id: string;
  }>[];
  return new Set(lists.flatMap((list) => list.records()).map(({ id }) => id));
}

function shownLists(
  { environmentId, organizationId }: OrganizationReference,
  kind: ListKind,
  view: OrganizationsView,
): ListNode[] {
  return view.listsOf(environmentId, kind, organizationId).filter(({ state }) => state.phase !== 'idle');
}

/**
 * Shows something new: its row, or its document if no loaded page of the list contains it. Does nothing if another
 * environment has become active.
 */
export async function showNew(
  { environment, organization, node }: ChosenOrganization,
  kind: ListKind,
  id: string,
  { documents, organizationsView }: ActionDependencies,
): Promise<void> {
  const parent = await organizationsView.rowToShow(environment.id, organization);
  if (parent === undefined) return;
  const rows = (await (node ?? parent).children?.()) ?? [];
  const list = rows.find((row) => row instanceof ListNode && row.id.endsWith(`/${kind}`));
  const row = (await list?.children?.())?.find(({ document }) => document?.path.at(-1) === id);
  if (row !== undefined) await organizationsView.treeView.reveal(row, { focus: false });
  else await documents.open({ environmentId: environment.id, path: ['organizations', organization.id, kind, id] });
}
