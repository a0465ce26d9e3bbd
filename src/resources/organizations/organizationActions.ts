import type { CommandTable } from '../../ui/commands';
import type { ActionTools } from './actionTools';
import { createOrganizationFlow } from './createOrganization';
import { deleteOrganizationFlow } from './deleteOrganization';
import { generatePortalLinkFlow } from './generatePortalLink';
import { switchFeaturesFlow } from './organizationFeatures';

/** What can be done with organizations. */
export function organizationActions(tools: ActionTools) {
  return {
    'scalekit.organization.create': () => createOrganizationFlow(tools),
    'scalekit.organization.delete': (argument) => deleteOrganizationFlow(argument, tools),
    'scalekit.organization.switchFeatures': (argument) => switchFeaturesFlow(argument, tools),
    'scalekit.organization.generatePortalLink': (argument) => generatePortalLinkFlow(argument, tools),
  } satisfies CommandTable;
}
