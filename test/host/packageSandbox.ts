import { readFileSync, statSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { dataJsonSchema } from '../../src/sandbox/data/dataSchema';
import { runOrThrow } from './processes';
import { projectRoot } from './project';
import { thirdPartyNotices } from './thirdPartyNotices.mjs';

const NAME = 'scalekit-sandbox';
const FILES = [
  'bin.cjs',
  'data.schema.json',
  'index.cjs',
  'index.d.cts',
  'index.d.mts',
  'index.mjs',
  'sandbox.cjs',
  'ThirdPartyNotices.txt',
];

/** The package's version: this project's. */
function version(): string {
  return (JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

/** The path of the packed npm package. */
export function sandboxPackageFile(): string {
  return join(projectRoot(), 'out', `${NAME}-${version()}.tgz`);
}

/** Builds and packs the npm package of the sandbox. The same sources give the same bytes, because npm writes no times. */
export async function packageSandbox(): Promise<void> {
  const root = projectRoot();
  const folder = join(root, 'out', NAME);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/sandbox/package/index.ts'],
    outfile: join(folder, 'sandbox.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    // As in esbuild.mjs: otherwise two builds of this library are bundled.
    alias: { '@bufbuild/protobuf': './node_modules/@bufbuild/protobuf/dist/esm' },
  });
  await write('package.json', `${JSON.stringify(manifest(), undefined, 2)}\n`);
  await write('index.cjs', `'use strict';\nexports.startSandbox = require('./sandbox.cjs').startSandbox;\n`);
  await write('index.mjs', `import sandbox from './sandbox.cjs';\n\nexport const { startSandbox } = sandbox;\n`);
  await write(
    'bin.cjs',
    `#!/usr/bin/env node\n'use strict';\nvoid require('./sandbox.cjs').runProgram(process.argv.slice(2), '${version()}');\n`,
  );
  await chmod(join(folder, 'bin.cjs'), 0o755);
  const types = declarations(join(root, 'src/sandbox/package/api.ts'));
  await write('index.d.cts', types);
  await write('index.d.mts', types);
  await write('data.schema.json', dataJsonSchema());
  await write('ThirdPartyNotices.txt', thirdPartyNotices([metafile], NAME));
  await copyFile(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  await copyFile(join(root, 'src/sandbox/package/README.md'), join(folder, 'README.md'));
  await npm(['pack', '--ignore-scripts', '--pack-destination', join(root, 'out')], folder);
}

function manifest(): object {
  const { license, engines } = { license: 'MIT', engines: { node: '>=20' } };
  return {
    name: NAME,
    version: version(),
    description: 'A local Scalekit for development and tests, without a network or an account. Unofficial.',
    keywords: ['scalekit', 'sso', 'oauth', 'emulator', 'testing'],
    license,
    engines,
    bin: { [NAME]: 'bin.cjs' },
    main: './index.cjs',
    types: './index.d.cts',
    exports: {
      '.': {
        import: { types: './index.d.mts', default: './index.mjs' },
        require: { types: './index.d.cts', default: './index.cjs' },
      },
      './data.schema.json': './data.schema.json',
      './package.json': './package.json',
    },
    files: FILES,
  };
}

/** The types of the package's interface, which need no other file. */
function declarations(file: string): string {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: basename(file),
    compilerOptions: { isolatedDeclarations: true, declaration: true, target: ts.ScriptTarget.ES2022 },
  });
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost({})));
  if (/\bimport\b/.test(outputText)) throw new Error(`${file} must not import anything.`);
  return `/// <reference lib="esnext.disposable" />\n${outputText}`;
}

/** Runs npm. On Windows, and below `npm run`, it's a script for Node. */
async function npm(args: readonly string[], cwd: string): Promise<void> {
  const script = process.env['npm_execpath'];
  const [program, before] = script?.endsWith('npm-cli.js') === true ? [process.execPath, [script]] : ['npm', []];
  await runOrThrow(program, [...before, ...args], { cwd, deadline: 120_000 });
}

/** `npm run package:sandbox`. */
export async function main(): Promise<number> {
  await packageSandbox();
  console.log(`${sandboxPackageFile()}: ${statSync(sandboxPackageFile()).size} bytes`);
  return 0;
}
