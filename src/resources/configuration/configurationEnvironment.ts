import { resolveEnvironment } from '../../ui/resolveEnvironment';
import type { Environment } from '../../core/environment';
import { ListNode } from '../../tree/listNode';
import type { ActionDependencies } from '../organizations/actionDependencies';

/** The environment of the list in the Configuration view that an action was chosen on, or else the active one. */
export async function configurationEnvironment(
  argument: unknown,
  { configurationView, environments, prompts }: ActionDependencies,
): Promise<Environment | undefined> {
  const list = configurationView.hasShown(argument) && argument instanceof ListNode ? argument : undefined;
  return resolveEnvironment(list?.environmentId, environments, prompts);
}
