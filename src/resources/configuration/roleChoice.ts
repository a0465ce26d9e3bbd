import type { Role } from '../../api/roles';
import type { Choice } from '../../ui/prompts';

/** A role as a choice. Its value is its name. */
export function roleChoice({ name, displayName, description }: Role): Choice<string> {
  return {
    value: name,
    label: displayName ?? name,
    description: name,
    ...(description === undefined ? {} : { detail: description }),
    icon: 'shield',
  };
}
