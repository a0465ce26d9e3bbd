import type { Role } from '../../api/roles';
import type { Choice } from '../../ui/prompts';

/** A role in a list to choose from; its value is its name. */
export function roleChoice({ name, displayName, description }: Role): Choice<string> {
  return {
    value: name,
    label: displayName ?? name,
    description: name,
    ...(description === undefined ? {} : { detail: description }),
    icon: 'shield',
  };
}
