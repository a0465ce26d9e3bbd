import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '../host/processes';
import { projectRoot } from '../host/project';

/** Bytes of one bundle, and of its contents. */
export interface BundlePart {
  readonly file: string;
  readonly bytes: number;
  /** By npm package, or `src/FOLDER` for our own code. Largest first. */
  readonly contents: Readonly<Record<string, number>>;
  /** The bundles that are loaded with it. */
  readonly imports: readonly string[];
}

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number;
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
        readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
      }
    >
  >;
}

/** Builds with esbuild's own report of each bundle's contents, and reads it. */
export async function measureBundles(): Promise<BundlePart[]> {
  const root = projectRoot();
  await runOrThrow(process.execPath, ['esbuild.mjs', '--meta'], { cwd: root, deadline: 120_000 });
  const metafiles = (await readdir(join(root, 'dist'), { recursive: true }))
    .filter((name) => name.endsWith('.meta.json'))
    .sort();
  return metafiles.flatMap((name) => {
    const { outputs } = JSON.parse(readFileSync(join(root, 'dist', name), 'utf8')) as Metafile;
    return Object.entries(outputs).map(([file, { inputs, imports }]) => ({
      file,
      bytes: statSync(join(root, file)).size,
      contents: byOwner(inputs),
      imports: imports.filter(({ kind, external }) => !external && kind !== 'dynamic-import').map(({ path }) => path),
    }));
  });
}

/** What is loaded at activation: `dist/extension.js`, and the parts that it shares with what is loaded later. */
export function partsAtActivation(parts: readonly BundlePart[]): BundlePart[] {
  const loaded = new Set(['dist/extension.js']);
  // A set's loop also visits what is added meanwhile.
  for (const file of loaded)
    for (const imported of parts.find((part) => part.file === file)?.imports ?? []) loaded.add(imported);
  return parts.filter(({ file }) => loaded.has(file));
}

function byOwner(inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const owner = ownerOf(path);
    sums.set(owner, (sums.get(owner) ?? 0) + bytesInOutput);
  }
  return Object.fromEntries([...sums].sort(([, a], [, b]) => b - a));
}

function ownerOf(path: string): string {
  const inPackage = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  return inPackage ?? /^(src\/[^/]+)\//.exec(path)?.[1] ?? path;
}
