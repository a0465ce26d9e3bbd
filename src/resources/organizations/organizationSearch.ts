import * as vscode from 'vscode';
import {
  getOrganization,
  getOrganizationByExternalId,
  isSearchable,
  searchOrganizations as callSearch,
  searchQuery,
  SHORTEST_SEARCH,
  type Organization,
} from '../../api/organizations';
import { ScalekitError } from '../../api/client/scalekitError';
import type { ScalekitClient } from '../../api/client/scalekitClient';
import { records } from '../../api/page';
import type { Environment } from '../../core/environment';
import type { EnvironmentAccess } from '../../core/environmentAccess';
import { inEnvironment } from '../../core/environmentFailure';
import type { Choice, Note, Prompts } from '../../ui/prompts';
import type { OrganizationsView } from './organizationsView';

/** What the user chooses in the search: one organization, or to filter the view. */
type Result = { readonly organization: Organization } | { readonly filterBy: string };

/** How many loaded records to offer while the text is too short for the server. */
const MOST_LOADED = 100;

/**
 * Search Organizations…: from 3 characters, searches on the server by name, ID or external ID. With fewer, searches the
 * loaded ones. Choosing one shows it in the view.
 */
export async function searchOrganizations(
  view: OrganizationsView,
  environments: EnvironmentAccess,
  prompts: Prompts,
): Promise<void> {
  await environments.ready();
  const environment = environments.active();
  if (environment === undefined) return;
  await vscode.commands.executeCommand('scalekit.organizations.focus');
  const result = await inEnvironment(environment, async () => {
    const client = await environments.client(environment.id);
    return prompts.search<Result>({
      title: vscode.l10n.t('Search Organizations of {0}', environment.name),
      placeholder: searchPlaceholder(),
      search: async (text, signal) => {
        const { organizations, query, notes } = await findOrganizations(
          client,
          view.shownOrganizations(environment.id),
          text,
          signal,
        );
        const choices = organizations.map((organization) => organizationChoice<Result>(organization, { organization }));
        return query === undefined
          ? [...notes, ...choices]
          : [filterChoice<Result>(query, { filterBy: query }), ...choices];
      },
    });
  });
  if (result === undefined || result === 'back') return;
  if ('filterBy' in result.answer) view.showSearch(environment.id, result.answer.filterBy);
  else await view.reveal(environment.id, result.answer.organization);
}

export function searchPlaceholder(): string {
  return vscode.l10n.t(
    'Name, ID or external ID ({0}+ characters search Scalekit; fewer filter the loaded rows)',
    SHORTEST_SEARCH,
  );
}

/** The organizations of any environment that match a text, as choices. */
export async function matchingOrganizations(
  view: OrganizationsView,
  environments: EnvironmentAccess,
  environment: Environment,
  text: string,
  signal: AbortSignal,
): Promise<readonly (Choice<Organization> | Note)[]> {
  return inEnvironment(environment, async () => {
    const client = await environments.client(environment.id);
    const shown = view.shownOrganizations(environment.id);
    const { organizations, notes } = await findOrganizations(client, shown, text, signal);
    return [...notes, ...organizations.map((organization) => organizationChoice(organization, organization))];
  });
}

/** The organizations that match the typed text. */
export interface FoundOrganizations {
  readonly organizations: readonly Organization[];
  /** The text for which Scalekit's search found something. */
  readonly query?: string;
  /** What the user should know about the result. */
  readonly notes: readonly Note[];
}

/** Searches for the typed text: on the server, or only in `shown` while the text is too short for that. */
export async function findOrganizations(
  client: ScalekitClient,
  shown: readonly Organization[],
  text: string,
  signal: AbortSignal,
): Promise<FoundOrganizations> {
  const wanted = text.trim();
  const query = searchQuery(text);
  const loaded = (): Organization[] =>
    loadedMatches(shown, query, ({ id, displayName, externalId }) => [id, displayName, externalId]);
  if (!isSearchable(query)) return { organizations: loaded(), notes: [] };
  const [found, exact] = await Promise.all([search(client, query, signal), findExactly(client, wanted, signal)]);
  if ('missing' in found) {
    const note = vscode.l10n.t(
      'No search in this environment (HTTP {0}). Only exact IDs, exact external IDs and the loaded rows are found',
      found.missing,
    );
    return { organizations: withFirst(exact, loaded()), notes: [{ note }] };
  }
  const { matches } = found;
  return { organizations: withFirst(exact, matches), ...(matches.length === 0 ? {} : { query }), notes: [] };
}

/** The records with a text that contains what was typed, at most 100. */
export function loadedMatches<T>(
  records: readonly T[],
  query: string,
  textsOf: (record: T) => readonly (string | undefined)[],
): T[] {
  const wanted = query.toLowerCase();
  return records
    .filter((record) => textsOf(record).some((text) => text?.toLowerCase().includes(wanted)))
    .slice(0, MOST_LOADED);
}

/** Scalekit's search results. The search is a preview (docs/scalekit-api.md, 2.2), so it may be missing. */
async function search(
  client: ScalekitClient,
  query: string,
  signal: AbortSignal,
): Promise<{ readonly matches: Organization[] } | { readonly missing: number }> {
  try {
    return { matches: records(await callSearch(client, { query }, { signal, fresh: true })) };
  } catch (error) {
    const { server, status } = error instanceof ScalekitError ? error.details : {};
    if (server !== 'api' || (status !== 404 && status !== 501)) throw error;
    return { missing: status };
  }
}

/**
 * Scalekit's search is only known to match names, so this also looks up the text as an ID if it looks like one, or else
 * as an external ID.
 */
async function findExactly(
  client: ScalekitClient,
  text: string,
  signal: AbortSignal,
): Promise<Organization | undefined> {
  const options = { signal, fresh: true };
  try {
    return await (/^org_\d+$/.test(text)
      ? getOrganization(client, text, options)
      : getOrganizationByExternalId(client, text, options));
  } catch (error) {
    // Most texts aren't an organization's ID. If something is wrong with the environment, the search reports it.
    if (error instanceof ScalekitError && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}

function withFirst(first: Organization | undefined, others: readonly Organization[]): readonly Organization[] {
  return first === undefined ? others : [first, ...others.filter(({ id }) => id !== first.id)];
}

/** An organization as a choice. */
export function organizationChoice<T>({ id, displayName, externalId }: Organization, value: T): Choice<T> {
  return { value, label: displayName ?? id, description: externalId, detail: id, icon: 'organization' };
}

/** Shows all matches instead of one. */
export function filterChoice<T>(query: string, value: T): Choice<T> {
  return {
    value,
    label: vscode.l10n.t('Show all that match “{0}” in the view', query),
    icon: 'filter',
    notPreselected: true,
  };
}
