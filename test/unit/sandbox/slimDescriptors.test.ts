import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { projectRoot } from '../../host/project';
import { slimDescriptors } from '../../host/slimDescriptors.mjs';

/** What the sandbox reads of every method and field of Scalekit's descriptors. */
const PROGRAM = `
  import { serviceDescriptors } from './src/sandbox/protocol/serviceDescriptors';
  import { readMethodOptions } from './src/sandbox/protocol/methodOptions';
  const options = (unknown) => (unknown ?? []).filter(({ no }) => no !== 1042).map(({ no, data }) => no + ':' + Buffer.from(data).toString('hex'));
  const fields = (message) => message.fields.map(({ name, number, kind, proto }) => [name, number, kind, options(proto.options?.$unknown)]);
  export const methods = serviceDescriptors.flatMap(({ typeName, methods }) =>
    methods.map((method) => [typeName, method.name, readMethodOptions(method), fields(method.input), fields(method.output)]));`;

async function bundled(plugins: Plugin[]): Promise<{ size: number; methods: readonly unknown[] }> {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: projectRoot(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    plugins,
  });
  const text = outputFiles[0]?.text ?? assert.fail('there is no bundle');
  const module: { exports: { methods?: readonly unknown[] } } = { exports: {} };
  new Function('module', 'exports', 'require', text)(
    module,
    module.exports,
    createRequire(join(projectRoot(), 'x.js')),
  );
  return { size: text.length, methods: module.exports.methods ?? [] };
}

describe('the descriptors in the sandbox bundle', () => {
  it('say the same of every method and field as the SDK’s, without its texts', async () => {
    const [whole, slim] = await Promise.all([bundled([]), bundled([slimDescriptors])]);
    assert.ok(whole.methods.length > 150, `${whole.methods.length} methods`);
    assert.deepEqual(slim.methods, whole.methods);
    assert.ok(slim.size < whole.size - 250_000, `${slim.size} of ${whole.size} bytes`);
  });
});
