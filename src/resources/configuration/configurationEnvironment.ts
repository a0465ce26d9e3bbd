import { chosenEnvironment } from '../../ui/chosenEnvironment';
import type { EnvironmentFacts } from '../../core/environmentAccess';
import { Branch } from '../../tree/branch';
import type { ActionTools } from '../organizations/actionTools';

/** The environment of the list of the Configuration view that an action was chosen on, else the active one. */
export async function configurationEnvironment(
  argument: unknown,
  { configurationView, environments, prompts }: ActionTools,
): Promise<EnvironmentFacts | undefined> {
  const list = configurationView.hasShown(argument) && argument instanceof Branch ? argument : undefined;
  return chosenEnvironment(list?.environmentId, environments, prompts);
}
