import assert from 'node:assert/strict';
import { vsixFile } from '../host/package';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chooseFromMenu, runByKeyboard, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

for (const version of testedVersions()) {
  describe(`When you switch environments in VS Code ${version.vscode},`, () => {
    let window: EditorWindow;
    const sandboxes: Sandbox[] = [];
    /** The names of the environments, in row order. */
    let names: string[] = [];

    const labels = async (): Promise<string[]> => (await window.treeRows('Environments')).map(({ label }) => label);
    const isActive = (name: string): Promise<unknown> =>
      window.waitForRows(
        'Environments',
        (rows) =>
          rows.filter(({ description }) => /active/.test(description)).every(({ label }) => label === name) &&
          rows.some(({ label, description }) => label === name && /active/.test(description)),
      );

    before(async () => {
      window = await openWindow({ version, vsix: vsixFile() });
      await window.openView('Scalekit');
      for (const organizations of [1, 2]) {
        const sandbox = await startSandbox({ organizations });
        sandboxes.push(sandbox);
        await runByKeyboard(window, 'Scalekit: Add Environment…');
        await typeCredentials(window, sandbox);
        await window.waitForRows('Organizations', (rows) => rows.length === organizations);
      }
      names = await labels();
      assert.equal(names.length, 2);
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      for (const sandbox of sandboxes) await sandbox.close();
    });

    it('a double-click activates that environment, and the rows stay in place', async () => {
      for (const index of [0, 1, 0, 1]) {
        const name = names[index] ?? assert.fail();
        await window.row('Environments', name).first().dblclick({ delay: 50 });
        await isActive(name);
        await window.waitForStatus(new RegExp(name));
        assert.deepEqual(await labels(), names);
      }
    });

    it('two slow clicks on the same place choose the same environment', async () => {
      const box =
        (await window
          .row('Environments', names[0] ?? '')
          .first()
          .boundingBox()) ?? assert.fail('no row');
      const [x, y] = [box.x + box.width / 3, box.y + box.height / 2];
      await window.page.mouse.click(x, y);
      await isActive(names[0] ?? '');
      await window.page.mouse.click(x, y);
      // The second click takes effect before the next command runs.
      await runByKeyboard(window, 'Scalekit: Test Connection');
      await window.waitForNotification(new RegExp(`^${names[0]} `));
      await isActive(names[0] ?? '');
    });

    it('Switch Environment… and Enter go back to the previous environment, and to the first one again', async () => {
      for (const index of [1, 0]) {
        await runByKeyboard(window, 'Scalekit: Switch Environment…');
        await window.waitForPrompt(({ title }) => title === 'Switch Scalekit Environment');
        await window.page.keyboard.press('Enter');
        await isActive(names[index] ?? '');
      }
    });

    it('the status bar says which environment is active after you remove the active one', async () => {
      await chooseFromMenu(window, window.row('Environments', names[0] ?? '').first(), 'Remove Environment…');
      await window.dialog();
      await window.clickDialogButton('Remove');
      await window.waitForStatus(new RegExp(`${names[0]} removed; ${names[1]} is active now`));
      await isActive(names[1] ?? '');
    });
  });
}
