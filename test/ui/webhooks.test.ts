import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow } from '../host/window';
import { freePort } from '../support/receiverClient';
import { until } from '../support/until';
import { runByKeyboard } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const SECRET = 'whsec_bG9jYWwgc2FuZGJveCBzZWNyZXQgMzIgYnl0ZXMgb2s=';
const VIEW = 'Activity';

for (const version of testedVersions()) {
  describe(`Webhooks in VS Code ${version.vscode}, by keyboard`, () => {
    let window: EditorWindow;
    let port: number;

    before(async () => {
      port = await freePort();
      window = await openWindow({ version, vsix: vsixFile() });
      await window.openView('Scalekit');
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(() => window?.close());

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), `out/screenshots/webhooks-${name}-${version.vscode}.png`));

    it('are received once a port, a response and a secret are given', async () => {
      await runByKeyboard(window, 'Scalekit: Listen for Webhooks…');
      await window.waitForPrompt(({ title }) => title.endsWith('(1/3)'));
      await window.answer(String(port));
      await window.waitForPrompt(({ items }) => items.some((item) => item.includes('500 Internal Server Error')));
      await picture('listen');
      await window.page.keyboard.press('Enter');
      await window.waitForPrompt(({ title }) => title.endsWith('(3/3)'));
      await window.page.keyboard.press('Enter');
      await window.waitForPrompt(({ title }) => title === 'Listen for Webhooks: Secret');
      await window.answer(SECRET);
      await window.waitForStatus(new RegExp(`Webhooks: ${port}`));
    });

    it('are chosen from all types and open as a payload that’s checked and completed', async () => {
      await runByKeyboard(window, 'Scalekit: Send Webhook…');
      await window.waitForPrompt(({ title, items }) => title === 'Send Webhook: Which Event?' && items.length > 5);
      await picture('types');
      await window.page.keyboard.type('directory.user_created');
      await window.waitForPrompt(({ items }) => items.length === 1);
      await window.page.keyboard.press('Enter');
      await window.page.locator('.tab.active[aria-label^="Directory User Created.json"]').waitFor();
      await until('the payload', async () => (await window.editorText()).includes('"spec_version": "1"'), 20_000);
      // The schema knows the types.
      await window.page.keyboard.press('Control+Home');
      for (let line = 0; line < 3; line++) await window.page.keyboard.press('ArrowDown');
      await window.page.keyboard.press('End');
      await window.page.keyboard.press('ArrowLeft');
      await window.page.keyboard.press('ArrowLeft');
      await window.page.keyboard.type('X');
      await window.page.locator('.squiggly-warning').first().waitFor();
      await picture('payload');
      await window.page.keyboard.press('Backspace');
      await window.page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
    });

    it('are sent to the target, whose response is on the screen', async () => {
      await runByKeyboard(window, 'Scalekit: Send Webhook…');
      await window.waitForPrompt(({ title }) => title === 'Webhook Target');
      await window.answer(`http://localhost:${port}/webhooks/scalekit`);
      await window.waitForPrompt(({ items }) => items.some((item) => item.includes('Wrong Secret')));
      await picture('send');
      await window.page.keyboard.press('Enter');
      await window.page.locator('.tab.active[aria-label^="organization.directory.user_created.jsonc"]').waitFor();
      await until('the response', async () => /Response: 200 OK/.test(await window.editorText()), 20_000);
      await picture('response');
    });

    it('are listed as received, with the verdict, and open as they came', async () => {
      await window.expandView(VIEW);
      const rows = await window.waitForRows(VIEW, (shown) =>
        shown.some(({ label }) => label.includes('signature holds')),
      );
      assert.ok(rows.some(({ label }) => label === 'directory.user_created · 200 OK'));
      await window.row(VIEW, 'directory.user_created · signature holds').click();
      await until('the webhook', async () => /Received at/.test(await window.editorText()), 20_000);
      await picture('received');
    });

    it('are explained: what is wrong, what to change, what each SDK says', async () => {
      const headers = {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 4_000),
        'webhook-signature': `v1,${Buffer.alloc(32, 1).toString('base64')}`,
      };
      await window.writeClipboard(JSON.stringify({ headers, body: '{"id":"evt_1"}' }));
      await runByKeyboard(window, 'Scalekit: Explain Webhook Signature…');
      await window.waitForPrompt(({ items }) => items.some((item) => item.includes('This Workspace’s Webhook Secret')));
      await window.page.keyboard.press('Enter');
      let frame: Frame | undefined;
      await until(
        'the preview',
        async () => {
          for (const each of window.page.frames()) {
            const texts = await each
              .locator('h1')
              .allTextContents()
              .catch(() => []);
            if (texts.some((text) => text.startsWith('Why this webhook’s signature is refused'))) frame = each;
          }
          return frame !== undefined;
        },
        30_000,
      );
      await frame?.locator('h1').first().waitFor();
      const text = (await frame?.locator('body').innerText()) ?? '';
      assert.match(text, /The timestamp is too old: 400\d s/);
      assert.match(text, /Another secret, or another body/);
      assert.match(text, /Message timestamp too old/);
      await picture('explained');
    });

    it('are no longer received after Stop Listening', async () => {
      await runByKeyboard(window, 'Scalekit: Listen for Webhooks…');
      await window.waitForPrompt(({ items }) => items[0]?.includes('Stop Listening') === true);
      await window.page.keyboard.press('Enter');
      await until('the port', async () =>
        fetch(`http://127.0.0.1:${port}/`, { method: 'POST' }).then(
          () => false,
          () => true,
        ),
      );
    });
  });
}
