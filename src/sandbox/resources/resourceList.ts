import type { Resource } from '../protocol/resource';
import type { PortalLinks } from '../store/portalLinks';
import { apiTokenResource } from './apiTokens';
import { authenticationLogResource, eventResource } from './authenticationLogs';
import { connectionResource } from './connections';
import { directoryResource } from './directories';
import { domainResource } from './domains';
import { environmentClientResource } from './environmentClients';
import type { Models } from './models';
import { organizationClientResource } from './organizationClients';
import { organizationResource } from './organizations';
import { roleResource } from './roles';
import { sessionResource } from './sessions';
import { userResource } from './users';

/** Everything the API serves. To add a resource, add a file beside this one and a line here. */
export function resourceList(models: Models, portalLinks: PortalLinks): Resource[] {
  const { organizations, domains, connections, directories, roles, users, logs, sessions } = models;
  return [
    organizationResource(organizations, portalLinks),
    domainResource(domains),
    connectionResource(connections),
    directoryResource(directories),
    roleResource(roles, users),
    userResource(users),
    organizationClientResource(organizations),
    environmentClientResource(organizations.world),
    authenticationLogResource(logs),
    eventResource(logs),
    sessionResource(sessions),
    apiTokenResource(users),
  ];
}
