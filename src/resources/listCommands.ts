import type { CommandHandler } from '../ui/commands';
import type { OrganizationsView } from './organizations/organizationsView';
import { ListNode } from '../tree/listNode';
import type { ListTreeView } from '../tree/treeView';

/**
 * What can be done with the lists of both trees, each in the view that has shown the row it was chosen on. In the title of a view
 * VS Code doesn't say which view it is, so Refresh without a row is about both.
 */
export function listCommands(
  organizationsView: OrganizationsView,
  configurationView: ListTreeView,
): Record<'scalekit.list.refresh' | 'scalekit.list.loadMore', CommandHandler> {
  return {
    'scalekit.list.refresh': async (argument) => {
      if (configurationView.hasShown(argument)) return configurationView.refresh(argument);
      await Promise.all([
        organizationsView.refresh(argument),
        argument instanceof ListNode ? undefined : configurationView.refreshIfVisible(),
      ]);
    },
    'scalekit.list.loadMore': (argument) =>
      (configurationView.hasShown(argument) ? configurationView : organizationsView.treeView).loadMore(argument),
  };
}
