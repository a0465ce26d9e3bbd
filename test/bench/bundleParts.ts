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
}

interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly bytes: number; readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }
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
    return Object.entries(outputs).map(([file, { inputs }]) => ({
      file,
      bytes: statSync(join(root, file)).size,
      contents: byOwner(inputs),
    }));
  });
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
