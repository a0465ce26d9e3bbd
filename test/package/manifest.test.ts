import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { oldest } from '../host/vscodeHost';
import { readZip } from '../support/zip';

const root = projectRoot();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string;
}

interface Manifest {
  readonly version: string;
  readonly engines: { readonly vscode: string };
  readonly icon: string;
  readonly extensionKind: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown }; readonly virtualWorkspaces: unknown };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon?: string }[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly keybindings?: readonly { readonly command: string; readonly when?: string }[];
  };
}

const text = read('package.json');
const manifest = JSON.parse(text) as Manifest;
const strings = JSON.parse(read('package.nls.json')) as Record<string, string>;
const { contributes } = manifest;
const declared = new Set(contributes.commands.map(({ command }) => command));
const views = new Set(Object.values(contributes.views).flat().map(({ id }) => id));

/** A title as a person sees it. */
function shown(title: string): string {
  const key = /^%(.+)%$/.exec(title)?.[1];
  return key === undefined ? title : (strings[key] ?? '');
}

describe('the packaged extension', () => {
  let files: Map<string, Buffer>;

  before(() => {
    files = readZip(readFileSync(vsixFile()));
  });

  it('holds what it needs and nothing else', () => {
    const parts = readdirSync(join(root, 'dist/parts')).map((name) => `extension/dist/parts/${name}`);
    assert.ok(parts.every((name) => name.endsWith('.js')), parts.join(', '));
    const isPart = (name: string): boolean => name.startsWith('extension/dist/parts/');
    assert.deepEqual([...files.keys()].filter(isPart).sort(), parts.sort());
    assert.deepEqual([...files.keys()].filter((name) => !isPart(name)).sort(), [
      '[Content_Types].xml',
      'extension.vsixmanifest',
      'extension/LICENSE.txt',
      'extension/changelog.md',
      'extension/dist/extension.js',
      'extension/dist/sandbox.js',
      'extension/dist/terminal/scalekit-run',
      'extension/dist/terminal/scalekit-run.cmd',
      'extension/dist/terminal/scalekit-terminal.cjs',
      'extension/dist/terminal/scalekit-token',
      'extension/dist/terminal/scalekit-token.cmd',
      'extension/media/icon.png',
      'extension/media/scalekit.svg',
      'extension/media/schemas/organization.schema.json',
      'extension/package.json',
      'extension/package.nls.json',
      'extension/readme.md',
    ]);
  });

  it('holds the bundles that were built', () => {
    for (const path of ['dist/extension.js', 'dist/sandbox.js', 'package.nls.json']) {
      assert.ok(files.get(`extension/${path}`)?.equals(readFileSync(join(root, path))), path);
    }
  });

  it('has a bundle of at most 150 kB', () => {
    const { size } = statSync(join(root, 'dist/extension.js'));
    assert.ok(size <= 150_000, `${size} bytes`);
  });

  it('has at most 700 kB', () => {
    const { size } = statSync(vsixFile());
    assert.ok(size <= 700_000, `${size} bytes`);
  });

  it('has no path of this machine and no source map in it', () => {
    for (const [name, bytes] of files) {
      if (!/\.(js|cjs|json|md)$/.test(name)) continue;
      const content = bytes.toString('utf8');
      assert.ok(!content.includes(root), name);
      assert.ok(!content.includes('sourceMappingURL=data:'), name);
    }
  });

  it('has an icon of at least 128 by 128 pixels', () => {
    const png = files.get(`extension/${manifest.icon}`) ?? assert.fail('it has no icon');
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.ok(png.readUInt32BE(16) >= 128 && png.readUInt32BE(20) >= 128);
  });
});

describe('the manifest', () => {
  it('has each of its texts, and no text that is not used', () => {
    const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? ''));
    assert.deepEqual([...used].filter((key) => strings[key] === undefined), []);
    assert.deepEqual(Object.keys(strings).filter((key) => !used.has(key)), []);
    assert.deepEqual(Object.keys(strings).filter((key) => strings[key]?.trim() === ''), []);
  });

  it('leaves no text that a person sees untranslatable', () => {
    for (const { command, title } of contributes.commands) assert.match(title, /^%[\w.]+%$/, command);
  });

  it('has commands with unique ids, in one category, that the Command Palette tells apart', () => {
    assert.equal(declared.size, contributes.commands.length);
    for (const { command, category } of contributes.commands) {
      assert.match(command, /^scalekit(\.[a-z][a-zA-Z]*){2,}$/);
      assert.equal(category, 'Scalekit', command);
    }
    const hidden = new Set(contributes.menus['commandPalette']?.filter(({ when }) => when === 'false').map(({ command }) => command));
    const titles = contributes.commands.filter(({ command }) => !hidden.has(command)).map(({ title }) => shown(title));
    assert.deepEqual(titles.filter((title, index) => titles.indexOf(title) !== index), [], 'two of these stand in the Command Palette');
  });

  it('has titles in Title Case, with a real ellipsis', () => {
    const small = /^(a|an|the|and|or|of|in|on|to|from|for|with|as|by|at)$/;
    for (const { command, title } of contributes.commands) {
      const words = shown(title).split(' ');
      words.forEach((word, index) => {
        const isSmall = index > 0 && small.test(word.replace('…', ''));
        assert.ok(isSmall || /^[A-Z.]/.test(word), `${command}: ${shown(title)}`);
      });
      assert.doesNotMatch(shown(title), /\.\.\.|\s…|…./, command);
    }
  });

  it('names only commands that it declares, in menus, keys and welcome texts', () => {
    const named = [
      ...Object.values(contributes.menus).flat().map(({ command }) => command),
      ...(contributes.keybindings ?? []).map(({ command }) => command),
      ...Object.values(strings).flatMap((value) => [...value.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command)),
    ].filter((command) => command !== undefined);
    assert.deepEqual(named.filter((command) => !declared.has(command)), []);
    assert.ok(named.length > 10);
  });

  it('asks in its conditions only about views that it has and facts that are set', () => {
    const facts = read('src/editor/contextKeys.ts');
    const conditions = [...text.matchAll(/"(?:when|enablement)": "((?:[^"\\]|\\.)*)"/g)].map(([, condition]) => condition ?? '');
    assert.ok(conditions.length > 10);
    for (const condition of conditions) {
      for (const [, view] of condition.matchAll(/\b(?:view|focusedView) == ([\w.]+)/g)) assert.ok(views.has(view ?? ''), condition);
      for (const [name] of condition.replaceAll(/\b(?:view|focusedView) == [\w.]+/g, '').matchAll(/scalekit\.\w+/g)) assert.ok(facts.includes(`'${name}'`), condition);
    }
    for (const { view } of contributes.viewsWelcome) assert.ok(views.has(view), view);
  });

  it('has the icons that it names', () => {
    const icons = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...Object.values(contributes.views).flat().flatMap(({ icon }) => icon ?? []),
      ...contributes.commands.flatMap(({ icon }) => icon ?? []),
    ];
    for (const icon of icons) assert.ok(/^\$\([a-z-]+\)$/.test(icon) || existsSync(join(root, icon)), icon);
  });

  it('promises no older VS Code than its types and its tests are of', () => {
    const floor = /^\^(\d+\.\d+)\.0$/.exec(manifest.engines.vscode)?.[1] ?? assert.fail(manifest.engines.vscode);
    assert.equal(manifest.devDependencies['@types/vscode'], `~${floor}.0`);
    const types = JSON.parse(read('node_modules/@types/vscode/package.json')) as { version: string };
    assert.ok(types.version.startsWith(`${floor}.`), types.version);
    assert.ok(oldest.vscode.startsWith(`${floor}.`), oldest.vscode);
  });

  it('runs beside the person’s keyring, in Restricted Mode and in virtual workspaces', () => {
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.equal(manifest.capabilities.virtualWorkspaces, true);
  });
});
