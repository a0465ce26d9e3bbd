import type { CommandTable } from '../ui/commands';
import type { OrganizationsView } from './organizations/organizationsView';
import { ListTreeView } from '../tree/treeView';

/** What can be done with the lists of both trees, each in the view that has shown the row it was chosen on. */
export function listCommands(organizationsView: OrganizationsView, configurationView: ListTreeView) {
  return {
    'scalekit.row.run': () => ListTreeView.runSelectedRow([organizationsView.treeView, configurationView]),
    'scalekit.organizations.refresh': (argument) =>
      (configurationView.hasShown(argument) ? configurationView : organizationsView).refresh(argument),
    'scalekit.organizations.loadMore': (argument) =>
      (configurationView.hasShown(argument) ? configurationView : organizationsView.treeView).loadMore(argument),
    'scalekit.organizations.clearSearch': (argument) => organizationsView.clearSearch(argument),
    'scalekit.configuration.refresh': () => configurationView.refresh(),
  } satisfies CommandTable;
}
