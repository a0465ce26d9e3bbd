import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { vsixFile } from '../host/package';
import { projectRoot } from '../host/project';
import { openWindow, type EditorWindow } from '../host/window';
import type { McpResource } from '../../src/sandbox/mcp/mcpResources';
import type { Sandbox } from '../../src/sandbox/sandboxServer';
import { searchFolder, searchText, type Needle } from '../support/leakSearch';
import type { McpServer } from '../support/mcpServer';
import { startSandboxMcpServer } from '../support/sandboxMcpServer';
import { until } from '../support/until';
import { runByKeyboard } from './gestures';
import { eachTestNeedsTheOneBefore, keepEvidenceOfFailures, testedVersions } from './support';

for (const version of testedVersions()) {
  describe(`Check MCP Server… in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let url: string;
    let resource: McpResource;
    let server: McpServer;
    let token: string;

    before(async () => {
      ({ sandbox, url, server, resource } = await startSandboxMcpServer(
        { organizations: 3 },
        { scopes: ['todo:read'], takesResourceIssuer: false },
      ));
      window = await openWindow({
        version,
        vsix: vsixFile(),
        // The pictures show the preview's own frame.
        painted: true,
        environment: {
          SCALEKIT_ENVIRONMENT_URL: sandbox.url,
          SCALEKIT_CLIENT_ID: sandbox.clientId,
          SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
        },
      });
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
    });
    eachTestNeedsTheOneBefore();
    keepEvidenceOfFailures(() => window);
    after(async () => {
      await window?.close();
      await server?.close();
      await sandbox?.close();
    });

    const picture = (name: string): Promise<void> =>
      window.screenshot(join(projectRoot(), 'out/screenshots', `mcp-check-${name}-${version.vscode}.png`));

    /** VS Code's preview of the document, once it has this text. */
    async function preview(wanted: RegExp): Promise<Frame> {
      let found: Frame | undefined;
      await until(
        `a preview with ${wanted}`,
        async () => {
          for (const frame of window.page.frames()) {
            const text = await frame
              .locator('body')
              .innerText({ timeout: 1_000 })
              .catch(() => '');
            if (/^MCP Server /m.test(text) && wanted.test(text)) found = frame;
          }
          // VS Code loads a new page behind the old one, and then swaps them.
          const drawn = found?.parentFrame()?.locator('iframe#active-frame');
          return (await drawn?.isVisible().catch(() => false)) === true;
        },
        30_000,
      );
      return found ?? assert.fail('there is none');
    }
    const start = async (): Promise<void> => {
      await runByKeyboard(window, 'Scalekit: Check MCP Server…');
      await window.waitForPrompt(({ title }) => title === 'Check MCP Server');
    };

    it('names a planted fault and what to change, by keyboard', async () => {
      server.faults = { metadata: { resource: `${server.serverUrl}/` } };
      await start();
      await window.answer('http://mcp.example.com/mcp');
      await window.waitForPrompt(({ invalid, message }) => invalid && /Use https\./.test(message));
      await picture('url');
      await window.answer(server.serverUrl);
      const frame = await preview(/Steps that failed: 1 of /);
      assert.match(await frame.locator('body').innerText(), /The two differ only in the slash at the end\./);
      const { text, buttons } = await window.waitForNotification(/one request with it goes to http:\/\/localhost:\d+,/);
      assert.match(text, /Steps that failed: 1 of \d+\./);
      assert.deepEqual(buttons, ['Check Access Token…']);
      await picture('failed');
      await window.runCommand('Notifications: Clear All Notifications');
    });

    it('checks a pasted token with a good server, which alone gets it', async () => {
      server.faults = {};
      const registered = await fetch(`${url}/api/v1/resources/${resource.id}/clients:register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['http://localhost:6274/callback'] }),
      });
      const client = (await registered.json()) as { client_id: string; client_secret: string };
      const response = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'client_credentials', ...client }),
      });
      token = ((await response.json()) as { access_token: string }).access_token;
      await start();
      await window.pressInPrompt('Enter');
      await window.waitForNotification(/An access token can be checked too/);
      await window.runCommand('Notifications: Accept Notification Primary Action');
      const box = await window.waitForPrompt(({ password }) => password);
      assert.match(box.message, /^Paste an access token for this server\. It’s sent to http:\/\/localhost:\d+ once\./);
      await picture('token');
      await window.answer(token);
      const frame = await preview(/With an access token/);
      const text = await frame.locator('body').innerText();
      assert.match(text, /No step failed\./);
      assert.match(text, /✓ Request with the token passed/);
      await picture('passed');
      await window.runCommand('Preferences: Toggle between Light/Dark Themes');
      await picture('passed-other-theme');
      const needles: Needle[] = [
        { name: 'token', text: token },
        { name: 'signature', text: token.split('.')[2] ?? '' },
      ];
      assert.deepEqual(searchText('console', window.consoleText(), needles), []);
      assert.deepEqual(searchText('document', await frame.content(), needles), []);
      const { leaks, files } = await searchFolder(window.editor.folders.root, needles);
      assert.deepEqual(leaks, []);
      assert.ok(files.length > 10);
    });
  });
}
