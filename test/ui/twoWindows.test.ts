import assert from 'node:assert/strict';
import { watch, type FSWatcher } from 'node:fs';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openDesktop, type DesktopEditor } from '../host/desktop';
import { vsixFile } from '../host/package';
import { removeTemporaryFolder, temporaryFolder } from '../host/temporary';
import { openWindow, type EditorWindow, type TreeRow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chooseFromMenu, runByKeyboard, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

/** How soon a window must show another window's change, in milliseconds. */
const AT_ONCE_MS = 2_000;

for (const version of testedVersions()) {
  describe(`Two windows, one with an untrusted folder, in VS Code ${version.vscode}`, () => {
    let here: EditorWindow;
    let there: EditorWindow;
    let sandbox: Sandbox;
    let folder: string;
    let host: string;
    let watcher: FSWatcher | undefined;
    /** Index files that either window wrote. */
    const written: string[] = [];

    before(async () => {
      folder = await mkdtemp(join(await temporaryFolder(), 'untrusted-'));
      sandbox = await startSandbox({ organizations: 3 });
      host = new URL(sandbox.url).host;
      await writeFile(
        join(folder, '.env'),
        `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}\n`,
      );
      here = await openWindow({
        version,
        vsix: vsixFile(),
        folder,
        trusted: false,
        settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' },
      });
      await here.openView('Scalekit');
      there = await here.openAnother();
      await there.openView('Scalekit');
    });
    keepEvidenceOfFailures(() => there ?? here);
    eachTestNeedsTheOneBefore();
    after(async () => {
      watcher?.close();
      await here?.close();
      await sandbox?.close();
      if (folder) await removeTemporaryFolder(dirname(folder));
    });

    it('read nothing from the untrusted folder', async () => {
      await here.page.bringToFront();
      await here.waitForStatus(/Restricted Mode/);
      await here.openPalette();
      await here.page.keyboard.type('Scalekit: Import Environment');
      const { items } = await here.waitForPrompt(({ items: offered }) =>
        offered.includes('Scalekit: Add Environment…'),
      );
      assert.ok(!items.some((item) => item.includes('.env')), items.join());
      await here.page.keyboard.press('Escape');
      assert.deepEqual(await here.treeRows('Environments'), []);
      assert.deepEqual(sandbox.requests, []);
    });

    it('both show an added environment, and the one that can’t read its secret yet says so in one row and sends nothing', async () => {
      await runByKeyboard(here, 'Scalekit: Add Environment…');
      await typeCredentials(here, sandbox);
      await here.waitForRows('Organizations', (rows) => rows.length === 3);
      await there.waitForRows('Environments', ([row]) => row?.label === host, AT_ONCE_MS);
      sandbox.clearRequests();
      await there.page.bringToFront();
      const rows = await there.waitForRows('Organizations', ([row]) => row?.label === 'Reload Window');
      assert.equal(rows.filter(({ label }) => label === 'Reload Window').length, 1);
      await there.waitForViewText(
        'Organizations',
        /this window can’t find its client secret\. Reload the window to use it/,
      );
      await there.waitForRows('Environments', ([row]) => /secret can’t be read/.test(row?.description ?? ''));
      assert.deepEqual(await there.notifications(), []);
      await there.page.waitForTimeout(1_000);
      assert.deepEqual(sandbox.requests, []);
    });

    it('both show a new name and a production mark, and neither writes in reaction to the other', async () => {
      await watchIndex();
      await here.page.bringToFront();
      await chooseFromMenu(here, here.row('Environments', host).first(), 'Rename Environment…', { in: 'Manage' });
      await here.waitForPrompt(({ title }) => title.startsWith('Rename'));
      await here.answer('Shop');
      await there.waitForRows('Environments', ([row]) => row?.label === 'Shop', AT_ONCE_MS);
      await chooseFromMenu(here, here.row('Environments', 'Shop').first(), 'Mark as Production', { in: 'Manage' });
      await there.waitForRows('Environments', ([row]) => /production/.test(row?.description ?? ''), AT_ONCE_MS);
      await here.waitForRows('Environments', ([row]) => /production/.test(row?.description ?? ''));
      await here.page.waitForTimeout(1_500);
      assert.deepEqual(
        written,
        Array.from({ length: 2 }, () => `${host.replaceAll(/\W/g, '-')}.json`),
        'two changes, two writings',
      );
      assert.deepEqual(sandbox.requests, [], 'and no request');
    });

    it('both can use the environment after one is reloaded from its row', async () => {
      await there.page.bringToFront();
      const reloaded = there.page.waitForEvent('load');
      await there.row('Organizations', 'Reload Window').first().click();
      await reloaded;
      await there.ready();
      await there.openView('Scalekit');
      await there.waitForRows('Organizations', (rows) => rows.length === 3);
      assert.ok(!/can’t be read/.test((await there.treeRows('Environments'))[0]?.description ?? ''));
    });

    it('both lose the environment when one of them removes it', async () => {
      await chooseFromMenu(there, there.row('Environments', 'Shop').first(), 'Remove Environment…');
      assert.match((await there.dialog()).text, /Remove the production environment “Shop” from VS Code\?/);
      await there.clickDialogButton('Remove');
      await there.waitForRows('Environments', isEmpty);
      await here.waitForRows('Environments', isEmpty, AT_ONCE_MS);
      await here.page.bringToFront();
      assert.deepEqual(await here.waitForRows('Organizations', isEmpty), []);
    });

    async function watchIndex(): Promise<void> {
      const files = await readdir(here.folders.userData, { recursive: true });
      const index =
        files.find((file) => /scalekit-workbench[/\\]environments$/.test(file)) ?? assert.fail('there is no index');
      watcher = watch(join(here.folders.userData, index), (_event, file) => {
        if (file?.endsWith('.json')) written.push(file);
      });
    }
  });
}

// In a browser each window has its own copy of the secrets. Only on the desktop do windows share them through the
// keyring.
const desktop = process.env['VSCODE_EXECUTABLE'];
if (desktop) describe('Two windows of desktop VS Code', () => secretsCrossWindows(desktop));
else
  console.log(
    'Not run: how secrets cross the windows of desktop VS Code. “npm test -- ui --desktop” downloads it and runs this too.',
  );

function secretsCrossWindows(executable: string): void {
  let editor: DesktopEditor | undefined;
  let here: EditorWindow;
  let there: EditorWindow;
  let sandbox: Sandbox;
  let host: string;

  before(async () => {
    sandbox = await startSandbox({ organizations: 3 });
    host = new URL(sandbox.url).host;
    editor = await openDesktop(executable, vsixFile());
    here = editor.first;
    await here.openView('Scalekit');
    there = await editor.openAnother();
    await there.openView('Scalekit');
  });
  keepEvidenceOfFailures(() => there ?? here);
  eachTestNeedsTheOneBefore();
  after(async () => {
    await editor?.close();
    await sandbox?.close();
  });

  it('both use an added environment without a reload', async () => {
    await runByKeyboard(here, 'Scalekit: Add Environment…');
    await typeCredentials(here, { ...sandbox, clientSecret: 'outdated-secret' });
    await here.waitForPrompt(({ invalid }) => invalid);
    await here.page.keyboard.type('outdated-secret');
    await here.clickPromptButton('Save without verifying');
    await there.waitForRows('Environments', ([row]) => row?.label === host, AT_ONCE_MS);
    // This window has the record that the other one stored, so it calls Scalekit, which refuses it.
    await there.waitForRows('Organizations', ([row]) => row?.label === 'Replace Client Secret…');
  });

  it('both use a replaced secret immediately', async () => {
    await chooseFromMenu(here, here.row('Environments', host).first(), 'Replace Client Secret…', { in: 'Manage' });
    await here.waitForPrompt(({ password }) => password);
    await here.answer(sandbox.clientSecret);
    await here.waitForRows('Organizations', (rows) => rows.length === 3);
    await there.waitForRows('Organizations', (rows) => rows.length === 3);
    const settled = sandbox.requests.length;
    await here.page.waitForTimeout(1_500);
    assert.equal(sandbox.requests.length, settled, 'neither window answers the other with requests');
  });

  it('both lose the environment when one of them removes it', async () => {
    await chooseFromMenu(there, there.row('Environments', host).first(), 'Remove Environment…');
    await there.dialog();
    await there.clickDialogButton('Remove');
    await there.waitForRows('Environments', isEmpty);
    await here.waitForRows('Environments', isEmpty, AT_ONCE_MS);
  });
}

function isEmpty(rows: readonly TreeRow[]): boolean {
  return rows.length === 0;
}
