import type { CommandHandler } from '../ui/commands';
import { isNotFound } from '../core/environmentFailure';
import type { ExplorerAction } from './actionIds';
import type { ActionDependencies } from './organizations/actionDependencies';
import { clientActions } from './apiClients/clientActions';
import { configurationActions } from './configuration/configurationActions';
import { connectionActions } from './connections/connectionActions';
import { directoryActions } from './directories/directoryActions';
import { domainActions } from './domains/domainActions';
import { organizationOf } from './organizations/chosenOrganization';
import { organizationActions } from './organizations/organizationActions';
import { userActions } from './users/userActions';

/** What each action on a row does. */
export function createExplorerActions(
  dependencies: ActionDependencies,
): Readonly<Record<ExplorerAction, CommandHandler>> {
  const actions: Record<ExplorerAction, CommandHandler> = {
    ...organizationActions(dependencies),
    ...connectionActions(dependencies),
    ...directoryActions(dependencies),
    ...domainActions(dependencies),
    ...configurationActions(dependencies),
    ...userActions(dependencies),
    ...clientActions(dependencies),
  };
  const entries = Object.entries(actions) as [ExplorerAction, CommandHandler][];
  return Object.fromEntries(entries.map(([id, action]) => [id, lookingForWhatIsGone(action, dependencies)])) as Record<
    ExplorerAction,
    CommandHandler
  >;
}

/** When there is not what an action was about, the organization in which it was may be gone with it: then its row goes. */
function lookingForWhatIsGone(action: CommandHandler, { organizationsView }: ActionDependencies): CommandHandler {
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
