import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SignInNode } from '../../src/resources/signIns/signInNode';
import { ListNode } from '../../src/tree/listNode';
import type { TreeNode } from '../../src/tree/treeNode';
import { failsWith } from '../support/failsWith';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';
import { until } from '../support/until';

const LOG = '/api/v1/logs/authentication/requests';
const EVENTS = '/api/v1/events/paginated';
const HOSTILE = [
  '<img src="https://evil.example/x.png"><script>alert(1)</script><style>*{display:none}</style>',
  '[run](command:workbench.action.closeWindow) ![x](https://evil.example/y.png) https://evil.example www.evil.example',
  '| a | b |\n\n# Heading\n\n```js\ncode\n```\n\n$\\alpha$ <details open ontoggle=alert(1)>',
];

describe('Sign-in Summary…', () => {
  let world: SandboxWorkbench;
  /** The newest document that was shown. */
  let shown: vscode.Uri | undefined;

  const text = (): string =>
    world.virtualDocuments.provideTextDocumentContent(shown ?? assert.fail('nothing was shown'));
  /** What VS Code's own preview makes of the document. */
  async function html(): Promise<string> {
    const rendered: unknown = await vscode.commands.executeCommand('markdown.api.render', text());
    // The newer VS Code's own settings for diagrams.
    return String(rendered).replace(/<span id="markdown-mermaid"[^>]*><\/span>/, '');
  }
  const organization = (): Promise<TreeNode> => world.row(world.organizationsView.treeView, 'Looney Corp');
  const calls = (path: string): number =>
    world.sandbox.requests.filter((request) => request.path.startsWith(path)).length;
  const previews = (): string[] =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputWebview)
      .map(({ label }) => label);

  /** Runs it, and lets the user choose a period and dismiss the offer of the failed ones. */
  async function summarize(argument: unknown, period = 'As Far Back as the Log Goes', failed = true): Promise<void> {
    world.prompts.expectPick({ title: /^Sign-in Summary of / }, { label: period });
    if (failed) world.prompts.expectMessage({ severity: 'information', text: /^Failed sign-ins: \d+ of \d+\.$/ });
    await world.act('scalekit.signIn.showSummary', argument);
  }

  /** Attempts as Scalekit's log returns them, newest first. */
  const attempts = (count: number, more: Readonly<Record<string, unknown>> = {}) =>
    Array.from({ length: count }, (_, index) => ({
      auth_request_id: `req_${index}`,
      organization_id: 'org_1',
      email: `person${index}@example.com`,
      status: 'FAILED',
      timestamp: new Date(Date.now() - index * 60_000).toISOString(),
      ...more,
    }));
  const respond = (path: string, body: unknown): void =>
    world.sandbox.addFault({ path, respond: { status: 200, body } });

  beforeEach(async () => {
    world = await startSandboxWorkbench({ organizations: 30, seed: 1 });
    shown = undefined;
    world.virtualDocuments.onDidChange((uri) => (shown = uri));
    await world.organizationsView.treeView.getChildren();
    world.sandbox.clearRequests();
  });
  afterEach(async () => {
    world.sandbox.clearFaults();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await world.end();
  });

  it('shows an environment’s sign-ins in VS Code’s own preview: by day, outcome, reason and organization', async () => {
    await summarize(world.environmentId);
    assert.match(text(), /^# Sign-ins of /);
    assert.match(text(), /As Far Back as the Log Goes · read on /);
    assert.match(text(), /^Sign-in log entries read for .+: 120, back to /m);
    assert.match(text(), /\*\*Sign-ins: 120 \(Signed in: \d+ · Failed: \d+ · Pending: \d+ · Started: \d+\)\*\*/);
    for (const heading of ['By Day', 'Why They Failed', 'Failed, by Organization', 'Newest Failed Sign-ins'])
      assert.match(text(), new RegExp(`^## ${heading}$`, 'm'));
    assert.match(text(), /^## Step by Step: the Newest Failed Sign-in, of /m);
    assert.match(
      text(),
      /^\| [^|]*(invalid&#95;assertion|access&#95;denied|user&#95;not&#95;found|idp&#95;timeout)&#41; \| \d+ \|$/m,
    );
    const rendered = await html();
    assert.equal((rendered.match(/<img /g) ?? []).length, 1);
    assert.match(rendered, /<img src="data:image\/svg\+xml;base64,/);
    assert.equal((rendered.match(/<table/g) ?? []).length, 5);
    await until('the preview is open', () => previews().some((label) => label.includes('Sign-ins of')), 10_000);
    // The log, the reasons (120 attempts of the sandbox are two pages of events), and one attempt.
    assert.deepEqual([calls(LOG), calls(EVENTS)], [2, 3]);
  });

  it('adds up: the days, the outcomes and the reasons say the same', async () => {
    await summarize(world.environmentId);
    const numbers = (heading: string): number[] => {
      const [, table = ''] = new RegExp(`^## ${heading}\\n\\n([^]*?)\\n\\n`, 'm').exec(text()) ?? [];
      const rows = table.split('\n').slice(2);
      return rows.map((row) =>
        row
          .split('|')
          .slice(2, -1)
          .reduce((sum, each) => sum + Number(each), 0),
      );
    };
    const sum = (all: readonly number[]): number => all.reduce((one, other) => one + other, 0);
    assert.equal(sum(numbers('By Day')), 120);
    const failed = Number(/Failed: (\d+)/.exec(text())?.[1]);
    assert.equal(sum(numbers('Why They Failed')), failed);
    assert.equal(sum(numbers('Failed, by Organization')), failed);
  });

  it('of an organization has only its own, says that all were read, and leads to its filtered log', async () => {
    const row = await organization();
    world.prompts
      .expectPick({ title: 'Sign-in Summary of Looney Corp' }, { label: 'As Far Back as the Log Goes' })
      .expectMessage({ text: /^Failed sign-ins: / }, 'Show Failed in Log');
    await world.act('scalekit.signIn.showSummary', row);
    assert.match(text(), /^# Sign-ins of Looney Corp$/m);
    assert.match(text(), /can’t be filtered by organization/);
    assert.doesNotMatch(text(), /Failed, by Organization/);
    const { treeView } = world.organizationsView;
    const log = await world.row(treeView, 'Looney Corp', 'Sign-in Log');
    assert.ok(log instanceof ListNode && log.isFiltered);
    const rows = await treeView.getChildren(log);
    assert.equal(rows.length, Number(/Failed: (\d+)/.exec(text())?.[1]));
    assert.ok(rows.length > 0);
    for (const row of rows) assert.equal((row as SignInNode).signIn.status, 'FAILED');
    const list = await world.labels(treeView, await organization());
    assert.ok(
      list.some((label) => label.startsWith('Sign-in Log (Failed')),
      list.join('\n'),
    );
  });

  it('lets the user choose the organization whose failed sign-ins to see', async () => {
    world.prompts
      .expectPick({}, { label: 'As Far Back as the Log Goes' })
      .expectMessage({}, 'Show Failed in Log')
      .expectPick({ title: 'Failed Sign-ins' }, { label: 'Looney Corp' });
    await world.act('scalekit.signIn.showSummary', undefined);
    const log = await world.row(world.organizationsView.treeView, 'Looney Corp', 'Sign-in Log');
    assert.ok(log instanceof ListNode && log.isFiltered);
  });

  it('offers to switch first, if another environment is active', async () => {
    const other = await world.add({
      environmentUrl: world.sandbox.url,
      clientId: world.sandbox.clientId,
      clientSecret: world.sandbox.clientSecret,
    });
    await world.store.setActive(other);
    const name = world.environmentName;
    world.prompts
      .expectPick({}, { label: 'As Far Back as the Log Goes' })
      .expectMessage({ buttons: [`Switch to ${name} and Show Failed`] }, `Switch to ${name} and Show Failed`)
      .expectPick({}, { label: /./ });
    await world.act('scalekit.signIn.showSummary', world.environmentId);
    assert.equal(world.environments.active()?.id, world.environmentId);
  });

  it('asks only for the chosen period, and counts no older one if a server ignores it', async () => {
    await summarize(world.environmentId, 'Last 24 Hours');
    const [request] = world.sandbox.requests.filter(({ path }) => path.startsWith(LOG));
    const start = new URL(request?.path ?? '', 'http://x').searchParams.get('start_time') ?? '';
    assert.ok(Math.abs(Date.now() - 86_400_000 - Date.parse(start)) < 60_000, start);
    const recent = /Sign-ins: (\d+)/.exec(text())?.[1];
    assert.ok(Number(recent) > 50 && Number(recent) < 70, recent);
    const old = attempts(2, { timestamp: '2020-01-01T00:00:00Z' }).map((each, index) => ({
      ...each,
      auth_request_id: `old_${index}`,
    }));
    respond(LOG, { authRequests: [...attempts(3), ...old], next_page_token: '', total_size: 5 });
    await summarize(world.environmentId, 'Last 24 Hours');
    assert.match(text(), /Sign-ins: 3 \(Failed: 3\)/);
  });

  it('says so if there were none, and offers nothing', async () => {
    respond(LOG, { authRequests: [], next_page_token: '', total_size: 0 });
    await summarize(world.environmentId, 'Last 7 Days', false);
    assert.match(text(), /There were no sign-ins in this period\./);
    assert.equal(calls(EVENTS), 0);
  });

  it('shows any text from the server as plain text', async () => {
    const hostile = HOSTILE.map((email, index) => ({
      ...attempts(3)[index],
      email,
      organization_id: email,
      connection_id: email,
    }));
    respond(LOG, { authRequests: hostile, next_page_token: '', total_size: 3 });
    respond(EVENTS, {
      events: HOSTILE.map((description, index) => ({
        id: `evt_${index}`,
        occurred_at: new Date().toISOString(),
        display_name: description,
        data: { auth_request_id: `req_${index}`, error: description, error_description: description },
      })),
      next_page_token: '',
    });
    await summarize(world.environmentId);
    const rendered = await html();
    const tags = [...rendered.matchAll(/<(\w+)/g)].map(([, tag]) => tag ?? '');
    assert.deepEqual(
      tags.filter((tag) => !/^(h1|h2|p|strong|table|thead|tbody|tr|th|td|img)$/.test(tag)),
      [],
    );
    assert.equal(tags.filter((tag) => tag === 'img').length, 1);
    assert.doesNotMatch(rendered, /href=|src="(?!data:image)/);
    const words = rendered.replaceAll('<!---->', '');
    assert.ok(words.includes('&lt;img src=&quot;https://evil.example/x.png&quot;&gt;'), rendered);
    const columns = /^\| Time \| Email [^\n]*$/m.exec(text())?.[0].split('|').length;
    for (const row of text().matchAll(/^\| [^\n]*req&#95;\d \|$/gm)) assert.equal(row[0].split('|').length, columns);
  });

  it('never shows a secret that a server sends back', async () => {
    const { clientSecret } = world.sandbox;
    respond(LOG, { authRequests: attempts(1, { email: `x ${clientSecret} y` }), next_page_token: '', total_size: 1 });
    await summarize(world.environmentId);
    assert.ok(!text().includes(clientSecret) && !(await html()).includes(clientSecret));
    assert.ok(!text().includes(clientSecret.replaceAll('_', '&#95;')));
  });

  it('says how far back it looked if a page can’t be read, and why', async () => {
    world.sandbox.addFault({ path: LOG, after: 1, status: 403 });
    await summarize(world.environmentId);
    assert.match(text(), /^Sign-in log entries read for .+: 100, back to /m);
    assert.match(text(), /\*\*Older sign-ins of this period are missing:\*\* /);
    assert.match(text(), /Sign-ins: 100 /);
  });

  it('fails in words if no page can be read', async () => {
    world.sandbox.addFault({ path: LOG, status: 403 });
    world.prompts.expectPick({}, { label: 'Last 7 Days' });
    await assert.rejects(world.act('scalekit.signIn.showSummary', undefined), failsWith('forbidden'));
    assert.equal(shown, undefined);
  });

  it('counts without reasons if the events can’t be read, and says why', async () => {
    world.sandbox.addFault({ path: EVENTS, status: 403 });
    await summarize(world.environmentId);
    assert.match(text(), /Not all reasons could be read: /);
    assert.match(text(), /Its steps couldn’t be read: /);
    assert.match(text(), /\| not known: no event said so \| \d+ \|/);
  });

  it('shows progress, and after Cancel what was read until then', async () => {
    world.sandbox.addFault({ path: LOG, after: 1, delayMs: 30_000 });
    world.prompts.cancelNextProgress(50);
    await summarize(world.environmentId);
    assert.match(text(), /\*\*Older sign-ins of this period are missing:\*\* you cancelled\./);
    assert.match(text(), /Sign-ins: 100 /);
    assert.match(world.prompts.progressTitles.join('\n'), /^Reading the sign-in log of /);
    assert.match(world.prompts.progressReports.join('\n'), /^100 entries, back to /);
  });

  it('shows the steps of a sign-in with their times, from its row', async () => {
    const { treeView } = world.organizationsView;
    const [signIn] = await treeView.getChildren(await world.row(treeView, 'Looney Corp', 'Sign-in Log'));
    await world.act('scalekit.signIn.showSteps', signIn);
    assert.match(text(), /^# Sign-in of /);
    assert.match(text(), /^\| Time \| After \| Step \| Reason \|$/m);
    assert.match(text(), /^\| \d\d:\d\d:\d\d \| 0 sec \| Login/m);
    assert.match(text(), /^Request ID: auth/m);
  });

  it('does nothing for an argument that is no sign-in', async () => {
    for (const argument of [undefined, 7, {}, { document: { record: { auth_request_id: 7 } } }, await organization()])
      await world.act('scalekit.signIn.showSteps', argument);
    assert.equal(shown, undefined);
  });
});
