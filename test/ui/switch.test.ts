import assert from 'node:assert/strict';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow, type TreeRow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { until } from '../support/until';
import { chooseFromMenu, runByKeyboard, typeCredentials, walkTo } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const DELETE_KEY = process.platform === 'darwin' ? 'Meta+Backspace' : 'Delete';

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
          rows.filter(({ spoken }) => /, active/.test(spoken)).every(({ label }) => label === name) &&
          rows.some(({ label, spoken }) => label === name && /, active/.test(spoken)),
      );

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), 'out/screenshots', `switch-${name}-${version.vscode}.png`));

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

    it('the trees begin at the top, with what was open before', async () => {
      const open = async (label: string): Promise<void> => {
        await window.row('Organizations', label).first().locator('.monaco-tl-twistie').click();
      };
      // The first organization of both has the same ID, so it's open in both. The second sandbox has one more.
      const [one = '', two = ''] = sandboxes.map(({ url }) => new URL(url).host);
      const goTo = async (name: string, isShown: (rows: readonly TreeRow[]) => boolean): Promise<TreeRow[]> => {
        await window.row('Environments', name).first().click();
        await isActive(name);
        return window.waitForRows('Organizations', isShown);
      };
      await goTo(one, (rows) => rows.length === 1);
      const [first, second] = await goTo(two, (rows) => rows.length === 2);
      assert.ok(first !== undefined && second !== undefined);
      await open(first.label);
      await window.waitForRows('Organizations', (rows) => rows.some(({ label }) => label === 'Users'));
      await open('Users');
      const isOpen = (rows: readonly TreeRow[]): boolean =>
        rows.some(({ label }) => label === 'Users') && rows.some(({ spoken }) => spoken.startsWith('User, '));
      await window.waitForRows('Organizations', isOpen);
      // Enough rows to scroll.
      await open('SSO Connections');
      await window.waitForRows('Organizations', (rows) => rows.some(({ spoken }) => spoken.startsWith('Connection, ')));
      await runByKeyboard(window, 'Scalekit: Focus on Organizations View');
      await window.page.keyboard.press('End');
      await window.waitForRows('Organizations', (rows) =>
        rows.some(({ focused, label }) => focused && label === second.label),
      );
      // VS Code keeps the rows around the first one in sight at the top, so only the place of all rows tells.
      const isScrolled = async (): Promise<boolean> => {
        const view = window.view('Organizations');
        const list = await view.locator('.monaco-list').first().boundingBox();
        const rows = await view.locator('.monaco-list-rows').first().boundingBox();
        return (rows?.y ?? 0) < (list?.y ?? 0);
      };
      const isTop = (rows: readonly TreeRow[]): boolean => rows[0]?.label === first.label;
      const atTop = async (): Promise<void> =>
        until('the tree begins at the top', async () => !(await isScrolled()), 20_000);
      assert.ok(await isScrolled(), 'it is scrolled down');

      for (const name of [one, two]) {
        await goTo(name, (rows) => isTop(rows) && isOpen(rows));
        await atTop();
        await runByKeyboard(window, 'Scalekit: Focus on Organizations View');
        await window.page.keyboard.press('End');
        await until('the tree to scroll', isScrolled, 20_000);
      }
      await goTo(one, isTop);
      await atTop();
      await picture('same-rows-open');
      await goTo(names[1] ?? '', (rows) => rows.length > 0);
    });

    it('F2 renames and Delete removes the row with the focus, even while another one is selected', async () => {
      await runByKeyboard(window, 'Scalekit: Focus on Environments View');
      await window.page.keyboard.press('Home');
      await walkTo(window, 'Environments', ({ label }) => label === names[0]);
      await window.page.waitForTimeout(300); // VS Code's list loses a key that comes within 10 ms
      await window.page.keyboard.press('F2');
      await window.waitForPrompt(({ title }) => title === `Rename ${names[0]}`);
      await window.page.keyboard.press('Escape');
      await isActive(names[1] ?? '');
      await runByKeyboard(window, 'Scalekit: Focus on Environments View');
      await walkTo(window, 'Environments', ({ label }) => label === names[1]);
      await window.page.waitForTimeout(300);
      await window.page.keyboard.press(DELETE_KEY);
      assert.ok((await window.dialog()).text.includes(`“${names[1]}”`));
      await window.clickDialogButton('Cancel');
      await runByKeyboard(window, 'Scalekit: Focus on Organizations View');
      const organization = 'Looney Corp';
      await window.page.keyboard.press('Home');
      await walkTo(window, 'Organizations', ({ label }) => label === organization);
      await window.page.waitForTimeout(300);
      await window.page.keyboard.press(DELETE_KEY);
      assert.ok((await window.dialog()).text.includes(`Delete the organization ${organization}?`));
      await window.clickDialogButton('Cancel');
      await window
        .row('Environments', names[0] ?? '')
        .first()
        .click();
      await isActive(names[0] ?? '');
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
