import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type * as NodeFileSystem from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { extensions, type ExtensionContext } from 'vscode';

// The one object that all bundles share, whose functions can be watched. A namespace import is a copy.
const fs = createRequire(__filename)('node:fs') as typeof NodeFileSystem;

/** What the start of the extension under test costs in this extension host. */
export interface ActivationCost {
  /** Milliseconds to read and run its bundle. */
  readonly loadMs: number;
  /** Size in bytes of all files read for that. */
  readonly loadedBytes: number;
  /** Milliseconds on the clock for its synchronous part, which blocks the host. Undefined before activation. */
  activateMs?: number;
  /** Milliseconds of processor time that this process used meanwhile, including helper threads. */
  activateCpuMs?: number;
  /** The names of the file system calls in its synchronous part that block the host. */
  readonly blockingCalls: string[];
  /** How often it has read a secret since then. */
  secretReads: number;
  /** Connections opened in this process since then, until `stopCounting`. */
  sockets: number;
}

/** What the tests get from it. */
export interface Companion {
  /** A real extension context, with its own SecretStorage, states and folders. */
  readonly context: ExtensionContext;
  /** The context of the extension under test. Undefined before activation. */
  workbench?: ExtensionContext;
  readonly cost: ActivationCost;
  /** Stops counting connections. */
  stopCounting(): void;
}

const WORKBENCH_ID = 'scalekit-workbench.scalekit-workbench';

interface Extension {
  activate(context: ExtensionContext): unknown;
}

/**
 * An extension beside the one under test. It starts first (`*`), so that it can measure the other's `activate` in the
 * module cache that VS Code loads it from. Features under test are built with this extension's own context.
 */
export function activate(context: ExtensionContext): Companion {
  const bundle = join(extensions.getExtension(WORKBENCH_ID)?.extensionPath ?? '', 'dist/extension.js');
  const startedAt = performance.now();
  const load = createRequire(bundle);
  const extension = load(bundle) as Extension;
  const loadMs = performance.now() - startedAt;
  const loaded = Object.keys(load.cache).filter((file) => file.startsWith(dirname(bundle)));
  const loadedBytes = loaded.reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const cost: ActivationCost = { loadMs, loadedBytes, blockingCalls: [], secretReads: 0, sockets: 0 };
  const cached = load.cache[load.resolve(bundle)];
  if (cached === undefined) throw new Error('The bundle is not in the module cache');
  const companion: Companion = {
    context,
    cost,
    stopCounting: () => void unsubscribe('net.client.socket', countSocket),
  };
  const countSocket = (): void => void cost.sockets++;
  cached.exports = {
    ...extension,
    activate(theirContext: ExtensionContext): unknown {
      companion.workbench = theirContext;
      subscribe('net.client.socket', countSocket);
      const { secrets } = theirContext;
      const get = secrets.get.bind(secrets);
      secrets.get = (key) => {
        cost.secretReads++;
        return get(key);
      };
      const cpu = process.cpuUsage();
      const unwatch = watchBlockingCalls(cost.blockingCalls);
      const begun = performance.now();
      const result = extension.activate(theirContext);
      cost.activateMs = performance.now() - begun;
      unwatch();
      const used = process.cpuUsage(cpu);
      cost.activateCpuMs = (used.user + used.system) / 1000;
      return result;
    },
  };
  return companion;
}

/** Records each synchronous call of the file system, until the returned function is called. */
function watchBlockingCalls(calls: string[]): () => void {
  const functions = fs as unknown as Record<string, unknown>;
  const originals = Object.entries(functions).filter(
    ([name, value]) => name.endsWith('Sync') && typeof value === 'function',
  );
  for (const [name, original] of originals) {
    functions[name] = (...values: unknown[]): unknown => {
      calls.push(name);
      return (original as (...values: unknown[]) => unknown)(...values);
    };
  }
  return () => {
    for (const [name, original] of originals) functions[name] = original;
  };
}
