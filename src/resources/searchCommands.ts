import type { EnvironmentAccess } from '../core/environmentAccess';
import type { CommandTable } from '../ui/commands';
import type { Prompts } from '../ui/prompts';
import { searchOrganizations } from './organizations/organizationSearch';
import type { OrganizationsView } from './organizations/organizationsView';
import { filterSignInLog } from './signIns/signInLogFilter';
import { searchUsers } from './users/searchUsers';

export interface SearchCommandsDependencies {
  readonly environments: EnvironmentAccess;
  readonly organizationsView: OrganizationsView;
  readonly prompts: Prompts;
}

export function searchCommands({ environments, organizationsView, prompts }: SearchCommandsDependencies) {
  return {
    'scalekit.organizations.search': () => searchOrganizations(organizationsView, environments, prompts),
    'scalekit.signInLog.filter': (argument) => filterSignInLog(argument, organizationsView, prompts),
    'scalekit.users.search': (argument) => searchUsers(argument, organizationsView, prompts),
  } satisfies CommandTable;
}
