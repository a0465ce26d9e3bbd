import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow, type TreeRow } from '../host/window';
import { until } from '../support/until';
import { chooseFromMenu, chooseTheme } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

/** The parts of a page's picture that the test looks at. */
interface DrawnPicture {
  readonly naturalWidth: number;
  readonly complete: boolean;
  readonly src: string;
  readonly alt: string;
  decode(): Promise<void>;
}

/** Beside each version's own, which is dark in one and light in the other. */
const THEMES = [
  ['Dark High Contrast', 'hc-black'],
  ['Light High Contrast', 'hc-light'],
] as const;

for (const version of testedVersions()) {
  describe(`Sign-in Summary… in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;

    before(async () => {
      window = await openWindow({ version, vsix: vsixFile() });
      await window.openView('Scalekit');
      await window.runCommand('Scalekit: Start Local Sandbox');
      await window.waitForRows('Organizations', (rows) => rows.length > 5);
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(() => window?.close());

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), `out/screenshots/sign-in-summary-${name}-${version.vscode}.png`));

    /** VS Code's preview of the document with this heading. */
    async function preview(heading: RegExp): Promise<Frame> {
      let found: Frame | undefined;
      await until(
        `a preview of ${heading}`,
        async () => {
          for (const frame of window.page.frames()) {
            const texts = await frame
              .locator('h1')
              .allTextContents()
              .catch(() => []);
            if (texts.some((text) => heading.test(text))) found = frame;
          }
          return found !== undefined;
        },
        30_000,
      );
      return found ?? assert.fail('there is none');
    }

    it('opens in VS Code’s own preview, with the picture, which the preview draws without any network', async () => {
      await chooseFromMenu(window, window.row('Environments', 'Local sandbox'), 'Sign-in Summary…', { in: 'Sign-in' });
      await window.waitForPrompt(({ items }) => items.some((item) => item.includes('Last 7 Days')));
      await window.page.keyboard.type('Last 7');
      await window.waitForPrompt(({ items }) => items.length === 1);
      await window.page.keyboard.press('Enter');
      const frame = await preview(/^Sign-ins of Local sandbox$/);
      const pictures = await frame.locator('img').evaluateAll(async (all) => {
        await Promise.all(all.map((each) => (each as unknown as DrawnPicture).decode()));
        return all.map((each) => {
          const { naturalWidth, complete, src, alt } = each as unknown as DrawnPicture;
          return { naturalWidth, complete, isData: src.startsWith('data:image/svg+xml;base64,'), alt };
        });
      });
      assert.equal(pictures.length, 1);
      const [drawn] = pictures;
      assert.ok(drawn?.isData && drawn.complete && drawn.naturalWidth >= 256, JSON.stringify(drawn));
      assert.match(drawn.alt, /^Sign-ins by day from /);
      assert.equal(await frame.locator('table').count(), 5);
      await picture('own-theme');
    });

    for (const [theme, kind] of THEMES) {
      it(`is drawn in ${theme}`, async () => {
        await chooseTheme(window, theme);
        await window.page.locator(`.monaco-workbench.${kind}`).waitFor();
        await picture(kind);
      });
    }

    it('leads to the failed ones in an organization’s log, and from one to its steps', async () => {
      // The toast may be gone by now.
      await window.runCommand('Notifications: Show Notifications');
      const { text } = await window.waitForNotification(/Failed sign-ins: \d+ of \d+\./);
      assert.match(text, /Failed sign-ins: \d+ of \d+\./);
      await window.clickNotificationButton('Show Failed in Log');
      await window.waitForPrompt(({ title, items }) => title === 'Failed Sign-ins' && items.length > 0);
      await window.pressInPrompt('Enter');
      // The list scrolls to the log, so each look finds it anew.
      const signInIn = (rows: readonly TreeRow[]): TreeRow | undefined => {
        const log = rows.findIndex(
          ({ label, description }) => label === 'Sign-in Log' && /^Failed · \d+$/.test(description),
        );
        const next = log === -1 ? undefined : rows[log + 1];
        return next?.spoken.startsWith('Sign-in, ') ? next : undefined;
      };
      const rows = await window.waitForRows('Organizations', (shown) => signInIn(shown) !== undefined);
      const { label } = signInIn(rows) ?? assert.fail('no row');
      await chooseFromMenu(window, window.row('Organizations', label).first(), 'Show Steps');
      // VS Code may replace the preview's frame while it draws.
      const steps = async (): Promise<string> =>
        (await preview(/^Sign-in of /))
          .locator('table')
          .innerText()
          .catch(() => '');
      await until('the steps', async () => /Login failed/.test(await steps()), 30_000);
    });
  });
}
