import type { CommandHandler } from '../../editor/commands.js';
import type { ExplorerAction } from './actionIds.js';
import type { ActionTools } from './actionTools.js';
import { createOrganizationFlow } from './createOrganization.js';
import { deleteOrganizationFlow } from './deleteOrganization.js';
import { generatePortalLinkFlow } from './generatePortalLink.js';
import { switchFeaturesFlow } from './organizationFeatures.js';

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
