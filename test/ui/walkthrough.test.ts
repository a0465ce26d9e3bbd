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

    const step = (title: string) => (window as EditorWindow).page.locator('.getting-started-step', { hasText: title }).first();

    it('opens at once in a window that has never shown one, and again later', async () => {
      window = await openWindow({ version, vsix: vsixFile() });
      await window.openView('Scalekit');
      await window.view('Organizations').locator('a', { hasText: 'Open the walkthrough' }).first().click();
      await window.page.locator('.getting-started-category, .getting-started-step').first().waitFor();
      await step('Try it without an account').waitFor();
      await window.page.locator('.tab.active', { hasText: /Scalekit/ }).waitFor();
      // The step that VS Code is asked about is none of the five.
      const titles = await window.page.locator('.getting-started-step .step-title').allTextContents();
      if (titles.length !== 5) throw new Error(`${titles.length} steps: ${titles.join(', ')}`);

      await window.page.keyboard.press('Control+F4');
      await step('Try it without an account').waitFor({ state: 'detached' });
      await window.runCommand('Scalekit: Open Walkthrough');
      await step('Try it without an account').waitFor();
    });

    it('opens in a window that brings back VS Code’s own walkthrough', async () => {
      window = await openWindow({ version, vsix: vsixFile() });
      await window.runCommand('Help: Welcome');
      await window.page.locator('.getting-started-step, .getting-started-category').first().waitFor();
      await window.reload();
      await window.page.locator('.getting-started-step, .getting-started-category').first().waitFor();
      await window.runCommand('Scalekit: Open Walkthrough');
      await step('Try it without an account').waitFor();
    });
  });
}
