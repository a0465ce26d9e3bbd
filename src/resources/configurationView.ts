import type { EnvironmentAccess } from '../core/environmentAccess';
import { ListTreeView } from '../tree/treeView';

/** The Configuration view: what belongs to the active environment as a whole. Its lists are another part of the code, loaded when it is first shown. */
export function createConfigurationView(environments: EnvironmentAccess): ListTreeView {
  return new ListTreeView('scalekit.configuration', environments, (lists) => ({
    rows: async () => (await import('./configurationContents')).configurationLists(lists),
  }));
}
