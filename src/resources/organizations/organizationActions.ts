import type { CommandTable } from '../../ui/commands';
import type { ActionDependencies } from './actionDependencies';
import { createOrganization } from './createOrganization';
import { deleteOrganization } from './deleteOrganization';
import { generatePortalLink } from './generatePortalLink';
import { enableFeature } from './organizationFeatures';

export function organizationActions(dependencies: ActionDependencies) {
  return {
    'scalekit.organization.create': () => createOrganization(dependencies),
    'scalekit.organization.delete': (argument) => deleteOrganization(argument, dependencies),
    'scalekit.organization.enableSso': (argument) => enableFeature(argument, 'sso', true, dependencies),
    'scalekit.organization.disableSso': (argument) => enableFeature(argument, 'sso', false, dependencies),
    'scalekit.organization.enableScim': (argument) => enableFeature(argument, 'dir_sync', true, dependencies),
    'scalekit.organization.disableScim': (argument) => enableFeature(argument, 'dir_sync', false, dependencies),
    'scalekit.organization.generatePortalLink': (argument) => generatePortalLink(argument, dependencies),
  } satisfies CommandTable;
}
