// Bundles the extension, the sandbox and, on request, the tests.
//   node esbuild.mjs            dist/extension.js and dist/sandbox.js
//   node esbuild.mjs --watch    the same, again at each change
//   node esbuild.mjs --tests    also every test file and the test host, to out/test
//   node esbuild.mjs --meta     also dist/*.meta.json, for looking at what is in a bundle
import { readdir, rm } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { context, build } from 'esbuild';

const flags = new Set(process.argv.slice(2));
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  legalComments: 'none',
  // node-fetch asks for this polyfill only where Node has no web streams. It would triple node-fetch's share of the bundle.
  alias: { 'web-streams-polyfill/dist/ponyfill.es2018.js': 'node:stream/web' },
};
const products = [
  {
    ...common,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    minify: true,
    sourcemap: flags.has('--watch') ? 'inline' : false,
    metafile: true,
  },
  {
    ...common,
    entryPoints: ['src/sandbox/main.ts'],
    outfile: 'dist/sandbox.js',
    minify: true,
    sourcemap: flags.has('--watch') ? 'inline' : false,
    metafile: true,
  },
];

async function testEntryPoints() {
  const files = await readdir('test', { recursive: true });
  return files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts')).sort().map((file) => `test/${file}`);
}

if (flags.has('--watch')) {
  console.log('esbuild: building');
  for (const product of products) await (await context(product)).watch();
  console.log('esbuild: watching');
} else {
  for (const product of products) {
    const result = await build(product);
    if (flags.has('--meta')) writeFileSync(product.outfile.replace(/\.js$/, '.meta.json'), JSON.stringify(result.metafile));
  }
  if (flags.has('--tests')) {
    await rm('out/test', { recursive: true, force: true });
    await build({
      ...common,
      entryPoints: await testEntryPoints(),
      outdir: 'out/test',
      outbase: 'test',
      sourcemap: 'inline',
      external: ['vscode', 'mocha', 'playwright-core', '@vscode/test-electron', '@vscode/vsce', '@scalekit-sdk/node', 'esbuild', 'fast-check'],
    });
  }
}
