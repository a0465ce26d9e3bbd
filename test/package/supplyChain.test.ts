import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureBundles, type BundlePart } from '../bench/bundleParts';
import { packageExtension, vsixFile } from '../host/package';
import { runOrThrow } from '../host/processes';
import { projectRoot } from '../host/project';
import { readZip } from '../support/zip';

const root = projectRoot();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface PackageJson {
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Licences under which the extension may be distributed with MIT, if their texts are included. */
const GOOD_LICENSES = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-3-Clause', 'Unlicense']);

describe('each library of the extension', function () {
  this.timeout(120_000);

  const notices = (): string =>
    readZip(readFileSync(vsixFile())).get('extension/dist/ThirdPartyNotices.txt')?.toString('utf8') ??
    assert.fail('there are none');
  let bundles: readonly BundlePart[];
  let packages: string[];

  before(async () => {
    bundles = await measureBundles();
    packages = packagesIn(bundles);
    assert.ok(
      packages.length >= 15 && packages.includes('node-fetch') && packages.includes('@bufbuild/protobuf'),
      packages.join(', '),
    );
  });

  it('has a licence that allows its use', () => {
    for (const name of packages) {
      const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as PackageJson;
      for (const part of license.replaceAll(/[()]/g, '').split(' AND '))
        assert.ok(GOOD_LICENSES.has(part), `${name}: ${license}`);
    }
  });

  it('is in the notices of the VSIX, with its version, licence and copyright', () => {
    const sections = notices()
      .split(/\n-{80}\n/)
      .map((section) => section.trim());
    for (const name of packages) {
      const { version, license } = JSON.parse(read(`node_modules/${name}/package.json`)) as PackageJson;
      const section =
        sections.find((text) => text.startsWith(`${name} ${version}\n`)) ??
        assert.fail(`${name} ${version} is missing`);
      assert.ok(section.includes(`Licence: ${license}`), name);
      assert.match(section, /copyright|\(c\)|permission to use/i, name);
      assert.match(
        section,
        /permission is hereby granted|permission to use, copy, modify|anyone is free to copy|licensed under the apache license/i,
        name,
      );
    }
    assert.equal(sections.length, packages.length + 2, 'an introduction, the packages, the Apache License');
    assert.match(sections.at(-1) ?? '', /Apache License\s+Version 2\.0[^]*END OF TERMS AND CONDITIONS$/);
  });

  it('is a declared dependency, or a dependency of one, and at most eight are declared', () => {
    const { dependencies } = JSON.parse(read('package.json')) as PackageJson;
    // The sandbox is a separate program that uses the tests' libraries.
    const product = bundles.filter(({ file }) => file !== 'dist/sandbox.js');
    assert.ok(
      product.some(({ file }) => file === 'dist/extension.js') &&
        product.some(({ file }) => file.startsWith('dist/parts/')) &&
        product.some(({ file }) => file.startsWith('dist/terminal/')),
    );
    const declared = closure(Object.keys(dependencies));
    assert.deepEqual(
      packagesIn(product).filter((name) => !declared.has(name)),
      [],
      'bundled, but not declared',
    );
    assert.ok(Object.keys(dependencies).length <= 8, Object.keys(dependencies).join(', '));
    assert.deepEqual(
      Object.keys(dependencies).filter((name) => !packages.includes(name)),
      [],
      'not in any bundle',
    );
  });

  it('is in CONTRIBUTING’s table, with its licence', () => {
    const table = read('CONTRIBUTING.md')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    for (const name of Object.keys((JSON.parse(read('package.json')) as PackageJson).dependencies)) {
      const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as PackageJson;
      assert.ok(
        table.some((line) => line.startsWith(`| ${name} `) && line.includes(`| ${license} |`)),
        name,
      );
    }
  });
});

function packagesIn(bundles: readonly BundlePart[]): string[] {
  const owners = new Set(
    bundles.flatMap(({ contents }) => Object.entries(contents).flatMap(([owner, bytes]) => (bytes > 0 ? [owner] : []))),
  );
  return [...owners].filter((owner) => !owner.startsWith('src/') && !owner.includes(':')).sort();
}

/** Packages with all their dependencies. */
function closure(names: readonly string[], known = new Set<string>()): ReadonlySet<string> {
  for (const name of names.filter((each) => !known.has(each))) {
    known.add(name);
    closure(
      Object.keys((JSON.parse(read(`node_modules/${name}/package.json`)) as Partial<PackageJson>).dependencies ?? {}),
      known,
    );
  }
  return known;
}

describe('the lock file', () => {
  interface Lock {
    readonly lockfileVersion: number;
    readonly packages: Readonly<
      Record<
        string,
        Partial<PackageJson> & { readonly integrity?: string; readonly resolved?: string; readonly link?: boolean }
      >
    >;
  }
  const lock = JSON.parse(read('package-lock.json')) as Lock;

  it('matches package.json', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as PackageJson;
    assert.deepEqual(
      [lock.packages['']?.dependencies, lock.packages['']?.devDependencies],
      [dependencies, devDependencies],
    );
  });

  it('pins the content of each package, wherever it comes from', () => {
    const entries = Object.entries(lock.packages).filter(([path]) => path !== '');
    assert.ok(entries.length > 100);
    for (const [path, { integrity, resolved, version, link }] of entries) {
      assert.ok(link !== true && version !== undefined, path);
      assert.match(integrity ?? '', /^sha512-[\w+/]{86}==$/, path);
      assert.equal(resolved, undefined, `${path} names a host`);
    }
  });
});

describe('the workflows', () => {
  it('pin each action to the reviewed commit, which nobody can move', () => {
    for (const file of ['test.yml', 'release.yml']) {
      const uses = [...read(`.github/workflows/${file}`).matchAll(/uses: (\S+)/g)]
        .map(([, action = '']) => action)
        .filter((action) => !action.startsWith('./'));
      assert.ok(uses.length > 0, file);
      for (const action of uses) assert.match(action, /@[0-9a-f]{40}$/, file);
    }
  });
});

describe('the VSIX', function () {
  this.timeout(120_000);

  it('is byte-for-byte the same when it’s built again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scalekit-workbench-'));
    try {
      await runOrThrow(process.execPath, ['esbuild.mjs'], { cwd: root, deadline: 100_000 });
      const again = join(folder, 'again.vsix');
      await packageExtension(again);
      assert.equal(hashOf(again), hashOf(vsixFile()));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
