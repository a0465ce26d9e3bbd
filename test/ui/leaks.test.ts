import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vsixFile } from '../host/package';
import { removeTemporaryFolder, temporaryFolder } from '../host/temporary';
import { openWindow, type EditorWindow, type Prompt } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import type { HttpServer } from '../support/httpServer';
import { searchFolder, searchText, type Leak, type Needle } from '../support/leakSearch';
import { startRecordingProxy } from '../support/recordingProxy';
import { chooseFromMenu, hoverText, isStep, runByKeyboard, typeCredentials } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

// With characters that each encoding writes differently.
const markerSecret = 'test_Marker+9f/Kq=7Z%r&m"W\\x41~ secret';
const wrongSecret = 'test_Mistyped+3c/Vb=8Y%t&n"Q\\x42~ secret';
/** Pasted into the box for the URL, which shows what is typed. */
const misplacedSecret = 'test_Misplaced+5d/Wc=2X%u&n"R\\x43~ secret';

for (const version of testedVersions()) {
  describe(`During a day's work in VS Code ${version.vscode},`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    /** The server that the environments use. It sees every token that the sandbox issues. */
    let proxy: HttpServer;
    /** The user's own folder, outside of VS Code's data. */
    let folder: string;
    let pasted: { clientId: string; clientSecret: string };
    let imported: { clientId: string; clientSecret: string };
    const tokens = new Set<string>();
    /** What the window showed at each step. */
    const seen: string[] = [];

    before(async () => {
      sandbox = await startSandbox({ organizations: 120, clientSecret: markerSecret });
      proxy = await startRecordingProxy(sandbox.url, (path, body) => {
        const token = path === '/oauth/token' ? /"access_token":"([^"]+)"/.exec(body)?.[1] : undefined;
        if (token !== undefined) tokens.add(token);
      });
      pasted = sandbox.addClient();
      imported = sandbox.addClient();
      folder = await temporaryFolder();
      await writeFile(join(folder, '.env'), dotenv(imported));
      // The terminal renders as text, so that the test can read it.
      window = await openWindow({
        version,
        vsix: vsixFile(),
        folder,
        settings: { 'terminal.integrated.gpuAcceleration': 'off' },
      });
    });
    keepEvidenceOfFailures(() => window);
    eachTestNeedsTheOneBefore();
    after(async () => {
      await window?.close();
      await proxy?.close();
      await sandbox?.close();
      if (folder) await removeTemporaryFolder(folder);
    });

    it('environments are added, pasted, imported, corrected and copied, with every mistake, at log level Trace', async () => {
      await window.runCommand('Developer: Set Log Level...');
      await window.pick('Trace');
      await window.openView('Scalekit');
      await run('Scalekit: Add Environment…');
      await typeCredentials(window, { url: proxy.url, clientId: sandbox.clientId, clientSecret: wrongSecret });
      await promptWith((prompt) => isStep(3)(prompt) && prompt.invalid);
      // Some servers repeat in their errors what they received, and connections break.
      sandbox.addFault({ path: '/oauth/token', drop: true, times: 2 });
      await window.answer(markerSecret);
      await promptWith((prompt) => isStep(1)(prompt) && /connection failed/.test(prompt.message));
      sandbox.addFault({
        path: '/api/v1/organizations',
        status: 403,
        message: `client_secret ${markerSecret} may not do that`,
        times: 1,
      });
      await window.page.keyboard.press('Enter');
      await promptWith(({ items }) => items.some((item) => item.includes('tokens only')));
      await window.pick('Correct the client ID and secret');
      await promptWith(isStep(2));
      await window.page.keyboard.press('Enter');
      await window.waitForRows('Organizations', (rows) => rows.length > 10);

      await run('Scalekit: Add Environment…');
      await window.waitForPrompt(isStep(1));
      await window.writeClipboard(misplacedSecret);
      await window.page.keyboard.press('ControlOrMeta+V');
      await promptWith(({ invalid }) => invalid);
      await window.writeClipboard(dotenv(pasted));
      await window.clickPromptButton('Paste from Clipboard');
      await added(2);
      await run('Scalekit: Import Environment from .env…');
      await promptWith(({ items }) => items.includes('.env'));
      await window.pick('.env');
      const third = await added(3);

      await chooseFromMenu(window, window.row('Environments', third).first(), 'Replace Client Secret…', {
        in: 'Manage',
      });
      await promptWith(({ password }) => password);
      await window.answer(wrongSecret);
      await promptWith(({ invalid }) => invalid);
      await window.answer(imported.clientSecret);
      await window.waitForStatus(/replaced/);
      await chooseFromMenu(window, window.row('Environments', third).first(), 'Copy Environment as .env');
      await window.dialog();
      await copied(() => window.clickDialogButton('Copy'), /SCALEKIT_CLIENT_SECRET=/);
      await look();
      await chooseFromMenu(window, window.row('Environments', third).first(), 'Remove Environment…');
      await window.dialog();
      await look();
      await window.clickDialogButton('Remove');
      await window.waitForRows('Environments', (left) => left.length === 2);
      await window.row('Environments', new URL(proxy.url).host).first().click();
      await isActive(new URL(proxy.url).host);
      await window.waitForRows('Organizations', (shown) => shown.length > 10);
    });

    it('tokens are copied in each form, inspected, and used for a request whose response repeats them', async () => {
      const token = await copied(() => window.runCommand('Scalekit: Copy Access Token'), /^eyJ/);
      await copied(() => window.runCommand('Scalekit: Copy Authorization Header'), /^Authorization: Bearer eyJ/);
      const row = window.row('Environments', new URL(proxy.url).host).first();
      await chooseFromMenu(window, row, 'Copy Access Token with Scope…', { in: 'Access Token' });
      await promptWith(({ title }) => title.startsWith('Access Token with Scope'));
      await copied(() => window.answer('openid'), /^eyJ/);
      await run('Scalekit: Copy Request as…');
      for (const choice of ['List Organizations', 'cURL']) {
        await promptWith(({ items }) => items.includes(choice));
        await window.pick(choice);
      }
      await promptWith(({ items }) => items.includes('Include the Current Token'));
      await copied(() => window.pick('Include the Current Token'), /^curl .*eyJ/s);

      await window.runCommand('Scalekit: Inspect Access Token');
      await shownInEditor('Signature: valid');
      await window.writeClipboard(`Authorization: Bearer ${token}`);
      await window.runCommand('Scalekit: Inspect JWT…');
      await shownInEditor('// JWT');
      const repeated = {
        organizations: [],
        client_secret: markerSecret,
        note: `I got ${markerSecret} and ${token}`,
        deep: [{ access_token: token, link: `https://x.example/?t=${encodeURIComponent(markerSecret)}` }],
      };
      sandbox.addFault({ path: '/api/v1/organizations', respond: { status: 200, body: repeated }, times: 1 });
      await run('Scalekit: Send API Request…');
      await promptWith(({ items }) => items.includes('List organizations'));
      await window.pick('List organizations');
      await promptWith(({ items }) => items.includes('Send Request'));
      await window.pick('Send Request');
      await shownInEditor('I got');
      assert.match(await window.editorText(), /\[redacted\]/);
      const [first] = await window.treeRows('Organizations');
      await chooseFromMenu(window, window.row('Organizations', first?.label ?? '').first(), 'Open as JSON');
      await shownInEditor('display_name');
      await hoverText(
        window,
        window.page.locator('.part.statusbar .statusbar-item', { hasText: new URL(proxy.url).host }).first(),
        'Token valid until',
      );
      await look();
      const keys = await window.contextKeys();
      assert.equal(keys['scalekit.environmentCount'], 2);
      seen.push(JSON.stringify(keys));
    });

    it('a terminal gets a token and the credentials, and passes them on', async () => {
      const lengths = join(folder, 'lengths');
      await openTerminal();
      // This doesn't print the token into the terminal, because VS Code stores what a terminal shows.
      await window.page.keyboard.type(
        `printf %s "$(scalekit-token)" | wc -c > ${lengths}; scalekit-run sh -c 'printf %s "$SCALEKIT_CLIENT_SECRET" | wc -c' >> ${lengths}; echo done >> ${lengths}\n`,
      );
      let text = '';
      for (
        const end = Date.now() + 30_000;
        !text.includes('done');
        text = await readFile(lengths, 'utf8').catch(() => '')
      ) {
        assert.ok(Date.now() < end, 'the terminal has written nothing');
        await window.page.waitForTimeout(100);
      }
      assert.ok(
        [...tokens].some((token) => text.startsWith(`${token.length}\n${Buffer.byteLength(markerSecret)}\n`)),
        text,
      );
      await look();
    });

    it('calls fail, and the window is reloaded', async () => {
      const [token = ''] = tokens;
      const echo = {
        error: 'invalid_request',
        error_description: `client_secret=${markerSecret}`,
        message: `Bearer ${token}`,
      };
      sandbox.addFault({ path: '/api/v1/organizations', respond: { status: 400, body: echo }, times: 1 });
      await window.runCommand('Scalekit: Refresh');
      await window.waitForViewText('Organizations', /didn’t accept/);
      await look();
      sandbox.addFault({ path: '/oauth/token', respond: { status: 400, body: echo }, times: 1 });
      await window.runCommand('Scalekit: Fetch New Access Token');
      await window.waitForNotification(/didn’t accept|refused/);
      await look();
      await window.runCommand('Scalekit: Fetch New Access Token');
      await window.waitForNotification(/new access token/);

      await window.reload();
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length > 10);
      await copied(() => window.runCommand('Scalekit: Copy Access Token'), /^eyJ/);
      assert.ok(tokens.size >= 6, `${tokens.size} tokens were handed out`);
    });

    it('no secret or token is shown, logged, or stored on disk or in the browser', async () => {
      const { leaks, searched } = await searchEverywhere();
      // Chromium remembers what is in a visible box, to restore the page after a crash. It can be faster than the extension,
      // which empties the box.
      const isBrowsersOwn = ({ needle, place }: Leak): boolean =>
        needle === 'misplaced client secret' && place.startsWith(join(window.folders.profile, 'Default/Sessions/'));
      assert.deepEqual(
        leaks.filter((leak) => !isBrowsersOwn(leak)),
        [],
      );
      // The search covered the places where leaks would be, and they aren't empty.
      for (const place of [
        /settings\.json$/,
        /environments[/\\][^/\\]+\.json$/,
        /Scalekit\.log$/,
        /remoteagent\.log$/,
        /IndexedDB/,
        /Local Storage/,
      ]) {
        assert.ok(
          searched.files.some((file) => place.test(file)),
          `no file like ${place} among ${searched.files.length}`,
        );
      }
      assert.match(searched.browserStorage, /"localStorage": \{\s+"/);
      assert.match(searched.browserStorage, /vscode-web-state-db-global/);
      assert.match(searched.output, /\/api\/v1\/organizations/);
    });

    it('a leak would be found in each of these places', async () => {
      const token = [...tokens].at(-1) ?? '';
      const { searched } = await searchEverywhere();
      const log = searched.files.find((file) => /Scalekit\.log$/.test(file)) ?? '';
      await appendFile(
        join(window.folders.root, log),
        `2026-01-01 [info] Authorization: Basic ${Buffer.from(`skc_1:${markerSecret}`).toString('base64')}\n`,
      );
      const user = join(window.folders.userData, 'User');
      await writeFile(join(user, 'leak.bin'), Buffer.from(token, 'utf16le'));
      await writeFile(join(user, Buffer.from(pasted.clientSecret).toString('hex')), '');
      await writeFile(join(user, 'dump.txt'), `00000000 ${Buffer.from(imported.clientSecret).toString('hex')}\n`);
      await mkdir(join(window.folders.userData, 'Backups/1/untitled'), { recursive: true });
      await writeFile(
        join(window.folders.userData, 'Backups/1/untitled/2'),
        `untitled:Untitled-1 {"typeId":""}\n${dotenv(pasted)}`,
      );
      const settings = join(user, 'settings.json');
      await writeFile(
        settings,
        (await readFile(settings, 'utf8')).replace(
          /\}\s*$/,
          `, "scalekit.planted": ${JSON.stringify(`https://x.example/?s=${encodeURIComponent(markerSecret)}`)} }\n`,
        ),
      );
      await window.context.addCookies([{ name: 'planted', value: pasted.clientSecret, url: window.address }]);
      await openTerminal();
      await window.page.keyboard.type('scalekit-token\n');
      await window.page.locator('.xterm-rows', { hasText: 'eyJ' }).first().waitFor();
      assert.equal(
        await window.page.locator('.terminal-wrapper', { hasText: 'scalekit-token' }).count(),
        1,
        'the terminal of before was brought back',
      );
      await look();
      await window.page.evaluate(
        async ([secret, accessToken]) => {
          const page = globalThis as unknown as PageStores;
          page.localStorage['planted'] = JSON.stringify({ secret });
          page.document.body.title = secret;
          page.console.log(`planted ${accessToken}`);
          await new Promise<void>((resolve, reject) => {
            const request = page.indexedDB.open('planted', 1);
            request.onupgradeneeded = () =>
              request.result.createObjectStore('store').put(new TextEncoder().encode(accessToken), 'key');
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
      const found = (place: RegExp, needle: RegExp): boolean =>
        leaks.some((leak) => place.test(leak.place) && needle.test(leak.needle));
      assert.ok(found(/Scalekit\.log$/, /^client secret$/), 'the log');
      assert.ok(found(/leak\.bin$/, /token/), 'a file');
      assert.ok(found(/^name of /, /^pasted client secret$/), 'the name of a file');
      assert.ok(found(/dump\.txt$/, /^imported client secret$/), 'a file, in hex');
      assert.ok(found(/Backups/, /^pasted client secret$/), 'a backup');
      assert.ok(found(/settings\.json$/, /^client secret$/), 'the settings');
      assert.ok(found(/cookies/, /^pasted client secret$/), 'a cookie');
      assert.ok(found(/^the window$/, /^client secret$/), 'an attribute in the window');
      assert.ok(found(/^the window at look/, /^token/), 'the terminal');
      assert.ok(found(/browser’s localStorage/, /^client secret$/), 'localStorage');
      assert.ok(found(/browser’s localStorage/, /token/), 'IndexedDB');
      assert.ok(found(/console/, /token/), 'the console');
    });

    const run = (title: string): Promise<void> => runByKeyboard(window, title);

    async function isActive(name: string): Promise<void> {
      await window.waitForRows('Environments', (rows) =>
        rows.some(({ label, spoken }) => label === name && /, active/.test(spoken)),
      );
    }

    /** Waits until the environment with this number exists and Organizations has the focus, which happens last. */
    async function added(number: number): Promise<string> {
      const name = `${new URL(proxy.url).host} ${number}`;
      await isActive(name);
      await window.view('Organizations').locator(':focus').first().waitFor();
      return name;
    }

    function dotenv({ clientId, clientSecret }: { clientId: string; clientSecret: string }): string {
      return `SCALEKIT_ENVIRONMENT_URL=${proxy.url}\nSCALEKIT_CLIENT_ID=${clientId}\nSCALEKIT_CLIENT_SECRET=${clientSecret}\n`;
    }

    /** Records what the window shows now, to search it at the end for tokens that aren't known yet. */
    async function look(): Promise<void> {
      seen.push(await shownNow());
    }

    /** The page with all its attributes, and its text by itself, because an editor splits its lines into pieces. */
    async function shownNow(): Promise<string> {
      const body = window.page.locator('body');
      return `${await body.innerHTML()}\n${((await body.textContent()) ?? '').replaceAll('\u00a0', ' ')}`;
    }

    async function promptWith(condition: (prompt: Prompt) => boolean): Promise<void> {
      const { value, ...prompt } = await window.waitForPrompt(condition);
      // The box has what was typed, and hides it if it's a secret.
      seen.push(JSON.stringify(prompt.password ? prompt : { value, ...prompt }));
      await look();
    }

    async function shownInEditor(text: string): Promise<void> {
      await window.page
        .locator('.editor-group-container.active .monaco-editor .view-line', { hasText: text })
        .first()
        .waitFor();
      await window.page.locator('.editor-group-container.active .monaco-editor.focused').first().waitFor();
      await look();
    }

    async function openTerminal(): Promise<void> {
      await window.runCommand('Scalekit: Open Terminal with Scalekit');
      const terminal = window.page.locator('.terminal-wrapper.active', { hasText: 'scalekit-token' }).first();
      await terminal
        .locator('.xterm-rows', { hasText: '$' })
        .or(terminal.locator('.xterm-rows', { hasText: '#' }))
        .first()
        .waitFor();
      await terminal.locator('.xterm-screen').click();
    }

    /** What a gesture puts on the clipboard. */
    async function copied(gesture: () => Promise<void>, pattern: RegExp): Promise<string> {
      await window.writeClipboard('');
      await gesture();
      for (const end = Date.now() + 20_000; ; await window.page.waitForTimeout(100)) {
        const text = await window.readClipboard();
        if (pattern.test(text)) return text;
        assert.ok(Date.now() < end, `nothing like ${pattern} on the clipboard`);
      }
    }

    /** A token is found by its signature: every copy of the token contains it, and it's a leak even by itself. */
    function needles(): Needle[] {
      return [
        { name: 'client secret', text: markerSecret },
        { name: 'wrong client secret', text: wrongSecret },
        { name: 'misplaced client secret', text: misplacedSecret },
        { name: 'pasted client secret', text: pasted.clientSecret },
        { name: 'imported client secret', text: imported.clientSecret },
        ...[...tokens].map((token, index) => ({ name: `token ${index + 1}`, text: token.split('.')[2] ?? token })),
      ];
    }

    interface Searched {
      readonly files: readonly string[];
      readonly browserStorage: string;
      /** What the extension's own log channel shows. */
      readonly output: string;
    }

    /** All data of this VS Code is in one folder, including Chromium's profile. */
    async function searchEverywhere(): Promise<{ leaks: Leak[]; searched: Searched }> {
      const wanted = needles();
      const onDisk = await searchFolder(window.folders.root, wanted);
      const browserStorage = await window.dumpBrowserStorage();
      await window.runCommand('Output: Show Output Channels...');
      await window.pick('Scalekit');
      await window.page.locator('.part.panel .view-line', { hasText: '/api/v1/organizations' }).first().waitFor();
      const page = await shownNow();
      const output = await window.page.locator('.part.panel .view-lines').first().innerText();
      return {
        leaks: [
          ...onDisk.leaks,
          ...searchText('the browser’s localStorage, sessionStorage, cookies and IndexedDB', browserStorage, wanted),
          ...seen.flatMap((text, index) => searchText(`the window at look ${index + 1}`, text, wanted)),
          ...searchText('the window', `${page}\n${output}`, wanted),
          ...searchText('the console', window.consoleText(), wanted),
          ...searchText('what the server printed', window.editor.serverOutput(), wanted),
        ],
        searched: { files: onDisk.files, browserStorage, output: output.replaceAll('\u00a0', ' ') },
      };
    }
  });
}

/** The parts of the page that leaks are planted in. */
interface PageStores {
  readonly localStorage: Record<string, string>;
  readonly document: { readonly body: { title: string } };
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
