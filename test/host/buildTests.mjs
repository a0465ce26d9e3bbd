// Bundles the tests: one file for each group, so that its tests share one copy of every class, and one for each program of the test host.
import { readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** The folders of tests. `out/test/<group>.js` exports `testFiles`: each file's name and loader. */
export const groups = ['unit', 'fuzz', 'contract', 'faults', 'package', 'integration', 'ui', 'soak'];

/** Separate programs: commands of package.json, processes that they start, and extensions that tests install. */
const programs = [
  ...[
    'start',
    'test',
    'package',
    'packageSandbox',
    'readme',
    'bench',
    'steady',
    'titles',
    'integration',
    'launcher',
    'extensionHostTests',
    'runMocha',
    'viewOpener/extension',
  ].map((name) => `test/host/${name}.ts`),
  'test/bench/measured.ts',
  'test/bench/replayServer.ts',
  'test/integration/companion/extension.ts',
];

/** Not bundled: the packages that tests compare with, and packages that are large or find their own files at run time. */
const external = [
  'vscode',
  'mocha',
  'playwright-core',
  '@vscode/test-electron',
  '@vscode/vsce',
  '@scalekit-sdk/node',
  'esbuild',
  'fast-check',
  'typescript',
  'express',
  'fastify',
];

export async function buildTests(common) {
  await rm('out/test', { recursive: true, force: true });
  await build({
    ...common,
    plugins: [...common.plugins, testGroup],
    entryPoints: [
      ...groups.map((group) => ({ in: `tests:${group}`, out: group })),
      ...programs.map((file) => ({ in: file, out: file.replace(/^test\/(.*)\.ts$/, '$1') })),
    ],
    outdir: 'out/test',
    sourcemap: 'linked',
    sourcesContent: false,
    external,
  });
}

/** The module `tests:<group>`: it loads each file on request. */
const testGroup = {
  name: 'test-group',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^tests:/ }, ({ path }) => ({ path: path.slice('tests:'.length), namespace: 'test-group' }));
    onLoad({ filter: /.*/, namespace: 'test-group' }, async ({ path: group }) => {
      const names = (await readdir(`test/${group}`, { recursive: true }))
        .filter((name) => name.endsWith('.test.ts'))
        .sort();
      const entries = names.map((name) => {
        const file = name.replaceAll('\\', '/').replace(/\.test\.ts$/, '');
        return `${JSON.stringify(file)}: () => import('./${file}.test')`;
      });
      return { contents: `export const testFiles = {\n${entries.join(',\n')}\n};`, resolveDir: `test/${group}` };
    });
  },
};
