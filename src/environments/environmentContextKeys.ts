import type { ContextKeys } from '../ui/contextKeys';
import type { Environment } from '../core/environment';

/** The context keys about environments that package.json uses. */
export function environmentContextKeys(environments: readonly Environment[]) {
  return {
    'scalekit.environmentCount': environments.length,
    'scalekit.hasOwnEnvironment': environments.some(({ kind }) => kind !== 'sandbox'),
    'scalekit.hasStoredEnvironment': environments.some(({ kind }) => kind === 'stored'),
  } satisfies Partial<ContextKeys>;
}
