import assert from 'node:assert/strict';
import { vsixFile } from '../host/package';
import { openWindow, type EditorWindow } from '../host/window';
import { keepEvidenceOfFailures, testedVersions } from './support';

for (const version of testedVersions()) {
  describe(`The walkthrough in VS Code ${version.vscode}`, () => {
    let window: EditorWindow | undefined;
    keepEvidenceOfFailures(() => window);
    afterEach(async () => {
      await window?.close();
      window = undefined;
    });

    const step = (title: string) =>
      (window as EditorWindow).page.locator('.getting-started-step', { hasText: title }).first();

    it('opens immediately in a window that has never shown one, and again later', async () => {
      window = await openWindow({ version, vsix: vsixFile() });
      await window.openView('Scalekit');
      await window.view('Organizations').locator('a', { hasText: 'Open the walkthrough' }).first().click();
      // The first page that appears is ours.
      const first = window.page.locator('.getting-started-step').first();
      await first.waitFor();
      assert.match(await first.innerText(), /Try it without an account/);
      assert.doesNotMatch(await window.page.locator('.tab.active').innerText(), /VS Code|Setup/);
      // The hidden step that VS Code is asked about isn't one of the five.
      const titles = await window.page.locator('.getting-started-step .step-title').allTextContents();
      assert.equal(titles.length, 5, titles.join());

      await window.runCommand('View: Close Editor');
      await step('Try it without an account').waitFor({ state: 'hidden' });
      await window.runCommand('Scalekit: Open Walkthrough');
      await step('Try it without an account').waitFor();
    });

    for (const [when, reloads] of [
      ['while VS Code’s own is in front', false],
      ['after a reload of a window that showed VS Code’s own', true],
    ] as const) {
      it(`opens ${when}`, async () => {
        window = await openWindow({ version, vsix: vsixFile() });
        await window.runCommand('Welcome: Open Walkthrough...');
        await window.waitForPrompt((prompt) => prompt.items.length > 0);
        await window.page.keyboard.press('Enter');
        await window.page.locator('.getting-started-step').first().waitFor();
        assert.equal(await step('Try it without an account').isVisible(), false, 'this one is VS Code’s own');
        // After that, the older version shows it again, and the newer one shows nothing.
        if (reloads) await window.reload();
        await window.openView('Scalekit');
        await window.runCommand('Scalekit: Open Walkthrough');
        await step('Try it without an account').waitFor();
      });
    }
  });
}
