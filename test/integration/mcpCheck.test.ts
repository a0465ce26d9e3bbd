import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isCancelled } from '../../src/api/client/scalekitError';
import type { HostAddress } from '../../src/mcp/prober';
import type { McpResource } from '../../src/sandbox/mcp/mcpResources';
import type { Sandbox } from '../../src/sandbox/sandboxServer';
import { searchText } from '../support/leakSearch';
import type { McpServer } from '../support/mcpServer';
import { startSandboxMcpServer } from '../support/sandboxMcpServer';
import { until } from '../support/until';
import { MemoryState, startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

describe('Check MCP Server…', () => {
  let sandbox: Sandbox;
  let url: string;
  let resource: McpResource;
  let server: McpServer;
  let world: StartedWorkbench;
  let workspaceState: MemoryState;
  /** What host names mean. */
  let resolve: (hostname: string) => Promise<HostAddress[]>;
  /** The newest document that was shown. */
  let shown: vscode.Uri | undefined;

  before(async () => {
    ({ sandbox, url, server, resource } = await startSandboxMcpServer(
      { organizations: 2, seed: 3 },
      { scopes: ['todo:read'], takesResourceIssuer: false },
    ));
  });
  after(async () => {
    await server.close();
    await sandbox.close();
  });
  beforeEach(async () => {
    server.faults = {};
    shown = undefined;
    workspaceState = new MemoryState();
    resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    world = await startWorkbench({ workspaceState, resolve: (hostname) => resolve(hostname) });
    await world.store.load();
    world.virtualDocuments.onDidChange((uri) => (shown = uri));
    await world.add({ environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await world.end();
    world.prompts.assertAllUsed();
  });

  const source = (): string =>
    world.virtualDocuments.provideTextDocumentContent(shown ?? assert.fail('nothing was shown'));
  /** The document as HTML, with what VS Code's preview makes of it. */
  const html = async (): Promise<string> =>
    String(await vscode.commands.executeCommand('markdown.api.render', source()));
  /** The words of the document, without markup. */
  const words = async (): Promise<string> =>
    (await html())
      .replaceAll('<!---->', '')
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
      .replaceAll(/\s+/g, ' ');
  const typeUrl = (typed = server.serverUrl): void =>
    void world.prompts.expectInput({ title: 'Check MCP Server' }, typed);
  /** What the offer to check a token too says, and whether it's taken. */
  const offer = (text: RegExp, taken: boolean): StartedWorkbench['prompts'] =>
    world.prompts.expectMessage(
      { severity: 'information', text, buttons: ['Check Access Token…'] },
      taken ? 'Check Access Token…' : undefined,
    );
  const decline = (): void =>
    void offer(/one request with it goes to http:\/\/localhost:\d+, and nowhere else\.$/, false);
  const check = (): Promise<void> => world.act('scalekit.mcp.check');

  /** A token that the sandbox gives to a client of a resource. */
  async function tokenOf({ id }: McpResource): Promise<string> {
    const registered = await fetch(`${url}/api/v1/resources/${id}/clients:register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://localhost:6274/callback'] }),
    });
    const client = (await registered.json()) as { client_id: string; client_secret: string };
    const response = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', ...client }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  it('shows each step of a good server in VS Code’s own preview, and asks no more if it isn’t wanted', async () => {
    typeUrl();
    decline();
    await check();
    const text = await words();
    assert.match(text, /^ ?MCP Server http:\/\/localhost:\d+\/mcp No step failed\. Checked /);
    for (const step of [
      'Request without a token passed',
      'WWW-Authenticate passed',
      'resource passed',
      'issuer passed',
      'PKCE passed',
      'Keys passed',
    ])
      assert.ok(text.includes(`✓ ${step}`), step);
    assert.match(text, /Requests: 6 of at most 10/);
    assert.ok(!text.includes('With an access token'));
    await until('the preview', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ input }) => input instanceof vscode.TabInputWebview),
    );
    assert.deepEqual(workspaceState.keys(), []);
    world.prompts.expectInput({ value: server.serverUrl }, undefined);
    await check();
  });

  it('sends a pasted token to the server alone, and says what each check found', async () => {
    const token = await tokenOf(resource);
    const before = server.requests.length;
    typeUrl();
    offer(/^localhost:\d+: No step failed\. An access token can be checked too/, true)
      .expectInput({ password: true, prompt: /It’s sent to http:\/\/localhost:\d+ once\./ }, 'nonsense')
      .expectInput({}, token.split('.').slice(0, 2).join('.'))
      .expectInput({}, `Authorization: Bearer ${token}`);
    await check();
    assert.equal(world.prompts.problems.length, 2);
    const text = await words();
    assert.match(text, /With an access token/);
    for (const step of [
      'Signature',
      'Issuer (iss)',
      'Audience (aud)',
      'Expiry (exp)',
      'Scopes of the token',
      'Request with the token',
    ])
      assert.ok(text.includes(`✓ ${step} passed`), `${step}\n${text}`);
    const withToken = server.requests.slice(before).filter(({ headers }) => headers.authorization !== undefined);
    assert.deepEqual(
      withToken.map(({ method, path, headers }) => [method, path, headers.authorization === `Bearer ${token}`]),
      [['POST', '/mcp', true]],
    );
    assert.ok(!sandbox.requests.some(({ path }) => path.includes(token)));
    // In the document, the state, the log's lines, and what the tab is called.
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ label }) => label));
    const state = workspaceState.keys().map((key) => String(workspaceState.get(key)));
    const [, , signature = ''] = token.split('.');
    const needles = [
      { name: 'token', text: token },
      { name: 'signature', text: signature },
    ];
    const seen = [
      source(),
      await html(),
      world.log.lastLines().join('\n'),
      shown?.toString() ?? '',
      JSON.stringify(world.exchanges),
      ...tabs,
      ...state,
    ];
    assert.deepEqual(
      seen.flatMap((place, index) => searchText(`place ${index}`, place, needles)),
      [],
    );
    assert.equal(world.redactor.redact(`x ${token} y`).includes(token), false);
    assert.equal(searchText('planted', token, needles).length > 0, true);
  });

  it('says what is wrong with a token for another server, and what to change', async () => {
    const token = await tokenOf(sandbox.addResource({ url: 'https://other.example/mcp', scopes: ['other'] }));
    typeUrl();
    offer(/./, true).expectInput({}, token);
    await check();
    const text = await words();
    assert.match(text, /Steps that failed: 3 of \d+\./);
    assert.match(
      text,
      /✗ Audience \(aud\) failed Received: res_\d+, https:\/\/other\.example\/mcp Expected: One of res_\d+, http/,
    );
    assert.match(text, /This token is for another server\./);
    assert.match(text, /✗ Scopes of the token failed/);
    assert.match(
      text,
      /✗ Request with the token failed .* Received: HTTP 401\. invalid_token · ERR_JWT_CLAIM_VALIDATION_FAILED/,
    );
  });

  it('shows what a hostile server says as plain text', async () => {
    const evil =
      '<img src=x onerror=alert(1)> [run](command:workbench.action.closeWindow) ![x](https://evil.example/y.png)\n# Heading `a` $x$';
    server.faults = { metadata: { resource: evil, authorization_servers: [evil, evil] } };
    typeUrl();
    decline();
    await check();
    const rendered = await html();
    assert.doesNotMatch(rendered, /<img|<a |href=|<script|<code|katex/i);
    assert.equal(rendered.match(/<h1/g)?.length, 1);
    assert.match(await words(), /<img src=x onerror=alert\(1\)> \[run\]\(command:/);
    // What depends on a step that failed isn't counted as if it had passed.
    assert.match(await words(), /Steps that failed: \d+ of \d+\. Steps that could not be read: \d+ of \d+\./);
  });

  it('refuses an address that leads into a private network behind a public name, without asking it', async () => {
    resolve = async () => [{ address: '10.0.0.5', family: 4 }];
    typeUrl('https://mcp.example.com/mcp');
    await check();
    const text = await words();
    assert.match(
      text,
      /\? Request without a token could not be read .* leads to this machine or into a private network/,
    );
    assert.match(text, /Steps that could not be read: /);
  });

  it('takes no URL that it may not ask, and says why', async () => {
    for (const typed of [
      'http://mcp.example.com/mcp',
      'https://me:secret@mcp.example.com/',
      'https://mcp.example.com/?key=1',
      'mcp server',
      '',
    ])
      typeUrl(typed);
    world.prompts.expectInput({}, undefined);
    await check();
    assert.equal(world.prompts.problems.length, 5);
    assert.ok(!world.prompts.problems.join().includes('secret'));
    assert.equal(shown, undefined);
  });

  it('can be cancelled while a server doesn’t respond', async function () {
    this.timeout(60_000);
    server.faults = { respond: () => true };
    typeUrl();
    world.prompts.cancelNextProgress();
    await assert.rejects(check(), isCancelled);
    assert.equal(shown, undefined);
  });
});
