import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project';
import { newest, versions, type EditorVersion } from './vscodeHost';

/** The parts of the tests, as they are named on the command line. */
export const groups = [
  'types',
  'lint',
  'format',
  'architecture',
  'unit',
  'fuzz',
  'contract',
  'faults',
  'package',
  'integration',
  'ui',
  'soak',
] as const;
export type Group = (typeof groups)[number];

/** What must be there before a unit can be run: both VS Codes; a browser and shells; the packaged extension. */
export type Need = 'editors' | 'browser' | 'vsix';

/** What is run in one process: a group of tests in plain Node, the extension host of one VS Code, or one file of windows in one VS Code. */
export interface TestUnit {
  /** Such as `ui documents 1.139.1`. */
  readonly name: string;
  readonly group: Group;
  /** What Node runs, without the flags that choose tests. */
  readonly program: readonly string[];
  /** For a tool that tells by its exit code whether all is well: the title of that one check. */
  readonly check?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly needs: readonly Need[];
}

/** Milliseconds for one test or hook on an idle machine. */
const TEST_LIMITS: Readonly<Record<Exclude<Group, 'types' | 'lint' | 'format' | 'architecture'>, number>> = {
  unit: 20_000,
  fuzz: 60_000,
  contract: 60_000,
  faults: 20_000,
  package: 60_000,
  integration: 60_000,
  ui: 120_000,
  soak: 1_800_000,
};

/** The windows that `npm test` opens: the main job, in the newest VS Code. `npm test -- --all` opens all of them in both. */
const MAIN_WINDOWS: readonly string[] = ['journey', 'explorer', 'documents'];

/** What `npm test` runs in the extension host of the oldest VS Code: what only that one can break. */
const OLDEST_FILES: readonly string[] = [
  'activation',
  'documents',
  'enterCredentials',
  'explorerRows',
  'organizationsView',
  'terminal',
];

export interface UnitOptions {
  /** Every test, in both versions. Otherwise the smaller set of `npm test`. */
  readonly all: boolean;
  /** The groups were asked for by name: then all files of them, in the newest VS Code unless `all` is said. */
  readonly named: boolean;
  readonly desktop: boolean;
  /** How often the fuzz tests try each property; they need more time then. */
  readonly manyRuns: boolean;
}

/** The units of these groups. */
export function testUnits(chosen: readonly Group[], options: UnitOptions): TestUnit[] {
  return chosen.flatMap((group) => unitsOf(group, options));
}

function unitsOf(group: Group, options: UnitOptions): TestUnit[] {
  switch (group) {
    case 'types':
      return [
        {
          name: group,
          group,
          check: 'The types fit',
          program: ['node_modules/typescript/bin/tsc', '--noEmit'],
          needs: [],
        },
      ];
    case 'lint':
      return [
        {
          name: group,
          group,
          check: 'The rules of eslint.config.mjs are kept',
          program: ['node_modules/eslint/bin/eslint.js', '.'],
          needs: [],
        },
      ];
    case 'format':
      return [
        {
          name: group,
          group,
          check: 'The code is formatted (npm run format does it)',
          program: ['node_modules/@biomejs/biome/bin/biome', 'format', '.'],
          needs: [],
        },
      ];
    case 'architecture':
      return [
        {
          name: group,
          group,
          check: 'Imports go down the floors of .dependency-cruiser.mjs, without a circle',
          program: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', 'src'],
          needs: [],
        },
      ];
    case 'unit':
    case 'faults':
      return [plain(group, [])];
    case 'fuzz':
      return [plain(group, [], options.manyRuns ? 7_200_000 : undefined)];
    case 'contract':
      return [plain(group, ['browser'])];
    case 'package':
      return [plain(group, ['vsix'])];
    case 'integration':
      return versions
        .filter((version) => options.all || !options.named || version === newest)
        .flatMap((version) => integration(version, options));
    case 'soak':
      return [extensionHost(group, newest, [], options)];
    case 'ui':
      return filesOf('ui').flatMap((file) =>
        versions
          .filter((version) => options.all || (version === newest && (options.named || MAIN_WINDOWS.includes(file))))
          .map((version) => windows(file, version)),
      );
  }
}

function plain(
  group: 'unit' | 'faults' | 'fuzz' | 'contract' | 'package',
  needs: readonly Need[],
  limit = TEST_LIMITS[group],
): TestUnit {
  return { name: group, group, program: mochaProgram(group, limit), needs };
}

function windows(file: string, { vscode }: EditorVersion): TestUnit {
  return {
    name: `ui ${file} ${vscode}`,
    group: 'ui',
    program: [...mochaProgram('ui', TEST_LIMITS.ui), '--file', file],
    environment: { WORKBENCH_EDITOR_VERSION: vscode },
    needs: ['editors', 'browser', 'vsix'],
  };
}

/** Every file of them, half in one window and half in another: one alone would go on when all else is done. */
function integration(version: EditorVersion, options: UnitOptions): TestUnit[] {
  if (!options.all && version !== newest) return [extensionHost('integration', version, OLDEST_FILES, options)];
  const halves = [0, 1].map((half) => filesOf('integration').filter((_, index) => index % 2 === half));
  return halves.map((files, half) =>
    extensionHost('integration', version, files, options, ` ${half + 1} of ${halves.length}`),
  );
}

function extensionHost(
  group: 'integration' | 'soak',
  version: EditorVersion,
  files: readonly string[],
  { desktop }: UnitOptions,
  part = '',
): TestUnit {
  return {
    name: `${group} ${version.vscode}${part}`,
    group,
    program: [
      'out/test/host/integration.js',
      ...['--group', group, '--editor', version.vscode, '--timeout', String(TEST_LIMITS[group])],
      ...files.flatMap((file) => ['--file', file]),
      ...(desktop ? ['--desktop'] : []),
    ],
    needs: desktop || process.env['VSCODE_EXECUTABLE'] ? [] : ['editors', 'browser'],
  };
}

function mochaProgram(group: Group, limit: number): string[] {
  return ['out/test/host/runMocha.js', '--group', group, '--timeout', String(limit)];
}

/** In the order in which they run: the first one of the integration tests is about the activation, before any other uses the extension. */
function filesOf(group: 'ui' | 'integration'): string[] {
  const ending = '.test.ts';
  return readdirSync(join(projectRoot(), 'test', group))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}
