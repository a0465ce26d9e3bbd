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

/** How many loaded organizations are offered while the text is too short for the server. */
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
      placeholder: vscode.l10n.t('Name, ID or external ID; from {0} characters on Scalekit searches', SHORTEST_SEARCH),
      search: async (text, signal) => {
        const query = text.trim().slice(0, LONGEST_SEARCH);
        if (query.length < SHORTEST_SEARCH) return loaded(view.shownOrganizations(environment.id), query).map(choiceOf);
        const found = await onServer(client, query, signal);
        return found.length === 0 ? [] : [narrowChoice(query), ...found.map(choiceOf)];
      },
    });
  });
  if (result === undefined || result === 'back') return;
  if ('narrowTo' in result.answer) view.narrow(result.answer.narrowTo);
  else await view.reveal(result.answer.organization);
}

function loaded(organizations: readonly Organization[], query: string): Organization[] {
  const wanted = query.toLowerCase();
  return organizations
    .filter(({ id, displayName, externalId }) => [id, displayName, externalId].some((text) => text?.toLowerCase().includes(wanted)))
    .slice(0, MOST_LOADED);
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

function choiceOf(organization: Organization): Choice<Result> {
  return {
    value: { organization },
    label: organization.displayName ?? organization.id,
    description: organization.externalId,
    detail: organization.id,
    icon: 'organization',
  };
}

function narrowChoice(query: string): Choice<Result> {
  return {
    value: { narrowTo: query },
    label: vscode.l10n.t('Show all that match “{0}” in the view', query),
    icon: 'filter',
    isAside: true,
  };
}
