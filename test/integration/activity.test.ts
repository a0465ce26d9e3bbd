import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ActivityView, type ActivityRow } from '../../src/activity/activityView';
import type { ActivityEntry, ActivityList } from '../../src/core/activityList';
import { SandboxRequestList } from '../../src/environments/sandboxRequestList';
import { requestCommands } from '../../src/requests/requestCommands';
import { SentRequestList } from '../../src/requests/sentRequestList';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { VirtualDocuments } from '../../src/ui/virtualDocuments';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { until } from '../support/until';

const SEND = { label: 'Send Request' };
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJsaXZlIjoidG9rZW4ifQ.c2ln';
const CODE = '483920';

describe('the Activity view', () => {
  let subscriptions: vscode.Disposable[];
  let server: Sandbox;
  let parts: StartedWorkbench;
  let prompts: ScriptedPrompts;
  let documents: VirtualDocuments;
  let view: ActivityView;
  let sent: SentRequestList;
  let received: SandboxRequestList;
  let commands: ReturnType<typeof requestCommands>;

  const itemOf = (row: ActivityRow): vscode.TreeItem => view.resolveTreeItem(view.getTreeItem(row), row);
  /** Draws a list as VS Code does. */
  const rowsOf = (list: ActivityList): ActivityRow[] => view.getChildren(list);
  const labels = (list: ActivityList): unknown[] => rowsOf(list).map((row) => view.getTreeItem(row).label);
  const first = (list: ActivityList): ActivityRow => rowsOf(list)[0] ?? assert.fail('the list is empty');
  /** Everything that a row says on screen, to a screen reader and in its hover. */
  const textOf = (row: ActivityRow): string => {
    const { id, label, description, tooltip, accessibilityInformation, command } = itemOf(row);
    const hover = (tooltip as vscode.MarkdownString).value;
    return JSON.stringify([id, label, description, hover, accessibilityInformation, command]);
  };
  const shownText = async (): Promise<string> => {
    const document = vscode.window.activeTextEditor?.document ?? assert.fail('no document is open');
    await until('the newest text', () => document.getText() === documents.provideTextDocumentContent(document.uri));
    return document.getText();
  };
  const sendPlain = async (summary: string): Promise<void> => {
    prompts.expectPick({}, { label: summary }).expectPick({}, SEND);
    await commands['scalekit.request.send'](undefined);
  };
  const add = ({ url: environmentUrl, clientId, clientSecret }: Sandbox): Promise<string> =>
    parts.add({ environmentUrl, clientId, clientSecret });

  before(async () => {
    server = await startSandbox({ organizations: 3, seed: 1 });
  });
  after(() => server.close());

  beforeEach(async () => {
    server.clearFaults();
    subscriptions = [];
    parts = await startWorkbench();
    await parts.store.load();
    prompts = new ScriptedPrompts();
    documents = new VirtualDocuments();
    view = new ActivityView();
    sent = view.add(new SentRequestList(documents, parts.redactor));
    received = view.add(new SandboxRequestList(documents));
    commands = requestCommands({
      now: Date.now,
      subscriptions,
      onDidSend: (report) => sent.record(report),
      environments: parts.environments,
      prompts,
      documents,
      redactor: parts.redactor,
      organizations: {
        shownOrganizations: () => [{ id: 'org_1', displayName: 'One', metadata: {} }],
        shownSearch: () => undefined,
      },
      terminals: { isActive: () => false },
      tokens: { liveToken: async () => assert.fail('nobody asked for a token') },
      clipboard: { clearsAfter: undefined, copy: async () => assert.fail('nothing is copied'), read: async () => '' },
    });
    await add(server);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    view.dispose();
    documents.dispose();
    vscode.Disposable.from(...subscriptions).dispose();
    await parts.end();
    prompts.assertAllUsed();
  });

  it('is empty before anything is sent or received', () => {
    assert.deepEqual(view.getChildren(), []);
  });

  it('lists the requests that were sent, newest first, and opens each with its response', async () => {
    await sendPlain('List organizations');
    const text = await shownText();
    server.addFault({ path: '/api/v1/organizations', times: 1, status: 503 });
    await sendPlain('List organizations');
    assert.notEqual(await shownText(), text);
    assert.deepEqual(view.getChildren(), [sent]);
    const [failed, succeeded] = rowsOf(sent) as [ActivityRow, ActivityRow];
    assert.deepEqual(labels(sent), ['GET /organizations · 503', 'GET /organizations · 200']);
    assert.deepEqual(
      [failed, succeeded].map((row) => (itemOf(row).iconPath as vscode.ThemeIcon).id),
      ['error', 'arrow-up'],
    );
    const { description, tooltip, accessibilityInformation } = itemOf(succeeded);
    assert.match(String(description), /^\d\d:\d\d:\d\d · \d+ ms$/);
    assert.match(
      accessibilityInformation?.label ?? '',
      /^GET \/organizations, sent to 127\.0\.0\.1.* at \d\d:\d\d:\d\d: 200 OK after \d+ ms\.$/,
    );
    const hover = (tooltip as vscode.MarkdownString).value.replaceAll('&nbsp;', ' ');
    for (const fact of ['Path: ', 'Status: 200 OK', 'Environment: ', 'Sent: ', 'Duration: ', 'Trace ID: '])
      assert.ok(hover.includes(fact), hover);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await view.open(succeeded);
    assert.equal(await shownText(), text);
    // The document still knows its request.
    await commands['scalekit.request.repeat'](undefined);
    assert.equal(sent.entries.length, 3);
  });

  it('lists a request that got no response, and opens it with the reason', async () => {
    server.addFault({ path: '/api/v1/organizations', drop: true, times: 5 });
    prompts.expectPick({}, { label: 'List organizations' }).expectPick({}, SEND);
    await assert.rejects(commands['scalekit.request.send'](undefined));
    assert.deepEqual(labels(sent), ['GET /organizations · no response']);
    assert.match(textOf(first(sent)), /: no response\./);
    await view.open(first(sent));
    assert.match(await shownText(), /^\/\/ GET \/api\/v1\/organizations\n\/\/ Environment: .+\n\/\/ .+\n$/);
  });

  it('never shows a value that could be a secret in a row, and shortens IDs', async () => {
    const organizationId = 'org_64444217115541813';
    for (const value of [organizationId, TOKEN, CODE, `test_${'x'.repeat(20)}`]) {
      prompts.expectPick({}, { label: 'Get organization details' }).expectPick({}, { typed: value });
      await commands['scalekit.request.send'](undefined);
    }
    prompts
      .expectPick({}, { label: 'List organizations' })
      .expectPick({}, { label: 'external_id' })
      .expectInput({}, TOKEN)
      .expectPick({}, SEND);
    await commands['scalekit.request.send'](undefined);
    assert.deepEqual(
      labels(sent).map((label) => String(label).replace(/ · \d+$/, '')),
      [
        'GET /organizations?…',
        'GET /organizations/{id}',
        'GET /organizations/{id}',
        'GET /organizations/{id}',
        'GET /organizations/org_…1813',
      ],
    );
    const texts = rowsOf(sent).map(textOf);
    assert.match(texts[0] ?? '', /Query parameters: external\W*_id/);
    for (const text of texts)
      for (const secret of [TOKEN, CODE, 'xxxx', server.clientSecret]) assert.ok(!text.includes(secret), text);
    await view.open(first(sent));
    assert.ok(!(await shownText()).includes(TOKEN));
  });

  it('drops the oldest responses when they become too large, and says so', async () => {
    const environment = parts.environments.active() ?? assert.fail('none is active');
    const request = { summary: '', template: '/api/v1/organizations', pathValues: {}, query: [] };
    for (let time = 1; time <= 5; time++) {
      sent.record({
        environment,
        request,
        target: request.template,
        sentAt: time,
        response: { status: 200, durationMs: 1 },
        path: '/requests/x/GET organizations.jsonc',
        text: String(time).repeat(1_500_000),
      });
    }
    assert.deepEqual(
      sent.entries.map(({ text }) => text?.[0]),
      ['5', '4', undefined, undefined, undefined],
    );
    await view.open(rowsOf(sent)[4]);
    assert.match(
      await shownText(),
      /^\/\/ GET \/api\/v1\/organizations\n.+\n\/\/ This response is no longer available\./,
    );
  });

  it('lists other programs’ requests to the sandbox as documents without secrets, but not the extension’s own', async () => {
    const local = parts.localSandbox;
    local.onDidReceiveRequest((message) => received.record(message));
    await local.start();
    const { environmentUrl, clientId, clientSecret } =
      (await local.readCredentials('sandbox')) ?? assert.fail('it does not run');
    const own = { 'user-agent': 'scalekit-workbench/1.0.0' };
    await fetch(`${environmentUrl}/api/v1/organizations?page_size=1`, { headers: own });
    await fetch(`${environmentUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
    });
    await fetch(`${environmentUrl}/api/v1/organizations/${TOKEN}/users?page_size=1&code=${CODE}`, {
      headers: { authorization: `Bearer ${TOKEN}`, cookie: `session=${TOKEN}` },
    });
    await until('both have come', () => received.entries.length === 2);
    await fetch(`${environmentUrl}/api/v1/organizations`, { headers: own });
    await fetch(`${environmentUrl}/keys`);
    await until('the last has come', () => received.entries.length >= 3);
    await local.forget();

    assert.deepEqual(view.getChildren(), [received]);
    assert.deepEqual(labels(received), [
      'GET /keys · 200',
      'GET /organizations/…/users?… · 401',
      'POST /oauth/token · 200',
    ]);
    assert.match(
      itemOf(first(received)).accessibilityInformation?.label ?? '',
      /^GET \/keys, received by the sandbox at \d\d:\d\d:\d\d: 200 OK\.$/,
    );
    const refused = itemOf(rowsOf(received)[1] ?? assert.fail());
    assert.match(String(refused.description), /^\d\d:\d\d:\d\d · UNAUTHENTICATED: /);
    assert.match(refused.accessibilityInformation?.label ?? '', /: 401 Unauthorized\. The reason: UNAUTHENTICATED: \w/);
    const hover = (refused.tooltip as vscode.MarkdownString).value.replaceAll('&nbsp;', ' ');
    assert.ok(hover.includes('Reason: UNAUTHENTICATED'), hover);
    assert.doesNotMatch(textOf(first(received)), /eason/, 'what succeeded has none');
    for (const row of rowsOf(received)) {
      await view.open(row);
      const text = `${textOf(row)} ${await shownText()} ${vscode.window.activeTextEditor?.document.uri.toString()}`;
      for (const secret of [TOKEN, CODE, clientSecret, 'Bearer']) assert.ok(!text.includes(secret), text);
    }
    await view.open(rowsOf(received)[1]);
    const json = (await shownText()).replaceAll(/^\/\/.*$/gm, '');
    const { method, path, query, status, protocol, problem } = JSON.parse(json) as Record<string, unknown>;
    assert.match(String(problem), /^UNAUTHENTICATED: /);
    assert.deepEqual(
      { method, path, query, status, protocol },
      {
        method: 'GET',
        path: '/api/v1/organizations/…/users',
        query: ['page_size', 'code'],
        status: 401,
        protocol: 'rest',
      },
    );
  });

  it('names the method of a gRPC call, and ignores what isn’t a request', () => {
    const path = '/scalekit.v1.organizations.OrganizationService/ListOrganization';
    received.record({ type: 'request', time: 1, protocol: 'grpc', method: 'POST', path, query: [], status: 0 });
    for (const strange of [undefined, null, 'x', {}, { time: 1, method: 7, path }, { method: 'GET', path }])
      received.record(strange);
    assert.deepEqual(labels(received), ['gRPC ListOrganization · no response']);
  });

  it('keeps its lists when you switch environments or remove one of theirs', async () => {
    await sendPlain('List organizations');
    const other = await startSandbox({ organizations: 1 });
    await parts.store.setActive(await add(other));
    await sendPlain('List organizations');
    assert.equal(rowsOf(sent).length, 2);
    const [first] = parts.stored.list();
    await parts.stored.remove(first?.id ?? '');
    assert.equal(rowsOf(sent).length, 2);
    await other.close();
  });

  it('is empty after Clear, and its old rows open nothing', async () => {
    await sendPlain('List organizations');
    const row = first(sent);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    view.clear();
    assert.deepEqual([view.getChildren(), sent.entries], [[], []]);
    await view.open(row);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it('opens only its own rows, whatever the argument', async () => {
    await sendPlain('List organizations');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const copy: ActivityEntry = { ...(first(sent) as ActivityEntry) };
    for (const strange of [copy, sent, {}, 'x', 7, null, undefined]) await view.open(strange);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it('gives each row a stable ID, and doesn’t refresh while it’s hidden', () => {
    let drawn = 0;
    const listening = view.onDidChangeTreeData(() => drawn++);
    const record = (time: number): void =>
      received.record({ time, protocol: 'rest', method: 'GET', path: '/keys', query: [], status: 200 });
    record(1);
    const row = first(received);
    const { id } = view.getTreeItem(row);
    for (let time = 2; time <= 1_000; time++) record(time);
    assert.equal(rowsOf(received).length, 200);
    record(0);
    const ids = rowsOf(received).map((each) => view.getTreeItem(each).id);
    assert.equal(new Set(ids).size, 200);
    assert.equal(view.getTreeItem(row).id, id);
    assert.equal(drawn, 0);
    listening.dispose();
  });
});
