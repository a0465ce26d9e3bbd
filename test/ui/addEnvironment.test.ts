import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow, type Prompt } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { chooseFromMenu, isStep, runByKeyboard, typeCredentials, typeUrlAndClientId } from './gestures';
import { selfSignedCertificate } from '../support/selfSignedCertificate';
import { keepEvidenceOfFailures, testedVersions } from './support';

const add = 'Scalekit: Add Environment…';

for (const version of testedVersions()) {
  describe(`Add Environment… in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    /** Closes what a test opened. */
    const cleanups: (() => Promise<unknown>)[] = [];

    before(async () => {
      sandbox = await startSandbox({ organizations: 3 });
      window = await openWindow({ version, vsix: vsixFile() });
      await window.openView('Scalekit');
    });
    keepEvidenceOfFailures(() => window);
    beforeEach(() => {
      sandbox.clearRequests();
      sandbox.clearFaults();
    });
    afterEach(async () => {
      for (let tries = 0; tries < 5 && !(await window.promptClosed()); tries++) {
        await window.page.keyboard.press('Escape');
        await window.page.waitForTimeout(200);
      }
      await removeAllEnvironments();
      for (const cleanup of cleanups.splice(0)) await cleanup();
    });
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    it('says in one sentence what’s wrong with a URL, and continues once you correct it', async () => {
      await runByKeyboard(window, add);
      await window.waitForPrompt(isStep(1));
      const faults: [text: string, sentence: RegExp][] = [
        ['', /^Enter the environment URL\.$/],
        ['   ', /^Enter the environment URL\.$/],
        ['ftp://acme.scalekit.dev', /^An environment URL begins with https:\/\/\.$/],
        ['https://user:pw@acme.scalekit.dev', /^Leave out the user name and password. Enter only scheme and host\.$/],
        ['https://acme.scalekit.dev/?env=1', /^Leave out everything from the “\?”\. Enter only scheme and host\.$/],
        ['https://acme.scalekit.dev/#keys', /^Leave out everything from the “#”\. Enter only scheme and host\.$/],
        [
          'https://acme scalekit.dev',
          /^This isn’t a URL\. An environment URL looks like https:\/\/acme\.scalekit\.dev\.$/,
        ],
        ['https://', /^This isn’t a URL\. /],
        ['http://acme.scalekit.dev', /^http:\/\/ would send the secret in clear text\. Use https:\/\/; /],
      ];
      for (const [text, sentence] of faults) {
        await window.answer(text);
        const prompt = await window.waitForPrompt((shown) => shown.invalid && sentence.test(firstSentenceOf(shown)));
        assert.ok(isStep(1)(prompt), 'the same step is still open');
        assert.equal(prompt.value, text, 'what was typed is kept, to be corrected');
      }
      await window.screenshot(join(projectRoot(), `out/screenshots/wrong-url-${version.vscode}.png`));

      // Surrounding spaces, a pasted path and a trailing slash are removed silently.
      await window.answer(`  ${sandbox.url}/oauth/token/  `);
      const next = await window.waitForPrompt(isStep(2));
      assert.equal(next.invalid, false);
      await window.answer('');
      await window.waitForPrompt((shown) => shown.invalid && /Enter the client ID/.test(shown.message));
      await window.answer(sandbox.clientId);
      await window.waitForPrompt(isStep(3));
      await window.answer('');
      await window.waitForPrompt((shown) => shown.invalid && /Enter the client secret/.test(shown.message));
      assert.equal(sandbox.requests.length, 0, 'nothing was asked of the server so far');
      await window.answer(sandbox.clientSecret);
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
    });

    it('says why a server can’t be used, and asks again only for the URL', async () => {
      const nobody = await listen(createServer());
      const refusing = addressOf(nobody, 'http');
      await close(nobody);
      const html = await served(createServer(answerHtml));
      const notFound = await served(createServer((_request, response) => void response.writeHead(404).end()));
      const { key, cert } = selfSignedCertificate('localhost');
      const untrusted = await served(createTlsServer({ key, cert }, answerHtml), 'https');
      const plain = html.replace('http:', 'https:');

      await runByKeyboard(window, add);
      await typeCredentials(window, {
        url: 'https://does-not-exist.invalid',
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
      });
      const failures: [next: string, sentence: RegExp][] = [
        [
          refusing,
          /^does-not-exist\.invalid: the host name couldn’t be (found \(DNS, ENOTFOUND\)\. Check the environment URL|looked up \(DNS, EAI_\w+\)\. Check the network)/,
        ],
        [html, /: nothing responds at this address \(connection refused\)\. Check the environment URL and its port\./],
        [untrusted, /: this doesn’t look like Scalekit: a web page came instead of JSON\./],
        [plain, /^localhost:\d+: the server’s TLS certificate isn’t trusted \(\w+\)\. Check the URL/],
        [notFound, /: the server doesn’t speak HTTPS on this port \(\w+\)\. Check the environment URL\./],
        [sandbox.url, /: no Scalekit at this address: it has no \/oauth\/token\. Check the environment URL\./],
      ];
      for (const [next, sentence] of failures) {
        const prompt = await window.waitForPrompt((shown) => isStep(1)(shown) && sentence.test(firstSentenceOf(shown)));
        assert.equal(prompt.invalid, true);
        if (next === refusing)
          await window.screenshot(join(projectRoot(), `out/screenshots/host-not-found-${version.vscode}.png`));
        await window.answer(next);
      }
      // Neither the client ID nor the secret had to be typed again.
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
      assert.ok(await window.promptClosed());
    });

    it('asks only for the secret after a wrong one, and sends one token request per attempt', async () => {
      await runByKeyboard(window, add);
      await typeCredentials(window, { url: sandbox.url, clientId: sandbox.clientId, clientSecret: 'wrong-secret-1' });
      const prompt = await window.waitForPrompt((shown) => isStep(3)(shown) && shown.invalid);
      assert.match(
        firstSentenceOf(prompt),
        /refused this client ID and secret \(invalid_client\)\. Enter the secret again, or go back/,
      );
      assert.equal(prompt.password, true);
      await window.page.waitForTimeout(1500);
      assert.deepEqual(paths(sandbox), ['/oauth/token'], 'one try of the person, one request');

      await window.answer('wrong-secret-2');
      await waitUntil(() => paths(sandbox).length === 2);
      await window.waitForPrompt((shown) => isStep(3)(shown) && shown.invalid);
      await window.answer(sandbox.clientSecret);
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
      const tokens = sandbox.requests.filter(({ path }) => path === '/oauth/token').map(({ status }) => status);
      assert.deepEqual(tokens.slice(0, 3), [401, 401, 200]);
      assert.ok(
        tokens.length <= 4 && tokens.slice(3).every((status) => status === 200),
        `token requests: ${tokens.join()}`,
      );
    });

    it('goes back to the client ID after a wrong one, and keeps the secret that you typed', async () => {
      await runByKeyboard(window, add);
      await typeCredentials(window, { url: sandbox.url, clientId: 'skc_0000', clientSecret: sandbox.clientSecret });
      await window.waitForPrompt((shown) => isStep(3)(shown) && shown.invalid);
      await window.page.waitForTimeout(1000);
      assert.deepEqual(paths(sandbox), ['/oauth/token']);

      await window.clickPromptButton('Back');
      const clientId = await window.waitForPrompt(isStep(2));
      assert.equal(clientId.value, 'skc_0000');
      assert.equal(clientId.invalid, false);
      await window.clickPromptButton('Back');
      const url = await window.waitForPrompt(isStep(1));
      assert.equal(url.value, sandbox.url);
      await window.page.keyboard.press('Enter');
      // The URL is accepted unchanged, so all three are tried again, still with the wrong client ID.
      await window.waitForPrompt((shown) => isStep(3)(shown) && shown.invalid);
      assert.deepEqual(paths(sandbox), ['/oauth/token', '/oauth/token']);
      await window.clickPromptButton('Back');
      await window.waitForPrompt(isStep(2));
      await window.answer(sandbox.clientId);
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
    });

    it('sends no token request on its own after a refusal', async () => {
      await runByKeyboard(window, add);
      await typeCredentials(window, { url: sandbox.url, clientId: sandbox.clientId, clientSecret: 'wrong-secret' });
      await window.waitForPrompt((shown) => isStep(3)(shown) && shown.invalid);
      await window.page.keyboard.type('wrong-secret');
      await window.clickPromptButton('Save without verifying');
      // The view tries the saved credentials once and shows the result.
      await window.waitForRows('Organizations', (rows) => rows.some(({ label }) => label === 'Replace Client Secret…'));
      await window.waitForViewText(
        'Organizations',
        /Scalekit refused the client ID or client secret \(invalid_client\)/,
      );
      assert.deepEqual(paths(sandbox), ['/oauth/token', '/oauth/token']);

      await window.expandView('Organizations', false);
      await window.expandView('Organizations');
      await window.openView('Explorer');
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.some(({ label }) => label === 'Replace Client Secret…'));
      await window.page.waitForTimeout(1500);
      assert.deepEqual(paths(sandbox), ['/oauth/token', '/oauth/token'], 'looking at the view asks for nothing');

      await window.row('Organizations', 'Replace Client Secret…').click();
      const prompt = await window.waitForPrompt(({ password }) => password);
      assert.match(prompt.title, /^Replace Client Secret of 127\.0\.0\.1:\d+/);
      await window.answer(sandbox.clientSecret);
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
    });

    it('offers to keep a client as “tokens only” if it gets tokens but the API refuses it', async () => {
      sandbox.addFault({ path: '/api/v1/organizations', status: 403 });
      await runByKeyboard(window, add);
      await typeCredentials(window, sandbox);
      const choice = await window.waitForPrompt(({ items }) => items.some((item) => item.includes('tokens only')));
      assert.match(choice.placeholder, /gets tokens, but the Scalekit API refuses it/);
      assert.deepEqual(await storedFiles(), [], 'nothing is saved before the person chose');
      await window.pick('Keep it as “tokens only”');
      await window.waitForRows('Environments', ([row]) => /tokens only/.test(row?.description ?? ''));
      await window.waitForViewText(
        'Organizations',
        /this client may not do that|doesn’t accept them|lacks the permission/,
      );

      await window.writeClipboard('');
      await window.runCommand('Scalekit: Copy Access Token');
      await window.waitForStatus(/Token copied/);
      sandbox.clearFaults();
      const response = await fetch(`${sandbox.url}/api/v1/organizations`, {
        headers: { authorization: `Bearer ${await window.readClipboard()}` },
      });
      assert.equal(response.status, 200);
    });

    it('saves nothing when you press Escape in any step', async () => {
      await runByKeyboard(window, add);
      await window.waitForPrompt(isStep(1));
      await window.page.keyboard.type(sandbox.url);
      await leave();

      await runByKeyboard(window, add);
      const url = await window.waitForPrompt(isStep(1));
      assert.equal(url.value, '', 'a new start is empty');
      await window.answer(sandbox.url);
      await window.waitForPrompt(isStep(2));
      await window.page.keyboard.type(sandbox.clientId);
      await leave();

      await runByKeyboard(window, add);
      await typeUrlAndClientId(window, sandbox.url, sandbox.clientId);
      await window.page.keyboard.type(sandbox.clientSecret);
      await leave();
      assert.equal(sandbox.requests.length, 0);

      // Also after a failed attempt.
      await runByKeyboard(window, add);
      await typeCredentials(window, { url: sandbox.url, clientId: sandbox.clientId, clientSecret: 'wrong-secret' });
      await window.waitForPrompt((shown) => isStep(3)(shown) && shown.invalid);
      await leave();

      // Also at the choice after the API refused the client.
      sandbox.addFault({ path: '/api/v1/organizations', status: 403 });
      await runByKeyboard(window, add);
      await typeCredentials(window, sandbox);
      await window.waitForPrompt(({ items }) => items.some((item) => item.includes('tokens only')));
      await leave();
    });

    it('stays open while you copy something elsewhere', async () => {
      await runByKeyboard(window, add);
      await window.waitForPrompt(isStep(1));
      await window.answer(sandbox.url);
      await window.waitForPrompt(isStep(2));
      await window.page.keyboard.type('skc_12');
      // Elsewhere in this window, then in another browser window.
      await window.page.locator('.part.editor').click({ position: { x: 400, y: 500 } });
      const other = await window.context.newPage();
      await other.bringToFront();
      await other.waitForTimeout(300);
      await other.close();
      await window.page.bringToFront();
      const prompt = await window.waitForPrompt(isStep(2));
      assert.equal(prompt.value, 'skc_12');
      await window.answer(sandbox.clientId);
      await window.waitForPrompt(isStep(3));
      await window.answer(sandbox.clientSecret);
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
    });

    it('immediately clears a client secret that you paste into a visible box', async () => {
      await runByKeyboard(window, add);
      await window.waitForPrompt(isStep(1));
      await window.writeClipboard(sandbox.clientSecret);
      await window.page.keyboard.press('ControlOrMeta+V');
      const prompt = await window.waitForPrompt(({ invalid }) => invalid);
      assert.match(firstSentenceOf(prompt), /^That looks like a client secret/);
      assert.equal(prompt.value, '');
    });

    it('accepts .env lines that you paste into the first step, and verifies them immediately', async () => {
      await runByKeyboard(window, add);
      await window.waitForPrompt(isStep(1));
      await window.writeClipboard(
        `# dev\nPORT=3000\n\nSCALEKIT_ENVIRONMENT_URL=${sandbox.url}\nSCALEKIT_CLIENT_ID="${sandbox.clientId}"\nSCALEKIT_CLIENT_SECRET=${sandbox.clientSecret}\n`,
      );
      await window.page.keyboard.press('ControlOrMeta+V');
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
      assert.ok(await window.promptClosed());
    });

    async function leave(): Promise<void> {
      await window.page.keyboard.press('Escape');
      await waitUntil(() => window.promptClosed());
      assert.deepEqual(await window.treeRows('Environments'), []);
      assert.deepEqual(await storedFiles(), []);
    }

    /** The index files of the saved environments. */
    async function storedFiles(): Promise<string[]> {
      const names = await readdir(window.folders.userData, { recursive: true });
      return names.filter((name) => /globalStorage.*scalekit-workbench.*environments.*\.json$/.test(name));
    }

    async function removeAllEnvironments(): Promise<void> {
      for (
        let row = (await window.treeRows('Environments'))[0];
        row !== undefined;
        row = (await window.treeRows('Environments'))[0]
      ) {
        const count = (await window.treeRows('Environments')).length;
        await chooseFromMenu(window, window.row('Environments', row.label).first(), 'Remove Environment…');
        await window.dialog();
        await window.clickDialogButton('Remove');
        await window.waitForRows('Environments', (rows) => rows.length < count);
      }
    }

    /** Starts a server for one test and returns its address. */
    async function served(server: Server, scheme: 'http' | 'https' = 'http'): Promise<string> {
      await listen(server);
      cleanups.push(() => close(server));
      return addressOf(server, scheme);
    }
  });
}

const answerHtml: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome to nginx</title>');
};

function listen(server: Server): Promise<Server> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(0, () => resolve(server)));
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function addressOf(server: Server, scheme: string): string {
  return `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
}

function paths(sandbox: Sandbox): string[] {
  return sandbox.requests.map(({ path }) => path);
}

/** The problem that a prompt shows, without the hint that VS Code adds. */
function firstSentenceOf({ message }: Prompt): string {
  return message.replace(/\s*\(Press 'Enter'.*$/s, '').trim();
}

async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await condition())) {
    assert.ok(Date.now() < end, 'waited for 20 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
