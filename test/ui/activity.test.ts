import assert from 'node:assert/strict';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { readmePicture } from '../host/readmePictures';
import { newest } from '../host/vscodeHost';
import { openWindow, type EditorWindow } from '../host/window';
import { until } from '../support/until';
import { hoverText, runByKeyboard, walkTo } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const VIEW = 'Activity';

for (const version of testedVersions()) {
  describe(`The Activity view in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let url: string;

    before(async () => {
      window = await openWindow({ version, vsix: vsixFile() });
      await window.openView('Scalekit');
      await window.runCommand('Scalekit: Start Local Sandbox');
      await window.waitForRows('Organizations', (rows) => rows.length > 5);
      const [environment] = await window.treeRows('Environments');
      const [host] = /127\.0\.0\.1:\d+/.exec(environment?.description ?? '') ?? assert.fail('it has no host');
      url = `http://${host}`;
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(() => window?.close());

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), `out/screenshots/activity-${name}-${version.vscode}.png`));
    const header = () => window.view(VIEW).locator('.pane-header').first();

    it('is hidden while only the extension calls the sandbox', async () => {
      assert.equal(await window.view(VIEW).count(), 0);
    });

    it('stays hidden when the sandbox’s page is opened from its row', async () => {
      const row = window.row('Environments', 'Local sandbox').first();
      await row.hover();
      const opened = window.context.waitForEvent('page');
      await row.locator('.action-label[aria-label^="Open Sandbox Page"]').click();
      // VS Code 1.100 trusts `localhost` itself, and no name below it.
      if (version !== newest) await window.clickDialogButton('Open');
      const page = await opened;
      await page.getByRole('heading', { name: 'Scalekit sandbox' }).waitFor();
      assert.equal(page.url(), `${url.replace('127.0.0.1', 'scalekit.localhost')}/`);
      await page.getByText('VS Code').first().waitFor();
      await page.setViewportSize({ width: 1200, height: 800 });
      const file = join(projectRoot(), `out/screenshots/sandbox-page-${version.vscode}.png`);
      await page.evaluate("document.documentElement.classList.add('painted')");
      const png = await page.screenshot({ path: file });
      const forReadme = readmePicture(file);
      if (forReadme !== undefined) await window.writeWebp(png, forReadme.file, forReadme.height);
      await page.close();
      await row.hover();
      await picture('sandbox-row');
      assert.equal(await window.view(VIEW).count(), 0);
    });

    it('appears collapsed below Configuration when a program calls the sandbox', async () => {
      await fetch(`${url}/api/v1/organizations?page_size=5`);
      await fetch(`${url}/keys`);
      await header().waitFor();
      assert.equal(await header().getAttribute('aria-expanded'), 'false');
      const titles = await window.page.locator('.part.sidebar .pane-header').allInnerTexts();
      assert.deepEqual(
        titles.slice(-2).map((title) => /configuration|activity/i.exec(title)?.[0].toLowerCase()),
        ['configuration', 'activity'],
        titles.join(' | '),
      );
    });

    it('shows the newest request first, and adds new requests while it’s expanded', async () => {
      await window.expandView(VIEW);
      await window.waitForRows(VIEW, (rows) => rows.length === 3);
      await fetch(`${url}/api/v1/organizations/org_64444217115541813/users`, {
        headers: { 'user-agent': 'scalekit-workbench/1.0.0' },
      });
      await fetch(`${url}/api/v1/organizations/org_64444217115541813/directories`);
      const rows = await window.waitForRows(VIEW, (shown) => shown.length === 4);
      assert.deepEqual(
        rows.map(({ label }) => label),
        ['Sandbox Requests', 'GET org_…1813/directories · 401', 'GET /keys · 200', 'GET /organizations?… · 401'],
      );
      assert.match(rows[2]?.spoken ?? '', /^GET \/keys, received by the sandbox at \d\d:\d\d:\d\d: 200 OK\./);
    });

    it('opens a request when you click it', async () => {
      await window.row(VIEW, 'GET /keys · 200').click();
      await window.page.locator('.tab.active[aria-label^="GET keys.jsonc"]').waitFor();
      await until('the request', async () => (await window.editorText()).includes('"path": "/keys"'), 15_000);
      const hover = await hoverText(window, window.row(VIEW, 'GET /keys · 200'), 'GET /keys');
      assert.match(hover, /Path: \/keys\s+Status: 200\sOK\s+Received: /);
    });

    it('shows Sent Requests above Sandbox Requests, and opens a sent request again with Enter', async () => {
      await runByKeyboard(window, 'Scalekit: Send API Request…');
      await window.waitForPrompt(({ items }) => items.length > 5);
      await window.pick('List organizations');
      await window.waitForPrompt(({ items }) => items.some((item) => item.includes('Send Request')));
      await window.pick('Send Request');
      const rows = await window.waitForRows(VIEW, (shown) => shown.length === 6);
      assert.deepEqual(
        rows.slice(0, 3).map(({ label }) => label),
        ['Sent Requests', 'GET /organizations · 200', 'Sandbox Requests'],
      );
      await window.page.mouse.move(900, 500);
      await window.page.locator('.tab.active[aria-label^="GET organizations.jsonc"]').waitFor();
      await picture('view');
      await runByKeyboard(window, 'View: Close All Editors');
      await runByKeyboard(window, 'Scalekit: Focus on Activity View');
      await window.page.keyboard.press('Home');
      await walkTo(window, VIEW, ({ label }) => label === 'GET /organizations · 200');
      await window.page.waitForTimeout(100);
      await window.page.keyboard.press('Enter');
      await window.page.locator('.tab.active[aria-label^="GET organizations.jsonc"]').waitFor();
      await until('the request', async () => (await window.editorText()).includes('GET /api/v1/organizations'), 15_000);
    });

    it('disappears when you clear it, and comes back with the next request', async () => {
      await header().hover();
      await window.view(VIEW).locator('.pane-header .action-label[aria-label="Clear Activity"]').click();
      await header().waitFor({ state: 'detached' });
      await fetch(`${url}/keys`);
      await header().waitFor();
      await window.expandView(VIEW);
      const rows = await window.waitForRows(VIEW, (shown) => shown.length === 2);
      assert.deepEqual(
        rows.map(({ label }) => label),
        ['Sandbox Requests', 'GET /keys · 200'],
      );
      await window.row(VIEW, 'GET /keys · 200').click();
      await window.page.locator('.tab.active[aria-label^="GET keys.jsonc"]').waitFor();
    });
  });
}
