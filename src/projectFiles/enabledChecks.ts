import { CHECKS, type Check } from './finding';

/** The checks that a setting leaves on. Whatever a person writes there, checks it doesn't name stay on. */
export function enabledChecks(setting: unknown): ReadonlySet<Check> {
  if (setting === 'off' || setting === false) return new Set();
  if (Array.isArray(setting)) return new Set(CHECKS.filter((check) => setting.includes(check)));
  if (typeof setting !== 'object' || setting === null) return new Set(CHECKS);
  const switches = new Map<string, unknown>(Object.entries(setting));
  if (switches.get('off') === true) return new Set();
  return new Set(CHECKS.filter((check) => switches.get(check) !== false));
}
