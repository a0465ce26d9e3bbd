import { isOneSlip } from '../dotenvVariables';

/** The one known name that was meant: the same words written otherwise, or one slip away. Undefined if there are several. */
export function closestName(typed: string, known: readonly string[]): string | undefined {
  const plain = plainName(typed);
  const same = known.filter((name) => plainName(name) === plain);
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const near = typed.length < 6 ? [] : known.filter((name) => isOneSlip(plain, plainName(name)));
  return near.length === 1 ? near[0] : undefined;
}

function plainName(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase();
}
