import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { movingPicture, type Scene } from '../host/movingPicture';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { newest } from '../host/vscodeHost';
import { openWindow, type EditorWindow } from '../host/window';
import { until } from '../support/until';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhookReceiver';
import { widenSideBar } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

/** Where the picture is written: over the README's only on request. */
const folder = join(
  projectRoot(),
  process.env['UPDATE_SCREENSHOTS'] === '1' ? 'media/readme' : 'out/screenshots/readme',
);

/** Not a secret of anything: the app and VS Code are given it here. */
const SECRET = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';

/** A page that people look at shouldn't load long. */
const MOST_BYTES = 1_500_000;

if (testedVersions().includes(newest)) {
  describe('The README’s moving picture shows the first minute', () => {
    let window: EditorWindow;
    let app: WebhookReceiver;
    const scenes: Scene[] = [];

    before(async () => {
      app = await startWebhookReceiver();
      app.secret = SECRET;
      window = await openWindow({
        version: newest,
        vsix: vsixFile(),
        viewport: { width: 960, height: 600 },
        settings: {
          'workbench.colorTheme': 'Default Dark Modern',
          'workbench.reduceMotion': 'on',
          'workbench.tips.enabled': false,
          'editor.minimap.enabled': false,
          'editor.wordWrap': 'on',
          'files.autoSave': 'off',
        },
      });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await app?.close();
    });

    /** Adds what is on the screen to the moving picture, with a caption. */
    async function scene(caption: string, milliseconds = 2_200): Promise<void> {
      await window.page.waitForTimeout(400); // until hovers and highlights are there or gone
      await window.page.evaluate(`(() => {
        const id = 'scene-caption';
        const bar = document.getElementById(id) ?? document.body.appendChild(Object.assign(document.createElement('div'), { id }));
        bar.textContent = ${JSON.stringify(caption)};
        bar.style.cssText = 'position:fixed;left:50%;bottom:44px;transform:translateX(-50%);padding:9px 20px;border-radius:8px;background:#2b6cff;color:#fff;font:600 18px system-ui,sans-serif;z-index:99999;white-space:nowrap;box-shadow:0 4px 18px #0009;pointer-events:none';
      })()`);
      const png = await window.painted(() => window.page.screenshot());
      scenes.push({ png, milliseconds });
      await window.page.evaluate("document.getElementById('scene-caption')?.remove()");
    }

    const row = (label: string): Locator => window.row('Organizations', label).first();

    it('starts a sandbox without an account', async () => {
      await window.openView('Scalekit');
      const start = window.view('Organizations').getByRole('button', { name: 'Start Local Sandbox' });
      await start.hover();
      await scene('No account? Start a local Scalekit.');
      await start.click();
      await window.waitForRows('Organizations', (rows) => rows.length > 5);
      await widenSideBar(window, 60);
      await window.page.mouse.move(700, 300);
      await scene('Its organizations, users and connections are there.');
    });

    it('copies a token', async () => {
      const environment = window.row('Environments', 'Local sandbox').first();
      await environment.hover();
      await environment.getByRole('button', { name: /Copy Access Token/ }).click();
      await window.waitForStatus(/token/i);
      await scene('One click copies an access token that’s valid.');
    });

    it('opens an organization and saves a change', async () => {
      const name = (await window.treeRows('Organizations'))[0]?.label ?? assert.fail('there is no organization');
      await row(name).locator('.monaco-tl-twistie').click();
      await window.waitForRows('Organizations', (rows) => rows[1]?.level === 2 && !/loading/i.test(rows[1].label));
      await row(name).click();
      const line = window.page.locator('.editor-group-container.active .view-line', { hasText: '"display_name"' });
      await line.click();
      await window.page.keyboard.press('End');
      await window.page.keyboard.press('ArrowLeft');
      await window.page.keyboard.press('ArrowLeft');
      await window.page.keyboard.type(' Group');
      await scene('Edit an organization as a file.');
      await window.page.keyboard.press('ControlOrMeta+s');
      await window.waitForRows('Organizations', (rows) => rows[0]?.label === `${name} Group`);
      await scene('Save. Only what you changed is sent.');
    });

    it('sends a webhook to an app', async () => {
      await window.runCommand('Scalekit: Send Webhook…');
      await window.waitForPrompt(({ items }) => items.length > 5);
      await window.page.keyboard.type('user.login');
      await window.waitForPrompt(({ items }) => items.length >= 1 && items.length < 5);
      await scene('Choose any of Scalekit’s 41 webhooks …');
      await window.page.keyboard.press('Enter');
      await until('the payload', async () => (await window.editorText()).includes('"spec_version": "1"'), 20_000);
      await window.runCommand('Scalekit: Send Webhook…');
      await window.waitForPrompt(({ title }) => title === 'Webhook Target');
      await window.answer(app.url);
      await window.waitForPrompt(({ items }) => items.some((item) => item.includes('Wrong Secret')));
      await window.page.keyboard.press('Enter');
      await window.waitForPrompt(({ title }) => title === 'Webhook Secret');
      await window.answer(SECRET);
      await until('the response', async () => /Response: 201 Created/.test(await window.editorText()), 20_000);
      await scene('… and send it to your app, signed. No tunnel.', 3_000);
    });

    it('is small enough for a front page', async () => {
      const gif = await movingPicture(scenes, window.context);
      assert.equal(Buffer.from(gif.subarray(0, 6)).toString('latin1'), 'GIF89a');
      assert.ok(gif.length < MOST_BYTES, `${gif.length} bytes`);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'first-minute.gif'), gif);
    });
  });
}
