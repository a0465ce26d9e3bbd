// Bundles the extension, the sandbox and, on request, the tests.
//   node esbuild.mjs            dist/extension.js, dist/sandbox.js, dist/terminal and dist/ThirdPartyNotices.txt
//   node esbuild.mjs --watch    the same, again at each change
//   node esbuild.mjs --tests    also the tests and the test host, to out/test
//   node esbuild.mjs --meta     also dist/*.meta.json, for looking at what is in a bundle
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build, context, transform } from 'esbuild';
import ts from 'typescript';
import { buildTests } from './test/host/buildTests.mjs';
import { slimDescriptors } from './test/host/slimDescriptors.mjs';
import { thirdPartyNotices } from './test/host/thirdPartyNotices.mjs';

const flags = new Set(process.argv.slice(2));

/** Made once, for all bundles. */
let catalogue;

/** The module `scalekit:endpoint-catalogue`: the GETs that Scalekit documents, read out of the descriptors in its SDK. */
const endpointCatalogue = {
  name: 'endpoint-catalogue',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^scalekit:endpoint-catalogue$/ }, ({ path }) => ({ path, namespace: 'endpoint-catalogue' }));
    onLoad({ filter: /.*/, namespace: 'endpoint-catalogue' }, async () => {
      catalogue ??= generateCatalogue();
      return { contents: await catalogue };
    });
  },
};

async function generateCatalogue() {
  const program = `
    import { coverage } from './src/sandbox/coverage';
    import { describeEndpoints } from './src/requests/describeEndpoints';
    export const endpoints = describeEndpoints(coverage(() => false).published);`;
  const { outputFiles } = await build({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    stdin: { contents: program, resolveDir: '.', loader: 'ts' },
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  const { endpoints } = module.exports;
  // Written short: each parameter once, and below its heading one line for each endpoint, with only what differs of its path.
  const parameters = [
    ...new Set(endpoints.flatMap((endpoint) => endpoint.parameters.map((parameter) => JSON.stringify(parameter)))),
  ];
  const headings = [...new Set(endpoints.map(({ resource }) => resource))].map((heading) => [
    heading,
    ...endpoints
      .filter(({ resource }) => resource === heading)
      .map((endpoint) => {
        const path = endpoint.path.replace(/^\/api\/v1\//, '').replaceAll(/\{\w+\}/g, '{}');
        return [
          path,
          endpoint.summary,
          ...endpoint.parameters.map((parameter) => parameters.indexOf(JSON.stringify(parameter))),
        ].join('|');
      }),
  ]);
  return `
    const known = [${parameters.map((parameter) => parameter.replace(/^\{"name":("[^"]+")\}$/, '$1'))}];
    export const documentedEndpoints = ${JSON.stringify(headings.map((lines) => lines.join('\n')).join('\n\n'))}.split('\\n\\n').flatMap((text) => {
      const [resource, ...lines] = text.split('\\n');
      return lines.map((line) => {
        const [path, summary, ...numbers] = line.split('|');
        const parameters = numbers.map((number) => (known[number].name ? known[number] : { name: known[number] }));
        let next = 0;
        return { path: '/api/v1/' + path.replaceAll('{}', () => '{' + parameters[next++].name + '}'), summary, resource, parameters };
      });
    });`;
}

/** The module `scalekit:sdk-members`: the methods and options that the SDK's own type declarations have. */
const sdkMembers = {
  name: 'sdk-members',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^scalekit:sdk-members$/ }, ({ path }) => ({ path, namespace: 'sdk-members' }));
    onLoad({ filter: /.*/, namespace: 'sdk-members' }, () => ({ contents: generateMembers() }));
  },
};

function generateMembers() {
  const folder = 'node_modules/@scalekit-sdk/node';
  const parse = (file) =>
    ts.createSourceFile(file, readFileSync(`${folder}/lib/${file}.d.ts`, 'utf8'), ts.ScriptTarget.Latest, true);
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const types = new Map(
    parse('types/scalekit')
      .statements.filter((each) => ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each))
      .map((each) => [each.name.text, ts.isInterfaceDeclaration(each) ? each : each.type]),
  );
  const methods = {};
  const options = {};
  /** The names in an object type; undefined if it may have more than those. */
  const namesIn = (type) => {
    const shape = type && ts.isTypeReferenceNode(type) ? types.get(type.typeName.getText()) : type;
    if (!shape || !(ts.isTypeLiteralNode(shape) || ts.isInterfaceDeclaration(shape))) return undefined;
    if (shape.heritageClauses || !shape.members.every(ts.isPropertySignature)) return undefined;
    return shape.members.map((member) => member.name.getText());
  };
  const isPrivate = (member) => ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  const read = (file, part) => {
    const source = parse(file);
    const imported = new Map(
      source.statements
        .filter((each) => ts.isImportDeclaration(each) && each.importClause?.name)
        .map((each) => [each.importClause.name.text, each.moduleSpecifier.text.replace('./', '')]),
    );
    const own = source.statements.find(ts.isClassDeclaration).members.filter((member) => !isPrivate(member));
    methods[part] = [...new Set(own.filter(ts.isMethodDeclaration).map(({ name }) => name.getText()))];
    for (const member of own.filter(ts.isMethodDeclaration)) {
      const found = member.parameters.flatMap(({ type }, position) => {
        const names = namesIn(type);
        return names ? [[position, names]] : [];
      });
      // An overloaded method takes what any of its declarations takes.
      if (found.length > 0 && own.filter(({ name }) => name?.getText() === member.name.getText()).length === 1)
        options[`${part === '' ? '' : `${part}.`}${member.name.getText()}`] = found;
    }
    if (part !== '') return;
    for (const member of own.filter(ts.isPropertyDeclaration))
      read(imported.get(member.type.getText()), member.name.getText());
  };
  read('scalekit', '');
  return `
    export const sdkVersion = ${JSON.stringify(version)};
    export const sdkMethods = ${JSON.stringify(methods)};
    export const sdkOptions = ${JSON.stringify(options)};`;
}

/**
 * An ESM part, with the exports and VS Code's API written as CommonJS. esbuild's own way begins each part with half a kilobyte of
 * helpers, and copies the whole API for each file that imports it.
 */
function withoutHelpers(text) {
  return text
    .replaceAll(/\bimport\s*\*\s*as ([\w$]+) from\s*"vscode";/g, 'var $1=require("vscode");')
    .replace(/\bexport\s*\{([^}]*)\};?\s*$/, (_, names) => {
      const getters = names.split(',').map((name) => {
        const [own, exported = own] = name.trim().split(' as ');
        return `get ${exported}(){return ${own}}`;
      });
      return `module.exports={__esModule:!0,${getters.join()}};`;
    });
}

function commonJsParts(folder) {
  return {
    name: 'commonjs-parts',
    setup({ onEnd }) {
      onEnd(async ({ outputFiles = [] }) => {
        await rm(`${folder}/parts`, { recursive: true, force: true });
        await mkdir(`${folder}/parts`, { recursive: true });
        for (const { path, text } of outputFiles) {
          const { code } = await transform(withoutHelpers(text), {
            format: 'cjs',
            platform: 'node',
            target: common.target,
            minify: true,
            legalComments: 'none',
            sourcemap: flags.has('--watch') ? 'inline' : false,
            supported: { 'dynamic-import': false },
          });
          await writeFile(path, code);
        }
      });
    },
  };
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  legalComments: 'none',
  plugins: [endpointCatalogue, sdkMembers],
  // node-fetch asks for this polyfill only where Node has no web streams. It would triple node-fetch's share of the bundle.
  alias: { 'web-streams-polyfill/dist/ponyfill.es2018.js': 'node:stream/web' },
};
const products = [
  {
    ...common,
    // What is imported with `import()` goes into parts of its own, which activation does not read. esbuild splits ESM only, so the
    // parts are written as ESM and turned into CommonJS, each by itself.
    format: 'esm',
    splitting: true,
    plugins: [endpointCatalogue, sdkMembers, commonJsParts('dist')],
    entryPoints: ['src/extension.ts'],
    outdir: 'dist',
    chunkNames: 'parts/[name]-[hash]',
    external: ['vscode'],
    minify: true,
    write: false,
    sourcemap: flags.has('--watch') ? 'inline' : false,
    metafile: true,
  },
  {
    ...common,
    entryPoints: ['src/sandbox/main.ts'],
    plugins: [...common.plugins, slimDescriptors],
    // The SDK's schemas ask for the CommonJS build of this library and connect for the ESM one: without this both are bundled.
    alias: { ...common.alias, '@bufbuild/protobuf': './node_modules/@bufbuild/protobuf/dist/esm' },
    outfile: 'dist/sandbox.js',
    minify: true,
    sourcemap: flags.has('--watch') ? 'inline' : false,
    metafile: true,
  },
  {
    ...common,
    entryPoints: ['src/terminal/program.ts'],
    outfile: 'dist/terminal/scalekit-terminal.cjs',
    minify: true,
    metafile: true,
  },
];

/** The scripts that terminals find on their PATH; they start scalekit-terminal.cjs, which is bundled beside them. */
async function copyTerminalScripts() {
  const scripts = 'src/terminal/bin';
  for (const name of await readdir(scripts)) {
    await copyFile(`${scripts}/${name}`, `dist/terminal/${name}`);
    await chmod(`dist/terminal/${name}`, 0o755);
  }
}

if (flags.has('--watch')) {
  console.log('esbuild: building');
  for (const product of products) await (await context(product)).watch();
  await mkdir('dist/terminal', { recursive: true });
  await copyTerminalScripts();
  console.log('esbuild: watching');
} else {
  const metafiles = [];
  for (const product of products) {
    const result = await build(product);
    metafiles.push(result.metafile);
    if (flags.has('--meta'))
      writeFileSync(
        (product.outfile ?? 'dist/extension.js').replace(/\.c?js$/, '.meta.json'),
        JSON.stringify(result.metafile),
      );
  }
  await copyTerminalScripts();
  await writeFile('dist/ThirdPartyNotices.txt', thirdPartyNotices(metafiles));
  if (flags.has('--tests')) await buildTests(common);
}
