import type { CommandHandler } from '../ui/commands';
import { isNotFound } from '../core/environmentFailure';
import type { ResourceAction } from './commandIds';
import type { ActionDependencies } from './organizations/actionDependencies';
import { clientActions } from './apiClients/clientActions';
import { configurationActions } from './configuration/configurationActions';
import { connectionActions } from './connections/connectionActions';
import { directoryActions } from './directories/directoryActions';
import { domainActions } from './domains/domainActions';
import { organizationOf } from './organizations/chosenOrganization';
import { organizationActions } from './organizations/organizationActions';
import { userActions } from './users/userActions';

export function resourceActions(tools: ActionDependencies): Readonly<Record<ResourceAction, CommandHandler>> {
  const actions: Record<ResourceAction, CommandHandler> = {
    ...organizationActions(tools),
    ...connectionActions(tools),
    ...directoryActions(tools),
    ...domainActions(tools),
    ...configurationActions(tools),
    ...userActions(tools),
    ...clientActions(tools),
  };
  const entries = Object.entries(actions) as [ResourceAction, CommandHandler][];
  return Object.fromEntries(entries.map(([id, action]) => [id, removingGoneOrganization(action, tools)])) as Record<
    ResourceAction,
    CommandHandler
  >;
}

/**
 * If the object of an action no longer exists, its organization may have been deleted too. Then removes the
 * organization's row.
 */
function removingGoneOrganization(action: CommandHandler, { organizationsView }: ActionDependencies): CommandHandler {
  return async (...args) => {
    try {
      await action(...args);
    } catch (error) {
      const [row] = args;
      const organization = organizationsView.treeView.hasShown(row) ? organizationOf(row) : undefined;
      if (organization !== undefined && isNotFound(error))
        await organizationsView
          .refreshOrganization(organization.environmentId, organization.organizationId)
          .catch(() => undefined);
      throw error;
    }
  };
}
