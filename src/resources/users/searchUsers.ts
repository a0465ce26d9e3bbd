import * as vscode from 'vscode';
import { isSearchable, searchQuery, SHORTEST_SEARCH } from '../../api/organizations';
import { records } from '../../api/page';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import { searchOrganizationUsers, type User } from '../../api/users';
import { displayText } from '../../ui/displayText';
import type { Choice, Prompts } from '../../ui/prompts';
import { ListNode } from '../../tree/listNode';
import type { ReadPage } from '../../tree/lists';
import { isOrganizationNode } from '../organizations/organizationNode';
import { filterChoice, loadedMatches } from '../organizations/organizationSearch';
import type { OrganizationsView } from '../organizations/organizationsView';

/** What the user chooses: one of the found users, or to filter the list. */
type Result = ({ readonly user: User } | { readonly filter: true }) & { readonly query?: string };

/**
 * Search Users… of an organization, called on its list of users. From 3 characters, searches on the server by email
 * address, name or ID. With fewer, searches the loaded ones. A found user whose row isn't loaded is shown in the
 * filtered list.
 */
export async function searchUsers(argument: unknown, view: OrganizationsView, prompts: Prompts): Promise<void> {
  const { lists } = view.treeView;
  if (!(argument instanceof ListNode) || lists === undefined || !isOrganizationNode(argument.parent)) return;
  const list = argument as ListNode<User>;
  const { organizationId, organization } = argument.parent;
  const searchCall =
    (query: string): ReadPage<User> =>
    (client, { pageToken }, options) =>
      searchOrganizationUsers(client, organizationId, { query, pageToken }, options);

  const result = await lists.call((client) =>
    prompts.search<Result>({
      title: vscode.l10n.t('Search Users of {0}', organization.displayName ?? organizationId),
      placeholder: vscode.l10n.t(
        'Email address, name or ID ({0}+ characters search Scalekit; fewer filter the loaded rows)',
        SHORTEST_SEARCH,
      ),
      search: async (text, signal) => {
        const query = searchQuery(text);
        if (!isSearchable(query))
          return loadedMatches(list.records(), query, textsOf).map((user) => userChoice({ user }));
        const users = await find(client, organizationId, query, signal);
        const choices = users.map((user) => userChoice({ user, query }));
        return choices.length === 0 ? [] : [filterChoice<Result>(query, { filter: true, query }), ...choices];
      },
    }),
  );
  // Its environment or organization may be gone by now.
  if (result === undefined || result === 'back' || !lists.holds(list)) return;
  const { answer } = result;
  const user = 'user' in answer ? answer.user : undefined;
  const isLoaded = user !== undefined && list.records().some(({ id }) => id === user.id);
  if (answer.query !== undefined && !isLoaded) {
    view.filterList(
      list as ListNode,
      lists.reader(searchCall(answer.query)),
      vscode.l10n.t('“{0}”', displayText(answer.query)),
    );
  }
  const rows = await list.children();
  const row = rows.find(({ id }) => id === `${list.id}/${user?.id ?? ''}`) ?? rows[0];
  if (row !== undefined) await view.treeView.reveal(row);
}

async function find(
  client: ScalekitClient,
  organizationId: string,
  query: string,
  signal: AbortSignal,
): Promise<User[]> {
  return records(await searchOrganizationUsers(client, organizationId, { query }, { signal, fresh: true }));
}

function textsOf({ id, email, name, externalId }: User): (string | undefined)[] {
  return [id, email, name, externalId];
}

function userChoice<T extends { readonly user: User }>(value: T): Choice<T> {
  const { id, email, name } = value.user;
  return {
    value,
    label: name ?? email ?? id,
    description: name === undefined ? undefined : email,
    detail: id,
    icon: 'person',
  };
}
