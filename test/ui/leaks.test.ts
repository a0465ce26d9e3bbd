import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { versions } from '../host/vscodeHost';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { searchFolder, searchText, type Leak, type Needle } from '../support/leakSearch';
import { chooseFromMenu, isStep, runByKeyboard, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures } from './support';

// Characters that each encoding writes in its own way.
const markerSecret = 'test_Marker+9f/Kq=7Z%r&m"W\\x41~ secret';
const wrongSecret = 'test_Mistyped+3c/Vb=8Y%t&n"Q\\x42~ secret';

describe('The search for leaks', () => {
  const needles: Needle[] = [{ name: 'client secret', text: markerSecret }];
  const bytes = Buffer.from(markerSecret);

  it('finds a text in each of its forms, wherever in a base64 group it begins', () => {
    const written = [
      markerSecret,
      encodeURIComponent(markerSecret),
      new URLSearchParams({ client_secret: markerSecret }).toString(),
      JSON.stringify({ clientSecret: markerSecret }),
      JSON.stringify({ record: JSON.stringify({ clientSecret: markerSecret }) }),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      ...['', 'a', 'ab', 'abc', 'skc_1:'].flatMap((before) => [
        Buffer.from(`${before}${markerSecret} and more`).toString('base64'),
        Buffer.from(`${before}${markerSecret}`).toString('base64url'),
      ]),
    ];
    for (const text of written) assert.notDeepEqual(searchText('here', `before ${text} after`, needles), [], text);
  });

  it('finds it in files, in UTF-16 too, and in their names; the report names it without telling it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scalekit-workbench-'));
    try {
      await writeFile(join(folder, 'utf8.bin'), Buffer.concat([Buffer.from([0, 255, 7]), bytes]));
      await writeFile(join(folder, 'utf16.bin'), Buffer.concat([Buffer.from([1]), Buffer.from(markerSecret, 'utf16le')]));
      await writeFile(join(folder, bytes.toString('hex')), '');
      await writeFile(join(folder, 'innocent.txt'), 'test_Marker+');
      const { leaks, files } = await searchFolder(folder, needles);
      assert.equal(files.length, 4);
      assert.deepEqual(leaks.map(({ form }) => form).sort(), ['hex', 'raw', 'raw, UTF-16']);
      assert.ok(!JSON.stringify(leaks.map(({ needle, form }) => [needle, form])).includes('Marker'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('finds nothing where there is nothing', () => {
    assert.deepEqual(searchText('here', `${markerSecret.slice(1)} ${markerSecret.slice(0, -1)}`, needles), []);
  });
});

for (const version of versions) {
  describe(`After a day's work in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    const needles: Needle[] = [
      { name: 'client secret', text: markerSecret },
      { name: 'wrong client secret', text: wrongSecret },
    ];

    before(async () => {
      sandbox = await startSandbox({ organizations: 120, clientSecret: markerSecret });
      window = await openWindow({ version, vsix: vsixFile() });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await sandbox?.close();
    });

    it('the log has been told all it can be told', async () => {
      await window.runCommand('Developer: Set Log Level...');
      await window.pick('Trace');
      await window.openView('Scalekit');
      await runByKeyboard(window, 'Scalekit: Add Environment…');
      await typeCredentials(window, { url: sandbox.url, clientId: sandbox.clientId, clientSecret: wrongSecret });
      await window.waitForPrompt((prompt) => isStep(3)(prompt) && prompt.invalid);
      await window.answer(markerSecret);
      const [row] = await window.waitForRows('Organizations', (rows) => rows.length > 10);
      await copyToken();
      await chooseFromMenu(window, window.row('Organizations', row?.label ?? '').first(), 'Open as JSON');
      await window.page.locator('.editor-group-container.active .monaco-editor .view-line', { hasText: 'display_name' }).waitFor();

      // Failures are logged too, and servers are known to repeat in their errors what they were sent.
      const echo = { error: 'invalid_request', error_description: `client_secret=${markerSecret}`, message: `Bearer ${needles.at(-1)?.text}` };
      sandbox.addFault({ path: '/api/v1/organizations', respond: { status: 400, body: echo }, times: 1 });
      await window.runCommand('Scalekit: Refresh');
      await window.waitForViewText('Organizations', /did not accept/);
      sandbox.addFault({ path: '/oauth/token', respond: { status: 400, body: echo }, times: 1 });
      await window.runCommand('Scalekit: Fetch New Access Token');
      await window.waitForNotification(/did not accept|refused/);
      await window.runCommand('Scalekit: Fetch New Access Token');
      await window.waitForNotification(/new access token/);
      await copyToken();

      await window.reload();
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length > 10);
      await copyToken();
      assert.equal(new Set(needles.map(({ text }) => text)).size, 5, 'three tokens were handed out');
    });

    it('neither secret nor token is in what is shown, logged, or kept on disk or in the browser', async () => {
      const { leaks, searched } = await searchEverywhere();
      assert.deepEqual(leaks, []);
      // It did look: at the places where such things would be, and they have content.
      for (const place of [/settings\.json$/, /environments[/\\][^/\\]+\.json$/, /Scalekit\.log$/, /remoteagent\.log$/, /IndexedDB/, /Local Storage/]) {
        assert.ok(searched.files.some((file) => place.test(file)), `no file like ${place} among ${searched.files.length}`);
      }
      assert.match(searched.browserStorage, /"localStorage": \{\s+"/);
      assert.match(searched.browserStorage, /vscode-web-state-db-global/);
      assert.match(searched.output, /\/api\/v1\/organizations/);
    });

    it('and a leak would have been found in each of these places', async () => {
      const token = needles.at(-1)?.text ?? '';
      const { searched } = await searchEverywhere();
      const log = searched.files.find((file) => /Scalekit\.log$/.test(file)) ?? '';
      await appendFile(join(window.folders.root, log), `2026-01-01 [info] Authorization: Basic ${Buffer.from(`skc_1:${markerSecret}`).toString('base64')}\n`);
      await writeFile(join(window.folders.userData, 'User', 'leak.bin'), Buffer.from(token, 'utf16le'));
      await window.page.evaluate(
        async ([secret, accessToken]) => {
          const page = globalThis as unknown as PageStores;
          page.localStorage['planted'] = JSON.stringify({ secret });
          page.console.log(`planted ${accessToken}`);
          await new Promise<void>((resolve, reject) => {
            const request = page.indexedDB.open('planted', 1);
            request.onupgradeneeded = () => request.result.createObjectStore('store').put(new TextEncoder().encode(accessToken), 'key');
            request.onsuccess = () => {
              request.result.close();
              resolve();
            };
            request.onerror = () => reject(new Error('IndexedDB'));
          });
        },
        [markerSecret, token] as const,
      );
      const { leaks } = await searchEverywhere();
      const found = (place: RegExp, needle: RegExp): boolean => leaks.some((leak) => place.test(leak.place) && needle.test(leak.needle));
      assert.ok(found(/Scalekit\.log$/, /^client secret$/), 'the log');
      assert.ok(found(/leak\.bin$/, /token/), 'a file');
      assert.ok(found(/browser’s localStorage/, /^client secret$/), 'localStorage');
      assert.ok(found(/browser’s localStorage/, /token/), 'IndexedDB');
      assert.ok(found(/console/, /token/), 'the console');
    });

    async function copyToken(): Promise<void> {
      await window.writeClipboard('');
      await window.runCommand('Scalekit: Copy Access Token');
      let token = '';
      for (const end = Date.now() + 20_000; token === ''; token = await window.readClipboard()) {
        assert.ok(Date.now() < end, 'no token on the clipboard');
        await window.page.waitForTimeout(100);
      }
      needles.push({ name: `token ${needles.length - 1}`, text: token });
    }

    interface Searched {
      readonly files: readonly string[];
      readonly browserStorage: string;
      /** What the extension's own log channel shows. */
      readonly output: string;
    }

    /** All data of this VS Code is below one folder, Chromium's profile included. */
    async function searchEverywhere(): Promise<{ leaks: Leak[]; searched: Searched }> {
      const onDisk = await searchFolder(window.folders.root, needles);
      const browserStorage = await window.dumpBrowserStorage();
      await window.runCommand('Output: Show Output Channels...');
      await window.pick('Scalekit');
      await window.page.locator('.part.panel .view-line', { hasText: '/api/v1/organizations' }).first().waitFor();
      const page = await window.page.locator('body').innerHTML();
      const output = await window.page.locator('.part.panel .view-lines').first().innerText();
      return {
        leaks: [
          ...onDisk.leaks,
          ...searchText('the browser’s localStorage, sessionStorage, cookies and IndexedDB', browserStorage, needles),
          ...searchText('the window', `${page}\n${output}`, needles),
          ...searchText('the console', window.consoleText(), needles),
          ...searchText('what the server printed', window.editor.serverOutput(), needles),
        ],
        searched: { files: onDisk.files, browserStorage, output: output.replaceAll('\u00a0', ' ') },
      };
    }
  });
}

/** The little of the page that leaks are planted in. */
interface PageStores {
  readonly localStorage: Record<string, string>;
  readonly console: { log(text: string): void };
  readonly indexedDB: {
    open(
      name: string,
      version: number,
    ): {
      readonly result: { createObjectStore(name: string): { put(value: unknown, key: string): void }; close(): void };
      onupgradeneeded: (() => void) | null;
      onsuccess: (() => void) | null;
      onerror: (() => void) | null;
    };
  };
}
