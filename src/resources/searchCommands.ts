import type { EnvironmentAccess } from '../core/environmentAccess';
import type { CommandTable } from '../ui/commands';
import type { Prompts } from '../ui/prompts';
import type { ListTreeView } from '../tree/treeView';
import { searchOrganizations } from './organizations/organizationSearch';
import type { OrganizationsView } from './organizations/organizationsView';
import { revealDocument } from './revealDocument';
import { filterSignInLog } from './signIns/signInLogFilter';
import { searchUsers } from './users/searchUsers';

export interface SearchCommandsDependencies {
  readonly environments: EnvironmentAccess;
  readonly organizationsView: OrganizationsView;
  readonly configurationView: ListTreeView;
  readonly prompts: Prompts;
}

export function searchCommands(context: SearchCommandsDependencies) {
  const { environments, organizationsView, prompts } = context;
  return {
    'scalekit.document.reveal': (argument) => revealDocument(argument, context),
    'scalekit.organizations.search': () => searchOrganizations(organizationsView, environments, prompts),
    'scalekit.signInLog.filter': (argument) => filterSignInLog(argument, organizationsView, prompts),
    'scalekit.users.search': (argument) => searchUsers(argument, organizationsView, prompts),
  } satisfies CommandTable;
}
