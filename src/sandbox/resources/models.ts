import { McpResources } from '../mcp/mcpResources';
import type { World } from '../store/world';
import { AuthenticationLogs } from './authenticationLogs';
import { Connections } from './connections';
import { Directories } from './directories';
import { Domains } from './domains';
import { Organizations } from './organizations';
import { Roles } from './roles';
import { Sessions } from './sessions';
import { Users } from './users';

/** What is in the environment. The API, the sign-in pages and the control endpoint all work on these. */
export interface Models {
  readonly organizations: Organizations;
  readonly domains: Domains;
  readonly connections: Connections;
  readonly directories: Directories;
  readonly roles: Roles;
  readonly users: Users;
  readonly logs: AuthenticationLogs;
  readonly sessions: Sessions;
  readonly mcpResources: McpResources;
}

/** @param clientId the environment's own client, which the sample sessions belong to */
export function createModels(world: World, clientId: string): Models {
  const organizations = new Organizations(world);
  const domains = new Domains(organizations);
  const connections = new Connections(organizations, domains);
  const roles = new Roles(organizations);
  const users = new Users(organizations, roles);
  return {
    organizations,
    domains,
    connections,
    directories: new Directories(organizations),
    roles,
    users,
    logs: new AuthenticationLogs(users, connections),
    sessions: new Sessions(users, clientId),
    mcpResources: new McpResources(world),
  };
}
