import * as vscode from 'vscode';
import type { Organization } from '../../api/organizations.js';
import type { EnvironmentFacts } from '../../editor/environmentAccess.js';
import { inEnvironment } from '../../editor/environmentFailure.js';
import { isOrganizationNode, type OrganizationNode } from '../organizationNode.js';
import { findOrganizations, organizationChoice, searchPlaceholder } from '../organizationSearch.js';
import type { TreeNode } from '../treeNode.js';
import type { ActionTools } from './actionTools.js';

export interface ChosenOrganization {
  readonly environment: EnvironmentFacts;
  readonly organization: Organization;
  /** Its row, when the action was chosen on it or on something in it. */
  readonly node?: OrganizationNode;
}

/**
 * The organization that an action is about: the one of the row that it was chosen on, else the person is asked, among those of the
 * active environment. Undefined when they cancelled, or when there is no environment.
 *
 * @throws EnvironmentFailure
 */
export async function chosenOrganization(argument: unknown, title: string, tools: ActionTools): Promise<ChosenOrganization | undefined> {
  const { environments, organizationsView, prompts } = tools;
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
        const { organizations } = await findOrganizations(client, organizationsView.shownOrganizations(environment.id), text, signal);
        return organizations.map((organization) => organizationChoice(organization, organization));
      },
    });
  });
  return result === undefined || result === 'back' ? undefined : { environment, organization: result.answer };
}

/** The organization that a row is, or in which it is. */
export function organizationOf(node: TreeNode): OrganizationNode | undefined {
  for (let row: TreeNode | undefined = node; row !== undefined; row = row.parent) if (isOrganizationNode(row)) return row;
  return undefined;
}
