import * as vscode from 'vscode';
import { LONGEST_SEARCH, getOrganization, searchOrganizations, SHORTEST_SEARCH, type Organization } from '../api/organizations.js';
import { ScalekitError } from '../api/scalekitError.js';
import type { ScalekitClient } from '../api/scalekitClient.js';
import type { EnvironmentAccess } from '../editor/environmentAccess.js';
import { inEnvironment } from '../editor/environmentFailure.js';
import type { Choice, Prompts } from '../editor/prompts.js';
import type { OrganizationsView } from './organizationsView.js';

/** What a person chooses in the search: one organization, or to see only those that match. */
type Result = { readonly organization: Organization } | { readonly narrowTo: string };

/** How many loaded records are offered while the text is too short for the server. */
const MOST_LOADED = 100;

/**
 * Search Organizations…: on the server from 3 characters on, by name, id or external id; with fewer, among those that are loaded.
 * Picking one shows it in the view.
 */
export async function searchOrganizationsFlow(view: OrganizationsView, environments: EnvironmentAccess, prompts: Prompts): Promise<void> {
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
        const { organizations, query } = await findOrganizations(client, view.shownOrganizations(environment.id), text, signal);
        const choices = organizations.map((organization) => organizationChoice<Result>(organization, { organization }));
        return query === undefined || choices.length === 0 ? choices : [filterChoice<Result>(query, { narrowTo: query }), ...choices];
      },
    });
  });
  if (result === undefined || result === 'back') return;
  if ('narrowTo' in result.answer) view.narrow(environment.id, result.answer.narrowTo);
  else await view.reveal(environment.id, result.answer.organization);
}

export function searchPlaceholder(): string {
  return vscode.l10n.t('Name, ID or external ID. From {0} characters on, Scalekit searches; before, only the loaded rows', SHORTEST_SEARCH);
}

/** The organizations that match what was typed, and what the server was asked for; too short a text is looked for in `shown` alone. */
export async function findOrganizations(
  client: ScalekitClient,
  shown: readonly Organization[],
  text: string,
  signal: AbortSignal,
): Promise<{ readonly organizations: Organization[]; readonly query?: string }> {
  const query = text.trim().slice(0, LONGEST_SEARCH);
  if (query.length < SHORTEST_SEARCH) return { organizations: loadedMatches(shown, query, ({ id, displayName, externalId }) => [id, displayName, externalId]) };
  return { organizations: await onServer(client, query, signal), query };
}

/** The records with a text that holds what was typed, 100 at most. */
export function loadedMatches<T>(records: readonly T[], query: string, textsOf: (record: T) => readonly (string | undefined)[]): T[] {
  const wanted = query.toLowerCase();
  return records.filter((record) => textsOf(record).some((text) => text?.toLowerCase().includes(wanted))).slice(0, MOST_LOADED);
}

/** Scalekit's search is known to look at names; a text that is an id is also asked for as one. */
async function onServer(client: ScalekitClient, query: string, signal: AbortSignal): Promise<Organization[]> {
  const [page, byId] = await Promise.all([
    searchOrganizations(client, { query }, { signal }),
    /^org_\d+$/.test(query) ? getOrganization(client, query, { signal }).catch(noneIfNotFound) : undefined,
  ]);
  const matches = page.items.flatMap((item) => ('record' in item ? [item.record] : []));
  return byId === undefined || matches.some(({ id }) => id === byId.id) ? matches : [byId, ...matches];
}

function noneIfNotFound(error: unknown): undefined {
  if (error instanceof ScalekitError && (error.kind === 'notFound' || error.kind === 'invalid')) return undefined;
  throw error;
}

/** An organization in a list to choose from. */
export function organizationChoice<T>({ id, displayName, externalId }: Organization, value: T): Choice<T> {
  return { value, label: displayName ?? id, description: externalId, detail: id, icon: 'organization' };
}

/** Shows all that match instead of one. */
export function filterChoice<T>(query: string, value: T): Choice<T> {
  return {
    value,
    label: vscode.l10n.t('Show all that match “{0}” in the view', query),
    icon: 'filter',
    isAside: true,
  };
}
