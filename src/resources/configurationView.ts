import type { EnvironmentAccess } from '../core/environmentAccess';
import { ListTreeView } from '../tree/treeView';

/**
 * The Configuration view: what belongs to the active environment as a whole. The code of its lists is loaded when it's
 * first shown.
 */
export function createConfigurationView(environments: EnvironmentAccess): ListTreeView {
  return new ListTreeView('scalekit.configuration', environments, (lists) => ({
    rows: async () => (await import('./configurationContents')).configurationLists(lists),
  }));
}
