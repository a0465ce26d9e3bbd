import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { removeTemporaryFolder, temporaryFolder } from '../host/temporary';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { until } from '../support/until';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const SECRET = 'test_AbCd1234EfGh56IjKl9fMnKq7Z';
const FAULTY = `SCALEKIT_ENVIRONMENT_URL=http://acme.scalekit.dev\nSCALKIT_CLIENT_ID=skc_100000000000000001\nNEXT_PUBLIC_SCALEKIT_CLIENT_SECRET=${SECRET}\n`;
const CODE = `import { Scalekit } from '@scalekit-sdk/node';\n\nconst scalekit = new Scalekit(url, id, secret);\nscalekit.getLogoutUrl(idToken, afterLogout);\n`;

for (const version of testedVersions()) {
  describe(`The files of a project in VS Code ${version.vscode}`, () => {
    let window: EditorWindow | undefined;
    let sandbox: Sandbox;
    let folder: string;

    const at = (): EditorWindow => window ?? assert.fail('no window is open');
    const picture = (name: string): Promise<void> =>
      at().screenshot(join(projectRoot(), `out/screenshots/project-files-${name}-${version.vscode}.png`));
    const marks = (kind: string): Promise<number> => at().page.locator(`.squiggly-${kind}`).count();
    const lenses = async (): Promise<string> =>
      (await at().page.locator('.codelens-decoration').allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ');

    /** Opens a file as people do: Ctrl+P, its name, Enter. */
    async function open(name: string, begins: RegExp): Promise<void> {
      await at().page.keyboard.press('Control+P');
      await at().waitForPrompt(() => true);
      await at().page.keyboard.type(name);
      await at().waitForPrompt(({ items }) => items[0]?.startsWith(name) === true);
      await at().page.keyboard.press('Enter');
      await until(`the text of ${name}`, async () => begins.test(await at().editorText()), 20_000);
    }

    /** Takes an action of the lightbulb's menu with the keyboard. */
    async function act(title: string): Promise<void> {
      const menu = at().page.locator('.action-widget:not(.action-list-submenu-panel)');
      const item = menu.getByText(title, { exact: true }).first();
      // The menu shows what was found when it opened, which may be before the check of this text.
      const isOffered = async (): Promise<boolean> => {
        if (await menu.isVisible()) await at().page.keyboard.press('Escape');
        await at().page.keyboard.press('Control+.');
        return item.waitFor({ timeout: 3_000 }).then(
          () => true,
          () => false,
        );
      };
      await until(title, isOffered, 60_000);
      const focused = menu.locator('.monaco-list-row.focused');
      for (let step = 0; step < 12 && !(await focused.innerText()).includes(title); step++)
        await at().page.keyboard.press('ArrowDown');
      assert.ok((await focused.innerText()).includes(title), title);
      await at().page.keyboard.press('Enter');
      await menu.waitFor({ state: 'hidden' });
    }

    before(async () => {
      folder = await mkdtemp(join(await temporaryFolder(), 'project-'));
      sandbox = await startSandbox({ organizations: 2 });
      await writeFile(join(folder, 'faulty.env'), FAULTY);
      await writeFile(join(folder, 'logout.js'), CODE);
      await writeFile(
        join(folder, 'app.env'),
        `SCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID=${sandbox.clientId}\nSCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}`,
      );
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
      if (folder) await removeTemporaryFolder(dirname(folder));
    });

    it('aren’t read in a folder that you haven’t trusted', async () => {
      window = await openWindow({
        version,
        vsix: vsixFile(),
        folder,
        trusted: false,
        settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' },
      });
      await window.waitForStatus(/Restricted Mode/);
      await open('faulty.env', /SCALKIT_CLIENT_ID/);
      // A check would have marked it within this time.
      await window.page.waitForTimeout(2_000);
      assert.deepEqual([await marks('warning'), await marks('info'), await lenses()], [0, 0, '']);
      await window.close();
      window = undefined;
    });

    it('are marked, and F8 walks from one problem to the next', async () => {
      window = await openWindow({ version, vsix: vsixFile(), folder });
      await open('faulty.env', /SCALKIT_CLIENT_ID/);
      await until('marks', async () => (await marks('warning')) >= 2 && (await marks('info')) >= 1, 20_000);
      await window.page.keyboard.press('F8');
      const message = window.page.locator('.marker-widget');
      await message.waitFor();
      assert.match(
        (await message.innerText()).replaceAll('\u00a0', ' '),
        /http:\/\/ would send the secret in clear text/,
      );
      await picture('marked');
      await window.page.keyboard.press('Escape');
    });

    it('are corrected with Ctrl+. at the problem', async () => {
      await at().page.keyboard.press('Control+Home');
      await at().page.keyboard.press('F8');
      await at().page.keyboard.press('Escape');
      await act('Use https://');
      await until(
        'the corrected URL',
        async () => /^SCALEKIT_ENVIRONMENT_URL=https:\/\/acme\.scalekit\.dev$/m.test(await at().editorText()),
        20_000,
      );
      await open('logout.js', /getLogoutUrl/);
      await until('the mark', async () => (await marks('warning')) === 1, 20_000);
      await at().page.keyboard.press('F8');
      await picture('code');
      await at().page.keyboard.press('Escape');
      await act('Pass One Object');
      await until(
        'the corrected call',
        async () =>
          (await at().editorText()).includes(
            'getLogoutUrl({ idTokenHint: idToken, postLogoutRedirectUri: afterLogout })',
          ),
        20_000,
      );
    });

    it('lose their secret to secret storage, and then say whose they are', async () => {
      await open('app.env', /SCALEKIT_CLIENT_SECRET/);
      await until('the line', async () => (await lenses()).includes('Scalekit: Add Environment…'), 20_000);
      await at().page.keyboard.press('Control+End');
      await act('Move to Secret Storage');
      await at().waitForNotification(/is in secret storage now, and no longer in app\.env\./);
      assert.doesNotMatch(await readFile(join(folder, 'app.env'), 'utf8'), /test_/);
      assert.match(await at().editorText(), /scalekit-run npm start/);
      await until('the line', async () => /Scalekit: .*Test.*Copy Token/.test(await lenses()), 20_000);
      await picture('moved');
    });
  });
}
