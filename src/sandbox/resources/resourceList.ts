import type { Resource } from '../protocol/resource';
import type { PortalLinks } from '../store/portalLinks';
import { apiTokenResource } from './apiTokens';
import { AuthenticationLogs, authenticationLogResource, eventResource } from './authenticationLogs';
import { connectionResource, Connections } from './connections';
import { directoryResource, type Directories } from './directories';
import { domainResource, Domains } from './domains';
import { organizationClientResource } from './organizationClients';
import { organizationResource, type Organizations } from './organizations';
import { Roles, roleResource } from './roles';
import { sessionResource } from './sessions';
import { userResource, Users } from './users';

/** Everything the sandbox serves. To add a resource, add a file beside this one and a line here. */
export function resourceList(
  organizations: Organizations,
  directories: Directories,
  portalLinks: PortalLinks,
  clientId: string,
): Resource[] {
  const domains = new Domains(organizations);
  const connections = new Connections(organizations, domains);
  const roles = new Roles(organizations);
  const users = new Users(organizations, roles);
  const logs = new AuthenticationLogs(users, connections);
  return [
    organizationResource(organizations, portalLinks),
    domainResource(domains),
    connectionResource(connections),
    directoryResource(directories),
    roleResource(roles, users),
    userResource(users),
    organizationClientResource(organizations),
    authenticationLogResource(logs),
    eventResource(logs),
    sessionResource(users, clientId),
    apiTokenResource(users),
  ];
}
