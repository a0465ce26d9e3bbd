import type { CommandTable } from '../../ui/commands';
import type { ActionDependencies } from './actionDependencies';
import { createOrganization } from './createOrganization';
import { deleteOrganization } from './deleteOrganization';
import { generatePortalLink } from './generatePortalLink';
import { toggleFeatures } from './toggleFeatures';

export function organizationActions(dependencies: ActionDependencies) {
  return {
    'scalekit.organization.create': () => createOrganization(dependencies),
    'scalekit.organization.delete': (argument) => deleteOrganization(argument, dependencies),
    'scalekit.organization.toggleFeatures': (argument) => toggleFeatures(argument, dependencies),
    'scalekit.organization.generatePortalLink': (argument) => generatePortalLink(argument, dependencies),
  } satisfies CommandTable;
}
