import * as vscode from 'vscode';
import type { Organization } from '../../api/organizations';
import type { Environment } from '../../core/environment';
import { inEnvironment, isNotFound } from '../../core/environmentFailure';
import { isOrganizationNode, type OrganizationNode } from './organizationNode';
import { findOrganizations, organizationChoice, searchPlaceholder } from './organizationSearch';
import type { TreeNode } from '../../tree/treeNode';
import type { ActionDependencies } from './actionDependencies';

export interface ChosenOrganization {
  readonly environment: Environment;
  readonly organization: Organization;
  /** Its row, if the action was chosen on it or on something in it. */
  readonly node?: OrganizationNode;
}

/**
 * The organization for an action: that of the row, or else one of the active environment's, which the user chooses.
 * Undefined if the user cancels, or if there's no environment.
 *
 * @throws EnvironmentFailure
 */
export async function chosenOrganization(
  argument: unknown,
  title: string,
  dependencies: ActionDependencies,
): Promise<ChosenOrganization | undefined> {
  const { environments, organizationsView, prompts } = dependencies;
  const node = organizationsView.treeView.hasShown(argument) ? organizationOf(argument) : undefined;
  if (node !== undefined) {
    const environment = environments.get(node.environmentId);
    return environment === undefined ? undefined : { environment, organization: node.organization, node };
  }
  await environments.ready();
  const environment = environments.active();
  if (environment === undefined) return undefined;
  const result = await inEnvironment(environment, async () => {
    const client = await environments.client(environment.id);
    return prompts.search<Organization>({
      title: vscode.l10n.t('{0}: Which Organization of {1}?', title, environment.name),
      placeholder: searchPlaceholder(),
      search: async (text, signal) => {
        const { organizations, notes } = await findOrganizations(
          client,
          organizationsView.shownOrganizations(environment.id),
          text,
          signal,
        );
        return [...notes, ...organizations.map((organization) => organizationChoice(organization, organization))];
      },
    });
  });
  return result === undefined || result === 'back' ? undefined : { environment, organization: result.answer };
}

/**
 * Runs a task with the organization that the user chooses. If Scalekit then says that something wasn't found, the
 * chosen organization may have been deleted: its row is then removed. If it came from a row, this is checked as after
 * every action on a row.
 *
 * @throws EnvironmentFailure
 */
export async function withOrganization(
  argument: unknown,
  title: string,
  dependencies: ActionDependencies,
  task: (chosen: ChosenOrganization) => Promise<void>,
): Promise<void> {
  const chosen = await chosenOrganization(argument, title, dependencies);
  if (chosen === undefined) return;
  try {
    await task(chosen);
  } catch (error) {
    if (chosen.node === undefined && isNotFound(error))
      await dependencies.organizationsView
        .refreshOrganization(chosen.environment.id, chosen.organization.id)
        .catch(() => undefined);
    throw error;
  }
}

/** The organization of a row: the row itself, or the one that contains it. */
export function organizationOf(node: TreeNode): OrganizationNode | undefined {
  for (let row: TreeNode | undefined = node; row !== undefined; row = row.parent)
    if (isOrganizationNode(row)) return row;
  return undefined;
}
