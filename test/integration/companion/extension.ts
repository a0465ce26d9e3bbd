import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ExtensionContext } from 'vscode';

/** How long the extension under test took in this extension host, in milliseconds. */
export interface ActivationTimes {
  /** Reading and running its bundle. */
  readonly load: number;
  /** Its synchronous part, the one that holds up the host; undefined before it was activated. */
  activate?: number;
}

/** What the tests get of it. */
export interface Companion {
  /** A real extension context, with SecretStorage, states and folders of its own. */
  readonly context: ExtensionContext;
  readonly times: ActivationTimes;
}

interface Extension {
  activate(context: ExtensionContext): unknown;
}

/**
 * An extension beside the one under test. It is started first (`*`), so that it can put a stopwatch around the other's
 * `activate`, in the module cache that VS Code loads it from; and its own context is what features under test are built with.
 */
export function activate(context: ExtensionContext): Companion {
  const bundle = join(__dirname, '../../../../dist/extension.js');
  const startedAt = performance.now();
  const extension = require(bundle) as Extension;
  const times: ActivationTimes = { load: performance.now() - startedAt };
  const cached = require.cache[require.resolve(bundle)];
  if (cached === undefined) throw new Error('The bundle is not in the module cache');
  cached.exports = {
    ...extension,
    activate(theirContext: ExtensionContext): unknown {
      const begun = performance.now();
      const result = extension.activate(theirContext);
      times.activate = performance.now() - begun;
      return result;
    },
  };
  return { context, times };
}
