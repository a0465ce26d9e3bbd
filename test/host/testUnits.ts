import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project';
import { newest, versions, type EditorVersion } from './vscodeHost';

/** The parts of the tests, by their names on the command line. */
export const groups = [
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

/** What a unit needs before it can run: both VS Codes, a browser and shells, the packaged extension. */
export type Need = 'editors' | 'browser' | 'vsix';

/** The tests that run in one process: a group in plain Node, the extension host of one VS Code, or one file of windows in one VS Code. */
export interface TestUnit {
  /** For example `ui documents 1.139.1`. */
  readonly name: string;
  readonly group: Group;
  /** The arguments for Node, without the flags that select tests. */
  readonly program: readonly string[];
  /** For a tool whose exit code is the result: the title of that one check. */
  readonly check?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly needs: readonly Need[];
}

/** Milliseconds for one test or hook on an idle machine. */
const TEST_LIMITS: Readonly<Record<Exclude<Group, 'lint' | 'format' | 'architecture'>, number>> = {
  unit: 20_000,
  fuzz: 60_000,
  contract: 60_000,
  faults: 20_000,
  package: 60_000,
  integration: 60_000,
  ui: 120_000,
  soak: 1_800_000,
};

/** The windows that `npm test` opens for the main job, in the newest VS Code. `npm test -- --all` opens all of them in both versions. */
const MAIN_WINDOWS: readonly string[] = ['journey', 'explorer'];

/** Windows that show nothing of a version: they take the pictures that are shipped. */
const NEWEST_ONLY: readonly string[] = ['readmePicture', 'walkthroughPictures'];

/** What `npm test` runs in the extension host of the oldest VS Code, because only that version can break it. */
const OLDEST_FILES: readonly string[] = [
  'activation',
  'documents',
  'enterCredentials',
  'explorerRows',
  'organizationsView',
  'terminal',
];

export interface UnitOptions {
  /** Every test in both versions, instead of the smaller set of `npm test`. */
  readonly all: boolean;
  /** True if the groups were requested by name. Then all their files run, in the newest VS Code unless `all` is set. */
  readonly named: boolean;
  readonly desktop: boolean;
  /** How often the fuzz tests try each property. More runs need more time. */
  readonly manyRuns: boolean;
}

/** The units of these groups. */
export function testUnits(chosen: readonly Group[], options: UnitOptions): TestUnit[] {
  return chosen.flatMap((group) => unitsOf(group, options));
}

function unitsOf(group: Group, options: UnitOptions): TestUnit[] {
  switch (group) {
    case 'lint':
      return [
        {
          name: group,
          group,
          check: 'The types are correct, and the code follows the rules of .oxlintrc.json',
          program: ['node_modules/oxlint/bin/oxlint', '.'],
          needs: [],
        },
      ];
    case 'format':
      return [
        {
          name: group,
          group,
          check: 'The code is formatted (run npm run format)',
          program: ['node_modules/@biomejs/biome/bin/biome', 'format', '.'],
          needs: [],
        },
      ];
    case 'architecture':
      return [
        {
          name: group,
          group,
          check: 'Imports follow the floors of .dependency-cruiser.mjs, without a circle',
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
      return halvesOf(group).map(({ files, part }) => ({
        name: group + part,
        group,
        program: mochaProgram(group, TEST_LIMITS[group], files),
        needs: ['browser'],
      }));
    case 'package':
      return [plain(group, ['vsix'])];
    case 'integration':
      return versions
        .filter((version) => options.all || !options.named || version === newest)
        .flatMap((version) => integration(version, options));
    case 'soak':
      return [extensionHost(group, newest, [], options)];
    case 'ui':
      return filesOf('ui')
        .filter((file) => options.all || options.named || MAIN_WINDOWS.includes(file))
        .flatMap((file) =>
          versions
            .filter((version) => version === newest || (options.all && !NEWEST_ONLY.includes(file)))
            .map((version) => windows(file, version)),
        );
  }
}

function plain(
  group: 'unit' | 'faults' | 'fuzz' | 'package',
  needs: readonly Need[],
  limit = TEST_LIMITS[group],
): TestUnit {
  return { name: group, group, program: mochaProgram(group, limit), needs };
}

function windows(file: string, { vscode }: EditorVersion): TestUnit {
  return {
    name: `ui ${file} ${vscode}`,
    group: 'ui',
    program: mochaProgram('ui', TEST_LIMITS.ui, [file]),
    environment: { WORKBENCH_EDITOR_VERSION: vscode },
    needs: ['editors', 'browser', 'vsix'],
  };
}

/** All files of a group, half in one process and half in another, because a single one would still run when everything else is done. */
function halvesOf(group: 'contract' | 'integration'): { readonly files: readonly string[]; readonly part: string }[] {
  return [0, 1].map((half) => ({
    files: filesOf(group).filter((_, index) => index % 2 === half),
    part: ` ${half + 1} of 2`,
  }));
}

function integration(version: EditorVersion, options: UnitOptions): TestUnit[] {
  if (!options.all && version !== newest) return [extensionHost('integration', version, OLDEST_FILES, options)];
  return halvesOf('integration').map(({ files, part }) => extensionHost('integration', version, files, options, part));
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
      ...fileFlags(files),
      ...(desktop ? ['--desktop'] : []),
    ],
    needs: desktop || process.env['VSCODE_EXECUTABLE'] ? [] : ['editors', 'browser'],
  };
}

/** The program of a group in plain Node: of these files, or of all. */
function mochaProgram(group: Group, limit: number, files: readonly string[] = []): string[] {
  return ['out/test/host/runMocha.js', '--group', group, '--timeout', String(limit), ...fileFlags(files)];
}

function fileFlags(files: readonly string[]): string[] {
  return files.flatMap((file) => ['--file', file]);
}

/** In the order in which they run. The first integration test is about the activation, before any other uses the extension. */
function filesOf(group: 'ui' | 'integration' | 'contract'): string[] {
  const ending = '.test.ts';
  return readdirSync(join(projectRoot(), 'test', group))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}
