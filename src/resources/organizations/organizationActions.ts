import type { CommandTable } from '../../ui/commands';
import type { ActionDependencies } from './actionDependencies';
import { createOrganization } from './createOrganization';
import { deleteOrganization } from './deleteOrganization';
import { generatePortalLink } from './generatePortalLink';
import { toggleFeatures } from './toggleFeatures';

/** What can be done with organizations. */
export function organizationActions(tools: ActionDependencies) {
  return {
    'scalekit.organization.create': () => createOrganization(tools),
    'scalekit.organization.delete': (argument) => deleteOrganization(argument, tools),
    'scalekit.organization.toggleFeatures': (argument) => toggleFeatures(argument, tools),
    'scalekit.organization.generatePortalLink': (argument) => generatePortalLink(argument, tools),
  } satisfies CommandTable;
}
