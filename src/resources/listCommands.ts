import type { CommandTable } from '../ui/commands';
import type { OrganizationsView } from './organizations/organizationsView';
import { ListTreeView } from '../tree/treeView';
import { ListNode } from '../tree/listNode';

/**
 * The commands on the lists of both trees, each in the view that has shown the row. In a view's title, VS Code doesn't
 * say which view it is, so Refresh without a row refreshes both.
 */
export function listCommands(organizationsView: OrganizationsView, configurationView: ListTreeView) {
  return {
    'scalekit.row.run': () => ListTreeView.runSelectedRow([organizationsView.treeView, configurationView]),
    'scalekit.list.refresh': async (argument) => {
      if (configurationView.hasShown(argument)) return configurationView.refresh(argument);
      await Promise.all([
        organizationsView.refresh(argument),
        argument instanceof ListNode ? undefined : configurationView.refreshIfVisible(),
      ]);
    },
    'scalekit.list.loadMore': (argument) =>
      (configurationView.hasShown(argument) ? configurationView : organizationsView.treeView).loadMore(argument),
    'scalekit.organizations.clearSearch': (argument) => organizationsView.clearSearch(argument),
  } satisfies CommandTable;
}
