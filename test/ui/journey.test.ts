import assert from 'node:assert/strict';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { newest } from '../host/vscodeHost';
import { openWindow, type EditorWindow, type TreeRow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chooseFromMenu, hoverText, isStep, runByKeyboard, widenSideBar } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

const pictures = join(projectRoot(), 'out/screenshots');

for (const version of testedVersions()) {
  describe(`For a user with credentials, the extension in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let names: string[];

    before(async () => {
      sandbox = await startSandbox({ organizations: 250, seed: 7 });
      window = await openWindow({ version, vsix: vsixFile() });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    it('shows a welcome view and sends no request while there’s no environment', async () => {
      await window.openView('Scalekit');
      const welcome = window.view('Organizations').locator('.welcome-view-content');
      await welcome.waitFor();
      await window.page.mouse.move(900, 500);
      const text = await window.viewText('Organizations');
      assert.match(text, /Add a Scalekit environment/);
      assert.match(text, /Add Environment…/);
      assert.match(text, /Start Local Sandbox/);
      assert.deepEqual(await window.treeRows('Environments'), []);
      await window.screenshot(join(pictures, `welcome-${version.vscode}.png`));
      assert.equal(sandbox.requests.length, 0);
    });

    it('adds an environment by keyboard, and shows its first hundred organizations and the total', async () => {
      const add = window.view('Organizations').getByRole('button', { name: 'Add Environment…' });
      await add.focus();
      await window.page.keyboard.press('Enter');

      const url = await window.waitForPrompt(isStep(1));
      assert.match(url.message, /Environment URL/);
      assert.equal(url.password, false);
      assert.ok(!url.buttons.includes('Back'), 'the first step leads nowhere back');
      await window.answer(`${sandbox.url}/`);
      const clientId = await window.waitForPrompt(isStep(2));
      assert.match(clientId.message, /Client ID/);
      assert.equal(clientId.password, false);
      assert.ok(clientId.buttons.some((button) => button.startsWith('Back')));
      await window.answer(sandbox.clientId);
      const secret = await window.waitForPrompt(isStep(3));
      assert.match(secret.message, /Client secret/);
      assert.equal(secret.password, true);
      await window.answer(sandbox.clientSecret);

      await window.waitForRows('Organizations', (rows) => rows.length > 10);
      assert.match(await paneTitle(window, 'Organizations'), /250/);
      const rows = await window.allTreeRows('Organizations');
      assert.equal(rows.length, 101);
      assert.equal(rows.at(-1)?.label, 'Load more (100 of 250)');
      names = rows.slice(0, 100).map((row) => row.label);
      assert.equal(new Set(rows.slice(0, 100).map((row) => row.spoken)).size, 100);
      const environments = await window.treeRows('Environments');
      assert.equal(environments.length, 1);
      assert.equal(environments[0]?.label, new URL(sandbox.url).host);
      assert.match(environments[0]?.spoken ?? '', /, active/);
    });

    it('loads the next hundred by keyboard, and focuses the first new row', async () => {
      const first = (await window.allTreeRows('Organizations')).at(-2)?.label;
      await runByKeyboard(window, 'Scalekit: Focus on Organizations View');
      await window.page.keyboard.press('End');
      await window.waitForRows('Organizations', (rows) =>
        rows.some((row) => row.focused && row.label === 'Load more (100 of 250)'),
      );
      const hasLoaded = (rows: TreeRow[]): boolean =>
        rows.some((row) => row.focused && row.index === 100 && !/more/.test(row.label));
      // VS Code's list loses a key that comes within 10 milliseconds.
      await window.page.waitForTimeout(300);
      await window.page.keyboard.press('Enter');

      const shown = await window.waitForRows('Organizations', hasLoaded);
      assert.ok(
        shown.some((row) => row.label === first && row.index === 99),
        'the rows before it are still there',
      );
      await window.page.keyboard.press('ArrowDown');
      await window.waitForRows('Organizations', (rows) => rows.some((row) => row.focused && row.index === 101));

      const rows = await window.allTreeRows('Organizations');
      assert.equal(rows.length, 201);
      assert.equal(rows.at(-1)?.label, 'Load more (200 of 250)');
      assert.deepEqual(
        rows.slice(0, 100).map((row) => row.label),
        names,
      );
      assert.equal(new Set(rows.map((row) => row.spoken)).size, 201);
    });

    it('copies an access token that the server accepts, and says until when it’s valid', async () => {
      const before = tokenRequests(sandbox);
      await window.writeClipboard('');
      await runByKeyboard(window, 'Scalekit: Copy Access Token');
      const status = await window.waitForStatus(/Token copied/);
      assert.match(status, /Token copied, valid until \d\d:\d\d/);

      const token = await window.readClipboard();
      assert.equal(await statusWith(sandbox, token), 200);
      assert.equal(
        await statusWith(sandbox, `${token.slice(0, -8)}AAAAAAAA`),
        401,
        'the server does look at the token',
      );
      assert.ok(!(await window.statusBarTexts()).some((text) => text.includes(token.slice(0, 20))));
      assert.equal(tokenRequests(sandbox), before, 'the held token is copied, no new one is fetched');
    });

    it('shows an organization as a JSON document', async () => {
      await scrollToTop(window, 'Organizations');
      const name = names[1] ?? '';
      await chooseFromMenu(window, window.row('Organizations', name).first(), 'Open as JSON');
      await window.page
        .locator('.editor-group-container.active .monaco-editor .view-line', { hasText: 'display_name' })
        .waitFor();
      const token = await window.readClipboard();
      const id = String((await organizations(sandbox, token, 2))[1]?.['id']);
      const { organization } = (await getJson(`${sandbox.url}/api/v1/organizations/${id}`, token)) as {
        organization: unknown;
      };
      assert.deepEqual(JSON.parse(await window.editorText()), organization);
      assert.equal(await window.page.locator(`.tab.active[data-resource-name="${name}.json"]`).count(), 1);
      await takePicture();
      await window.page.keyboard.press('ControlOrMeta+F4');
    });

    /**
     * Takes the README's picture in the newest version, and overwrites the old one only on request. Closes what it
     * opened.
     */
    async function takePicture(): Promise<void> {
      await widenSideBar(window, 120);
      const twistie = window
        .row('Organizations', names[0] ?? '')
        .first()
        .locator('.monaco-tl-twistie');
      await twistie.click();
      await window.waitForRows('Organizations', (rows) => rows[1]?.level === 2 && !/loading/i.test(rows[1].label));
      await window.page.mouse.move(900, 640);
      await window.page.waitForTimeout(700); // until the row's hover is gone
      const isForReadme = process.env['UPDATE_SCREENSHOTS'] === '1' && version === newest;
      await window.screenshot(
        isForReadme
          ? join(projectRoot(), 'media/readme/organizations.png')
          : join(pictures, `organizations-${version.vscode}.png`),
      );
      await twistie.click();
      await window.waitForRows('Organizations', (rows) => rows[1]?.level === 1);
    }

    it('copies an organization’s ID and external ID', async () => {
      const records = await organizations(sandbox, await window.readClipboard(), 100);
      const index = records.findIndex(
        (record) => typeof record['external_id'] === 'string' && record['external_id'] !== '',
      );
      const record = records[index];
      assert.ok(record !== undefined && index < 15, 'the sample has an external ID among the rows in sight');
      const row = window.row('Organizations', names[index] ?? '').first();
      await chooseFromMenu(window, row, 'Copy ID', { in: 'Copy' });
      await window.waitForStatus(/^ID copied$/);
      assert.equal(await window.readClipboard(), record['id']);
      await chooseFromMenu(window, row, 'Copy External ID', { in: 'Copy' });
      await window.waitForStatus(/External ID copied/);
      assert.equal(await window.readClipboard(), record['external_id']);
    });

    it('shows details of an organization in its hover', async () => {
      const name = names[2] ?? '';
      const text = await hoverText(window, window.row('Organizations', name).first(), name);
      assert.match(text, /ID: org_\d+/);
      assert.match(text, /Created: /);
      await window.page.mouse.move(900, 500);
    });

    it('fetches a new access token on request, and says that the old one stays valid', async () => {
      await window.runCommand('Scalekit: Copy Access Token');
      await window.waitForStatus(/Token copied/);
      const old = await window.readClipboard();
      const before = tokenRequests(sandbox);
      await window.runCommand('Scalekit: Fetch New Access Token');
      const notification = await window.waitForNotification(/new access token/);
      assert.match(notification.text, /valid until \d\d:\d\d/);
      assert.match(notification.text, /The old one stays valid/);
      assert.equal(notification.severity, 'info');
      assert.equal(tokenRequests(sandbox), before + 1);

      await window.clickNotificationButton('Copy Access Token');
      await untilClipboardIsNot(window, old);
      assert.equal(await statusWith(sandbox, await window.readClipboard()), 200);
      assert.equal(await statusWith(sandbox, old), 200);
      assert.equal(tokenRequests(sandbox), before + 1, 'the new one is held, and copied without another request');
    });

    it('restores the environment and its organizations after a reload', async () => {
      await window.reload();
      await window.openView('Scalekit');
      const rows = await window.waitForRows('Organizations', (shown) => shown.length > 10);
      assert.deepEqual(
        rows.slice(0, 5).map((row) => row.label),
        names.slice(0, 5),
      );
      assert.match(await paneTitle(window, 'Organizations'), /250/);
      assert.deepEqual(
        (await window.treeRows('Environments')).map((row) => row.label),
        [new URL(sandbox.url).host],
      );
      assert.ok(await window.promptClosed());
      await window.runCommand('Scalekit: Copy Access Token');
      await window.waitForStatus(/Token copied/);
      assert.equal(await statusWith(sandbox, await window.readClipboard()), 200);
    });

    // Every sandbox starts with the same organization. The next ones are its own.
    const showsOwn = (rows: readonly { label: string }[]): boolean =>
      rows.slice(1, 6).every(({ label }, index) => label === names[index + 1]);

    it('starts the local sandbox too, and shows the organizations of whichever environment is active', async () => {
      await window.runCommand('Scalekit: Start Local Sandbox');
      await window.waitForRows(
        'Environments',
        (rows) => rows.length === 2 && rows.some((row) => /sandbox, active/.test(row.spoken)),
      );
      await window.waitForRows('Organizations', (rows) => rows.length > 5 && !showsOwn(rows));
      assert.match(await paneTitle(window, 'Organizations'), /Local sandbox/);

      await runByKeyboard(window, 'Scalekit: Switch Environment…');
      const prompt = await window.waitForPrompt(({ items }) => items.length === 3);
      assert.match(prompt.title, /Switch Scalekit Environment/);
      await window.page.keyboard.type(new URL(sandbox.url).host);
      await window.page.keyboard.press('Enter');
      await window.waitForRows('Organizations', showsOwn);
      assert.match(await paneTitle(window, 'Organizations'), /250/);
    });

    it('removes an environment only after asking, and shows the welcome view again when none is left', async () => {
      const host = new URL(sandbox.url).host;
      await chooseFromMenu(window, window.row('Environments', host), 'Remove Environment…');
      const dialog = await window.dialog();
      assert.ok(dialog.text.includes(`Remove the environment “${host}”`), dialog.text);
      assert.ok(dialog.buttons.includes('Remove') && dialog.buttons.includes('Cancel'), dialog.buttons.join());
      await window.clickDialogButton('Cancel');
      assert.equal((await window.treeRows('Environments')).length, 2);

      await chooseFromMenu(window, window.row('Environments', host), 'Remove Environment…');
      await window.dialog();
      await window.clickDialogButton('Remove');
      await window.waitForRows('Environments', (rows) => rows.length === 1 && rows[0]?.label === 'Local sandbox');
      await chooseFromMenu(window, window.row('Environments', 'Local sandbox'), 'Stop Local Sandbox');
      await window.waitForRows('Environments', ([row]) => /stopped/.test(row?.description ?? ''));
      await chooseFromMenu(window, window.row('Environments', 'Local sandbox'), 'Remove Environment…');
      assert.match((await window.dialog()).text, /Local sandbox/);
      await window.clickDialogButton('Remove');
      await window.view('Organizations').locator('.welcome-view-content').waitFor();

      await window.reload();
      await window.openView('Scalekit');
      await window.view('Organizations').locator('.welcome-view-content').waitFor();
      assert.deepEqual(await window.treeRows('Environments'), []);
    });
  });

  describe(`For a user without an account, the local sandbox in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;

    before(async () => {
      window = await openWindow({ version, vsix: vsixFile() });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(() => window?.close());

    it('starts from the welcome view and shows its sample organizations', async () => {
      await window.openView('Scalekit');
      // No folder is open, so no .env file is offered.
      await window.waitForViewText(
        'Environments',
        /^No environments yet\. To import one from a \.env file, open a folder\.$/,
      );
      await window.view('Organizations').getByRole('button', { name: 'Start Local Sandbox' }).click();
      await window.waitForRows('Organizations', (rows) => rows.length >= 10);
      const [row] = await window.treeRows('Environments');
      assert.equal(row?.label, 'Local sandbox');
      assert.match(row?.description ?? '', /^127\.0\.0\.1:\d+$/);
      await window.runCommand('Scalekit: Copy Access Token');
      await window.waitForStatus(/Token copied/);
      const address = /127\.0\.0\.1:\d+/.exec(row?.description ?? '')?.[0];
      const response = await fetch(`http://${address}/api/v1/organizations`, {
        headers: { authorization: `Bearer ${await window.readClipboard()}` },
      });
      assert.equal(response.status, 200);
    });

    it('checks off walkthrough steps, including those done before it opened', async () => {
      await window.runCommand('Scalekit: Open Walkthrough');
      const mark = (title: string, state: 'checked' | 'unchecked') =>
        window.page
          .locator('.getting-started-step', { hasText: title })
          .locator(`.codicon-getting-started-step-${state}`)
          .first();
      await mark('Look at your organizations', 'unchecked').waitFor();
      const [row] = await window.treeRows('Organizations');
      await window
        .row('Organizations', row?.label ?? '')
        .locator('.monaco-tl-twistie')
        .click();
      await mark('Look at your organizations', 'checked').waitFor();
      // The sandbox started and a token was copied before VS Code read the walkthrough. It notices that once you leave
      // the page.
      await window
        .row('Organizations', row?.label ?? '')
        .locator('.label-name')
        .click();
      await window.page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
      await window.runCommand('Scalekit: Open Walkthrough');
      for (const title of ['Try it without an account', 'Copy an access token']) await mark(title, 'checked').waitFor();
      for (const title of ['Add your environment', 'Edit an organization as a file'])
        await mark(title, 'unchecked').waitFor();
    });

    it('is shown as stopped after a reload, and its row starts it again', async () => {
      await window.reload();
      await window.openView('Scalekit');
      const [row] = await window.waitForRows('Environments', (rows) => rows.length === 1);
      assert.equal(row?.label, 'Local sandbox');
      assert.match(row?.description ?? '', /stopped/);
      // The view offers to start it instead of starting it unasked.
      await window.waitForRows('Organizations', (rows) => rows.some(({ label }) => label === 'Start Local Sandbox'));
      await window.waitForViewText('Organizations', /Local sandbox is stopped/);

      const environment = window.row('Environments', 'Local sandbox');
      await environment.hover();
      await environment.locator('.action-label[aria-label="Start Local Sandbox"]').click();
      await window.waitForRows('Organizations', (rows) => rows.length >= 10);
      await window.waitForRows('Environments', ([only]) => /^127\.0\.0\.1:\d+$/.test(only?.description ?? ''));
    });

    it('stops on request, and its organizations disappear', async () => {
      await window.runCommand('Scalekit: Stop Local Sandbox');
      await window.waitForRows('Environments', ([row]) => /stopped/.test(row?.description ?? ''));
      await window.waitForRows(
        'Organizations',
        (rows) => rows.length > 0 && rows.some(({ label }) => label === 'Start Local Sandbox'),
      );
    });
  });
}

/** The title and description in a view's header. */
async function paneTitle(window: EditorWindow, title: string): Promise<string> {
  return (await window.view(title).locator('.pane-header').first().innerText()).replaceAll(/\s+/g, ' ');
}

async function scrollToTop(window: EditorWindow, title: string): Promise<void> {
  await window.scrollView(title, -1e7);
  await window.waitForRows(title, (rows) => rows[0]?.index === 0);
}

function tokenRequests(sandbox: Sandbox): number {
  return sandbox.requests.filter(({ path }) => path === '/oauth/token').length;
}

async function statusWith(sandbox: Sandbox, token: string): Promise<number> {
  const response = await fetch(`${sandbox.url}/api/v1/organizations`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return response.status;
}

/** The first organizations as the server returns them. */
async function organizations(sandbox: Sandbox, token: string, count: number): Promise<Record<string, unknown>[]> {
  const response = await getJson(`${sandbox.url}/api/v1/organizations?page_size=${count}`, token);
  return (response as { organizations: Record<string, unknown>[] }).organizations;
}

async function getJson(address: string, token: string): Promise<unknown> {
  const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.status, 200);
  return response.json();
}

async function untilClipboardIsNot(window: EditorWindow, old: string): Promise<void> {
  const end = Date.now() + 10_000;
  while ((await window.readClipboard()) === old) {
    assert.ok(Date.now() < end, 'the clipboard still holds the old token');
    await window.page.waitForTimeout(100);
  }
}
