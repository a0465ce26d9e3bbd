import type { CommandHandler } from '../../editor/commands';
import type { ExplorerAction } from './actionIds';
import type { ActionTools } from './actionTools';
import { createOrganizationFlow } from './createOrganization';
import { deleteOrganizationFlow } from './deleteOrganization';
import { generatePortalLinkFlow } from './generatePortalLink';
import { switchFeaturesFlow } from './organizationFeatures';

/** What can be done with organizations. */
export function organizationActions(
  tools: ActionTools,
): Record<Extract<ExplorerAction, `scalekit.organization.${string}`>, CommandHandler> {
  return {
    'scalekit.organization.create': () => createOrganizationFlow(tools),
    'scalekit.organization.delete': (argument) => deleteOrganizationFlow(argument, tools),
    'scalekit.organization.switchFeatures': (argument) => switchFeaturesFlow(argument, tools),
    'scalekit.organization.generatePortalLink': (argument) => generatePortalLinkFlow(argument, tools),
  };
}
