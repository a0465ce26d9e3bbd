import type { ContextKeys } from '../ui/contextKeys';
import type { Environment } from '../core/environment';

/** The context keys about environments that package.json uses. */
export function environmentContextKeys(environments: readonly Environment[]) {
  const stored = environments.filter(({ kind }) => kind === 'stored');
  return {
    'scalekit.environmentCount': environments.length,
    'scalekit.hasOwnEnvironment': environments.some(({ kind }) => kind !== 'sandbox'),
    'scalekit.hasStoredEnvironment': stored.length > 0,
    'scalekit.hasSandbox': environments.some(({ kind }) => kind === 'sandbox'),
    'scalekit.canMarkProduction': stored.some(({ production }) => !production),
    'scalekit.canUnmarkProduction': stored.some(({ production }) => production),
  } satisfies Partial<ContextKeys>;
}
