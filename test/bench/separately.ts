import { build } from 'esbuild';
import { join } from 'node:path';
import { cleanEnvironment, runOrThrow } from '../host/processes';
import { projectRoot } from '../host/project';
import type { SandboxProcess } from '../host/sandboxProcess';
import { contenderNames, type ContenderName } from './contender';
import type { Measured } from './measured';

/** The file of a contender's module. */
export type ContenderFiles = Readonly<Record<ContenderName, string>>;

/** Bundles each contender like the extension. The SDK stays as npm installs it, because that's how programs use it. */
export async function bundleContenders(): Promise<ContenderFiles> {
  const root = projectRoot();
  const folder = join(root, 'out/bench');
  await build({
    absWorkingDir: root,
    entryPoints: contenderNames.map((name) => `test/bench/contenders/${name}.ts`),
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    external: ['@scalekit-sdk/node'],
    // Same as in esbuild.mjs.
    alias: { 'web-streams-polyfill/dist/ponyfill.es2018.js': 'node:stream/web' },
  });
  return Object.fromEntries(contenderNames.map((name) => [name, join(folder, `${name}.js`)])) as ContenderFiles;
}

/** Measures one task of one contender in a separate process. */
export async function measureSeparately(
  task: string,
  file: string,
  { environment }: Pick<SandboxProcess, 'environment'>,
  ids: readonly string[] = [],
): Promise<Measured> {
  const program = join(projectRoot(), 'out/test/bench/measured.js');
  const output = await runOrThrow(process.execPath, ['--expose-gc', program, task, file, ids.join(',')], {
    env: cleanEnvironment(environment),
    deadline: 60_000,
  });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Measured;
}
