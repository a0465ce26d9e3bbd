import type { CommandHandler } from '../ui/commands';
import type { OrganizationsView } from './organizations/organizationsView';
import type { ListTreeView } from '../tree/treeView';

/** What can be done with the lists of both trees, each in the view that has shown the row it was chosen on. */
export function listCommands(
  organizationsView: OrganizationsView,
  configurationView: ListTreeView,
): Record<'scalekit.organizations.refresh' | 'scalekit.organizations.loadMore', CommandHandler> {
  return {
    'scalekit.organizations.refresh': (argument) =>
      (configurationView.hasShown(argument) ? configurationView : organizationsView).refresh(argument),
    'scalekit.organizations.loadMore': (argument) =>
      (configurationView.hasShown(argument) ? configurationView : organizationsView.treeView).loadMore(argument),
  };
}
