import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ScalekitClient } from '@scalekit-sdk/node';
import type { Page } from 'playwright-core';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { searchText, type Needle } from '../support/leakSearch';
import { freePort } from '../support/receiverClient';
import { until } from '../support/until';
import { chooseFromMenu, chooseTheme, runByKeyboard } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

/** Signs that a `Uri` would write differently. */
const HINT = 'a+b%2B&c+sktest@nowhere.example';

for (const version of testedVersions()) {
  describe(`Signing in from VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let port: number;
    /** What the browser itself asked for. The sandbox keeps no hints. */
    const asked: string[] = [];

    before(async () => {
      [sandbox, port] = [await startSandbox({ organizations: 3 }), await freePort()];
      const environment = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      window = await openWindow({
        version,
        vsix: vsixFile(),
        environment,
        settings: { 'scalekit.signIn.port': port },
        // The whole document is shown at once.
        viewport: { width: 1280, height: 2000 },
      });
      window.context.on('request', (request) => asked.push(request.url()));
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
    });
    eachTestNeedsTheOneBefore();
    keepEvidenceOfFailures(() => window);
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), 'out/screenshots', `sign-in-${name}-${version.vscode}.png`));
    /** The page that VS Code opens. It asks first, unless it takes the host for this machine. */
    const openedPage = async (open: () => Promise<void>): Promise<Page> => {
      const page = window.context.waitForEvent('page');
      let isOpen = false;
      page.then(
        () => (isOpen = true),
        () => undefined,
      );
      await open();
      const question = window.page.locator('.monaco-dialog-box');
      await until('it asks, or opens the page', async () => isOpen || (await question.isVisible()), 20_000);
      if (!isOpen) await window.clickDialogButton('Open');
      return page;
    };

    it('goes from the palette through the browser to the document, by keyboard, and the hint arrives byte for byte', async () => {
      await runByKeyboard(window, 'Scalekit: Try Sign-in…');
      await window.waitForPrompt(({ title }) => title.startsWith('Try Sign-in to '));
      await picture('choices');
      await window.pick('Login Hint');
      await window.waitForPrompt(({ items }) => items.length === 0);
      await window.answer(HINT);
      await window.waitForPrompt(({ items }) => items[0] === 'Open in Browser');
      await window.page.keyboard.press('Enter');
      await window.waitForPrompt(({ title }) => title.startsWith('Callback of '));
      await picture('callback');
      await window.pick('Register This Callback…');
      const page = await openedPage(() => window.clickDialogButton('Register'));
      await page.getByLabel('Email').waitFor();
      const url = asked.find((each) => each.startsWith(`${sandbox.url}/oauth/authorize?`)) ?? '';
      assert.match(url, /[?&]login_hint=a%2Bb%252B%26c%2Bsktest%40nowhere\.example&/);
      assert.match(url, /[?&]scope=openid%20profile%20email%20offline_access&/);
      assert.equal(await page.getByLabel('Email').inputValue(), HINT);
      await page.getByLabel('Email').fill('bugs+sktest@nowhere.example');
      await page.keyboard.press('Enter');
      await page.getByLabel('Code').fill('424242');
      await page.keyboard.press('Enter');
      await page.getByText('You can close this page.').waitFor();
      assert.equal(page.url(), `http://localhost:${port}/done`);
      await page.close();
      await until('the document', async () => /Signed in/.test(await window.editorText()), 20_000);
      const text = await window.editorText();
      assert.match(text, /bugs\+sktest@nowhere\.example/);
      assert.match(text, /was registered\./);
      await picture('document');
      await window.expandView('Activity');
      await window.waitForRows('Activity', (rows) => rows.some(({ label }) => label === 'Sign-in Attempts'));
    });

    it('signs out in the browser, which gets the token by a redirect that VS Code doesn’t see', async () => {
      const signedOut = await openedPage(() => runByKeyboard(window, 'Scalekit: Sign Out of This Sign-in'));
      await signedOut.getByText('You have signed out of this environment.').waitFor();
      const token = new URL(signedOut.url()).searchParams.get('id_token_hint') ?? '';
      assert.match(token, /^eyJ/);
      await signedOut.close();
      const needles: Needle[] = [{ name: 'ID token', text: token }];
      const places = { console: window.consoleText(), document: await window.editorText() };
      assert.deepEqual(
        Object.entries(places).flatMap(([place, text]) => searchText(place, text, needles)),
        [],
      );
      assert.equal(searchText('planted', `?id_token_hint=${token}`, needles).length, 1);
    });

    /** Sends the form of the identity provider's page by keyboard, for its first user. */
    const simulateLogin = async (page: Page): Promise<void> => {
      await page.getByLabel('User of the organization').selectOption({ index: 1 });
      await page.getByRole('button', { name: 'Simulate login' }).press('Enter');
      await page.getByText('You can close this page.').waitFor();
      await page.close();
    };
    const looney = async () => {
      const [first] = await window.treeRows('Organizations');
      return window.row('Organizations', first?.label ?? '').first();
    };
    const newDocument = async (pattern: RegExp): Promise<string> => {
      await until('the document', async () => pattern.test(await window.editorText()), 20_000);
      return window.editorText();
    };

    it('signs in to an organization with Modular SSO, from its row', async () => {
      Object.assign(sandbox.signIn, { mode: 'modular-sso' });
      await chooseFromMenu(window, await looney(), 'Try Sign-in…', { in: 'Sign-in' });
      await window.waitForPrompt(({ items }) => items[0] === 'Open in Browser');
      const page = await openedPage(() => window.page.keyboard.press('Enter'));
      await simulateLogin(page);
      const text = await newDocument(/With Modular SSO, Scalekit has no user of its own/);
      assert.match(text, /\*\*Signed in\*\*/);
      assert.match(text, /Refresh token: not sent/);
      await picture('modular-sso');
      Object.assign(sandbox.signIn, { mode: 'full-stack' });
    });

    it('signs in to an app without a secret, by PKCE alone', async () => {
      const { clientId } = sandbox.addClient({ type: 'SPA' });
      await chooseFromMenu(window, await looney(), 'Try Sign-in…', { in: 'Sign-in' });
      await window.waitForPrompt(({ items }) => items[0] === 'Open in Browser');
      await window.pick('App');
      await window.waitForPrompt(({ items }) => items.length === 0);
      await window.answer(clientId);
      await window.waitForPrompt(({ items }) => items[0] === 'Open in Browser');
      await window.page.keyboard.press('Enter');
      await window.waitForPrompt(({ title }) => title.startsWith('Callback of '));
      await window.pick('Register This Callback…');
      await simulateLogin(await openedPage(() => window.clickDialogButton('Register')));
      assert.match(await newDocument(/without a secret: PKCE alone/), /\*\*Signed in\*\*/);
    });

    it('receives a sign-in that the identity provider starts', async () => {
      const { url, clientId, clientSecret } = sandbox;
      const sdk = new ScalekitClient(url, clientId, clientSecret);
      const [organization] = (await sdk.organization.listOrganization({ pageSize: 1 })).organizations;
      const [connection] = (await sdk.connection.listConnections(organization?.id ?? '')).connections;
      const [environment] = await window.treeRows('Environments');
      const row = window.row('Environments', environment?.label ?? '').first();
      await chooseFromMenu(window, row, 'Receive IdP-initiated Sign-in…', { in: 'Sign-in' });
      await window.waitForNotification(/initiate login URL/);
      const page = await window.context.newPage();
      const query = new URLSearchParams({
        client_id: clientId,
        target: `http://localhost:${port}/auth/callback`,
      });
      await page.goto(`${url}/sandbox/idp-initiated?${query.toString()}`);
      await page.getByLabel('Connection').fill(connection?.id ?? '');
      await page.getByRole('textbox', { name: 'Email' }).fill('idp@looney.example');
      await page.getByRole('button', { name: 'Simulate login' }).press('Enter');
      await page.getByText('You can close this page.').waitFor();
      await page.close();
      assert.match(await newDocument(/Checks of the identity provider’s token/), /`idp@looney\.example`/);
      await picture('idp-initiated');
    });

    it('ends without a document if you cancel', async () => {
      await window.runCommand('View: Close All Editors');
      await window.runCommand('Notifications: Clear All Notifications');
      await window.context.clearCookies(); // With a session, the sign-in would be over at once.
      await chooseFromMenu(window, await looney(), 'Try Sign-in…', { in: 'Sign-in' });
      await window.waitForPrompt(({ items }) => items[0] === 'Open in Browser');
      const page = await openedPage(() => window.page.keyboard.press('Enter'));
      await page.close();
      await window.waitForNotification(/waiting for the sign-in/);
      await picture('waiting');
      await window.clickNotificationButton('Cancel');
      await window.waitForRows('Activity', (rows) => rows.some(({ label }) => / · cancelled$/.test(label)));
      assert.deepEqual(await window.editorTabs(), []);
    });

    it('explains an error, in both kinds of theme and in high contrast', async () => {
      sandbox.orderOutcome({ outcome: 'user_not_active', delayMs: 0 });
      await runByKeyboard(window, 'Scalekit: Try Sign-in…');
      await window.waitForPrompt(({ items }) => items[0] === 'Open in Browser');
      await simulateLogin(await openedPage(() => window.page.keyboard.press('Enter')));
      await until('the document', async () => /Not signed in/.test(await window.editorText()), 20_000);
      assert.match(await window.editorText(), /user_not_active/);
      await picture('error');
      await window.runCommand('Preferences: Toggle between Light/Dark Themes');
      await picture('error-other-theme');
      await window.runCommand('Preferences: Toggle between Light/Dark Themes');
      await chooseTheme(window, 'Dark High Contrast');
      await picture('error-high-contrast');
    });
  });
}
