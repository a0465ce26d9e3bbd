import assert from 'node:assert/strict';
import { ScalekitClient } from '@scalekit-sdk/node';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { vsixFile } from '../host/package';
import { openWindow, type EditorWindow } from '../host/window';
import { until } from '../support/until';
import { runByKeyboard } from './gestures';
import { keepEvidenceOfFailures, testedVersions } from './support';

/** Auto Save starts this long after the last key. */
const AUTO_SAVE_MS = 1_000;

const PAUSES_MS = [900, 950, 960, 970, 980, 985, 990, 995, 1000, 1005, 1010, 1015, 1020, 1050, 1100];

for (const version of testedVersions()) {
  describe(`With Auto Save on in VS Code ${version.vscode},`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let sdk: ScalekitClient;
    let id: string;

    before(async () => {
      sandbox = await startSandbox({ organizations: 3, seed: 7 });
      sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      const environment = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      window = await openWindow({
        version,
        vsix: vsixFile(),
        environment,
        settings: { 'files.autoSave': 'afterDelay' },
      });
      await window.openView('Scalekit');
      const [row] = await window.waitForRows('Organizations', (rows) => rows.length >= 3);
      await window
        .row('Organizations', row?.label ?? '')
        .first()
        .click();
      await until('the document', async () => /"id": "(org_\d+)"/.test(await window.editorText()), 15_000);
      id = /"id": "(org_\d+)"/.exec(await window.editorText())?.[1] ?? assert.fail('no id');
    });
    keepEvidenceOfFailures(() => window);
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    const press = (keys: string): Promise<void> => window.page.keyboard.press(keys);
    const nameAtScalekit = async (): Promise<string | undefined> =>
      (await sdk.organization.getOrganization(id)).organization?.displayName;
    const isDirty = async (): Promise<boolean> =>
      ((await window.page.locator('.editor-group-container.active .tab.active').getAttribute('class')) ?? '')
        .split(' ')
        .includes('dirty');

    /** Puts the cursor before the name. */
    async function goToName(): Promise<void> {
      await press('ControlOrMeta+1');
      await press('ControlOrMeta+F');
      const find = window.page.locator('.find-widget.visible textarea').first();
      await find.fill('"display_name": "');
      await window.page.locator('.find-widget.visible .matchesCount', { hasText: '1 of 1' }).waitFor();
      await press('Escape');
      await window.page.locator('.find-widget.visible').waitFor({ state: 'hidden' });
      await press('ArrowRight');
    }

    for (const pause of PAUSES_MS) {
      it(`Ctrl+S saves ${pause} ms after the last key`, async () => {
        await goToName();
        const before = (await nameAtScalekit()) ?? '';
        await press('x');
        await window.page.waitForTimeout(pause);
        await press('ControlOrMeta+S');
        await until('the name is saved', async () => (await nameAtScalekit()) === `x${before}`, 15_000);
        await until('the text has no unsaved changes', async () => !(await isDirty()), 15_000);
      });
    }

    it('nothing is saved automatically, and one message says so, not one at each pause, with a link to the setting that stops it', async () => {
      await goToName();
      const before = await nameAtScalekit();
      const requests = sandbox.requests.length;
      await press('y');
      await runByKeyboard(window, 'Notifications: Show Notifications');
      const message = window.page.locator('.notification-list-item-message', {
        hasText: 'Auto Save doesn’t write to Scalekit',
      });
      await message.first().waitFor();
      await runByKeyboard(window, 'Notifications: Clear All Notifications');
      await message.first().waitFor({ state: 'hidden' });
      for (let pause = 0; pause < 3; pause++) {
        await press('ControlOrMeta+1');
        await press('y');
        await window.page.waitForTimeout(AUTO_SAVE_MS + 1_000);
      }
      await runByKeyboard(window, 'Notifications: Show Notifications');
      // The title counts. Below it, VS Code can still show a row that was cleared.
      const title = window.page.locator('.notifications-center.visible .notifications-center-header-title');
      assert.match(await title.innerText(), /^no new notifications$/i, 'a message at each pause');
      await press('ControlOrMeta+1');
      await press('ControlOrMeta+S');
      await until('an explicit save still works', async () => (await nameAtScalekit()) === `yyyy${before}`, 15_000);
      await press('y');
      await runByKeyboard(window, 'Notifications: Show Notifications');
      await message.first().waitFor();
      assert.equal(await nameAtScalekit(), `yyyy${before}`);
      assert.equal(sandbox.requests.slice(requests).filter(({ method }) => method === 'PATCH').length, 1);
      await message.first().locator('a').click();
      await window.page
        .locator('.settings-editor .setting-item', { hasText: 'Auto Save Workspace Files Only' })
        .first()
        .waitFor();
    });
  });
}
