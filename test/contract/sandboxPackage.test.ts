import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { packageSandbox, sandboxPackageFile } from '../host/packageSandbox';
import { run, runOrThrow } from '../host/processes';
import { projectRoot } from '../host/project';
import { removeTemporaryFolder } from '../host/temporary';
import { readmeFiles } from '../support/readmeFiles';
import { installSandboxPackage } from '../support/sandboxInstallation';

/** What runs the starts of the README here. Those of other tools are run by hand (CONTRIBUTING.md). */
const TOOLS: Readonly<Record<string, string>> = {
  'organizations.spec.mjs': 'mocha',
  'organizations.node.mjs': 'node',
  'test_organizations.py': 'python3',
  'organizations_test.go': 'go',
};

describe('the npm package of the sandbox', function () {
  this.timeout(180_000);
  let folder = '';
  before(async () => {
    await packageSandbox();
    folder = await installSandboxPackage(['mocha', '@scalekit-sdk/node']);
  });
  after(() => removeTemporaryFolder(folder));
  const installed = (name: string) => join(folder, 'node_modules/scalekit-sandbox', name);

  it('has these files, no dependencies and no install script', async () => {
    assert.deepEqual((await readdir(installed(''))).sort(), [
      'LICENSE',
      'README.md',
      'ThirdPartyNotices.txt',
      'bin.cjs',
      'data.schema.json',
      'index.cjs',
      'index.d.cts',
      'index.d.mts',
      'index.mjs',
      'package.json',
      'sandbox.cjs',
    ]);
    const manifest = JSON.parse(await readFile(installed('package.json'), 'utf8')) as Record<string, unknown>;
    const project = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
    for (const name of ['dependencies', 'peerDependencies', 'optionalDependencies', 'scripts'])
      assert.equal(manifest[name], undefined, name);
    assert.equal(manifest['version'], project.version);
    assert.deepEqual(manifest['engines'], { node: '>=20' });
    assert.match(String(manifest['description']), /Unofficial/);
    assert.match(
      await readFile(installed('README.md'), 'utf8'),
      /^Unofficial: it isn't made or supported by Scalekit/m,
    );
  });

  it('has at most 600 kB packed, and nothing of the machine that built it', async () => {
    assert.ok(statSync(sandboxPackageFile()).size <= 600_000, String(statSync(sandboxPackageFile()).size));
    for (const name of await readdir(installed(''))) {
      const text = await readFile(installed(name), 'utf8');
      for (const own of [projectRoot(), process.env['HOME'] ?? projectRoot(), hostname()])
        if (own.length > 5) assert.ok(!text.includes(own), `${name} has ${own}`);
      assert.ok(!text.includes(`/home/${userInfo().username}`), name);
      assert.ok(
        !/BEGIN (RSA |EC )?PRIVATE KEY|\bwhsec_[A-Za-z0-9+/]{16}|\btest_[\w-]{40}|npm_[A-Za-z0-9]{30}/.test(text),
        name,
      );
    }
  });

  it('has a notice for each package that is bundled', async () => {
    const notices = await readFile(installed('ThirdPartyNotices.txt'), 'utf8');
    assert.match(notices, /^scalekit-sandbox contains the following third-party software\./);
    for (const name of [
      'zod',
      'cross-spawn',
      'jose',
      '@bufbuild/protobuf',
      '@scalekit-sdk/node',
      'hono',
      'standardwebhooks',
    ])
      assert.match(notices, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
  });

  it('has types that stand alone, for strict programs of both kinds', async () => {
    const program = `import { startSandbox, type LocalSandbox, type SandboxData } from 'scalekit-sandbox';
const data: SandboxData = { organizations: [{ display_name: 'Acme', domains: [{ domain: 'acme.example' }] }] };
export async function use(): Promise<string | undefined> {
  await using sandbox: LocalSandbox = await startSandbox({ data, port: 0 });
  sandbox.faults.add({ path: '/api/v1/*', status: 503, times: 1 });
  const { idToken } = await sandbox.signIn('ann@acme.example', { organizationId: 'org_1' });
  const delivery = await sandbox.webhooks.waitForDelivery({ type: 'user.login' });
  // @ts-expect-error there is no such option
  await startSandbox({ colour: 'red' });
  return idToken ?? delivery.attempts[0]?.problem;
}
`;
    for (const [name, module, resolution] of [
      ['a.mts', 'node16', 'node16'],
      ['b.cts', 'node16', 'node16'],
      ['c.ts', 'esnext', 'bundler'],
    ] as const) {
      await writeFile(join(folder, name), program);
      const compilerOptions = { noEmit: true, strict: true, target: 'es2022', lib: ['es2022'], types: [], module };
      const project = { compilerOptions: { ...compilerOptions, moduleResolution: resolution }, files: [name] };
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
      const tsc = join(projectRoot(), 'node_modules/typescript/bin/tsc');
      await runOrThrow(process.execPath, [tsc, '--project', folder], { cwd: folder, deadline: 60_000 });
    }
  });

  it('is the same for import and require', async () => {
    await writeFile(
      join(folder, 'both.mjs'),
      `import { createRequire } from 'node:module';
import { startSandbox } from 'scalekit-sandbox';
const required = createRequire(import.meta.url)('scalekit-sandbox');
if (required.startSandbox !== startSandbox) process.exit(1);
const sandbox = await startSandbox({ organizations: 1 });
await sandbox.close();
console.log('closed');
`,
    );
    assert.equal(await runOrThrow(process.execPath, ['both.mjs'], { cwd: folder, deadline: 20_000 }), 'closed\n');
  });

  const here = readmeFiles().filter(({ name }) => {
    const tool = TOOLS[name];
    return tool !== undefined && isThere(tool);
  });
  for (const { name, text, command } of here) {
    it(`has a start in its README that works as it's written: ${name}`, async () => {
      await writeFile(join(folder, name), text);
      const [program = '', ...args] = (command ?? assert.fail('no command')).split(' ');
      const { code, output } = await run(program, args, { cwd: folder, deadline: 60_000 });
      assert.equal(code, 0, output);
      assert.match(output, /1 passing|# pass 1\b|Ran 1 test[^]*OK|ok\s+command-line-arguments/);
    });
  }

  it('has at least the starts for Mocha and Node among those', () => {
    const names = here.map(({ name }) => name);
    assert.ok(names.includes('organizations.spec.mjs') && names.includes('organizations.node.mjs'), names.join());
    for (const tool of ['vitest', 'jest', 'mocha', 'playwright', 'go', 'python3', 'node'])
      assert.ok(
        readmeFiles().some(({ command }) => command?.split(/[ /]/).includes(tool)),
        tool,
      );
  });

  it('has a README whose sample of data is good', async () => {
    const readme = await readFile(installed('README.md'), 'utf8');
    const [, sample = ''] = /^```json\n(.*?)^```$/ms.exec(readme) ?? [];
    await writeFile(join(folder, 'data.json'), sample);
    const { code, output } = await run('npx', ['scalekit-sandbox', 'exec', '--data', 'data.json', '--', 'true'], {
      cwd: folder,
      deadline: 60_000,
    });
    assert.deepEqual([code, output], [0, '']);
  });
});

function isThere(tool: string): boolean {
  return tool === 'mocha' || spawnSync(tool, [tool === 'go' ? 'version' : '--version']).status === 0;
}
