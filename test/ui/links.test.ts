import assert from 'node:assert/strict';
import { vsixFile } from '../host/package';
import { openWindow, type EditorWindow } from '../host/window';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { startHttpServer, type HttpServer } from '../support/httpServer';
import { until } from '../support/until';
import { chooseFromMenu, takesStep } from './gestures';
import { keepEvidenceOfFailures, testedVersions } from './support';

/** What a `Uri` would write differently: `%2B` as `+`, `%26` as `&`, and the rest in its own way. */
const PATH_AND_QUERY =
  '/portal/a%2Fb%20c+d;e=f/(x)?state=a%2Bb%26c%3Dd&redirect_uri=https%3A%2F%2Fapp.example%2Fcb%3Fx%3D1%252B2&plus=1+2&lower=%c3%bc%2b&empty=&list[]=%5B%5D%25';
const HTTPS = `https://portal.example${PATH_AND_QUERY}#at%2Fthe=end+%26`;

for (const version of testedVersions()) {
  describe(`A link from Scalekit in VS Code ${version.vscode}`, () => {
    let window: EditorWindow;
    let sandbox: Sandbox;
    let server: HttpServer;

    before(async () => {
      sandbox = await startSandbox({ organizations: 3 });
      server = await startHttpServer(
        (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>here</p>'),
      );
      const environment = {
        SCALEKIT_ENVIRONMENT_URL: sandbox.url,
        SCALEKIT_CLIENT_ID: sandbox.clientId,
        SCALEKIT_CLIENT_SECRET: sandbox.clientSecret,
      };
      window = await openWindow({ version, vsix: vsixFile(), environment });
      await window.context.route('https://portal.example/**', (route) =>
        route.fulfill({ body: '<p>there</p>', contentType: 'text/html' }),
      );
      await window.openView('Scalekit');
      await window.waitForRows('Organizations', (rows) => rows.length === 3);
    });
    keepEvidenceOfFailures(() => window);
    after(async () => {
      await window?.close();
      await server?.close();
      await sandbox?.close();
    });

    /** Opens a link as an admin portal link and returns the address that the browser opened. */
    async function opened(link: string): Promise<string> {
      sandbox.addFault({
        path: '*/portal_links',
        respond: { status: 200, body: { link: { id: 'prtl_1', location: link } } },
        times: 1,
      });
      const page = window.context.waitForEvent('page');
      let isOpen = false;
      page.then(
        () => (isOpen = true),
        () => undefined,
      );
      const [first] = await window.treeRows('Organizations');
      await chooseFromMenu(
        window,
        window.row('Organizations', first?.label ?? '').first(),
        'Generate Admin Portal Link…',
      );
      await window.waitForPrompt(takesStep(/\(1\/2\)/));
      await window.page.keyboard.press('Enter');
      await window.waitForPrompt(takesStep(/\(2\/2\)/));
      await window.pick('Open in Browser');
      // VS Code asks, unless it takes the host for this machine.
      const question = window.page.locator('.monaco-dialog-box');
      await until('it asks, or opens the page', async () => isOpen || (await question.isVisible()), 20_000);
      if (!isOpen) await window.clickDialogButton('Open');
      const portal = await page;
      await portal.getByText(/^t?here$/).waitFor();
      const address = portal.url();
      await portal.close();
      await window.waitForStatus(/^Opened the admin portal of .+ in the browser$/);
      return address;
    }

    it('reaches the browser byte for byte', async () => assert.equal(await opened(HTTPS), HTTPS));

    it('reaches a server on this machine byte for byte', async () => {
      const { port } = new URL(server.url);
      await opened(`http://portal.localhost:${port}${PATH_AND_QUERY}`);
      assert.equal(server.requests.find(({ path }) => path.startsWith('/portal/'))?.path, PATH_AND_QUERY);
    });
  });
}
