import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { listSignIns } from '../../src/api/signInLog';
import { ListNode } from '../../src/tree/listNode';
import type { OrganizationNode } from '../../src/resources/organizations/organizationNode';
import { organizationLists } from '../../src/resources/organizationContents';
import { OrganizationsView } from '../../src/resources/organizations/organizationsView';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { sendJson, startHttpServer } from '../support/httpServer';
import { until } from '../support/until';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';

/** A short form of a row: its label and kind. */
interface Row {
  readonly kind: string;
  readonly label: string;
  readonly id: string;
  readonly command: string | undefined;
}

describe('the Organizations view', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let view: OrganizationsView;
  let changes: number;
  const closers: (() => unknown)[] = [];

  async function rows(): Promise<Row[]> {
    const nodes = await view.treeView.getChildren();
    return nodes.map((node) => {
      const item = view.treeView.getTreeItem(node);
      return { kind: node.kind, label: String(item.label), id: String(item.id), command: item.command?.command };
    });
  }
  const organizations = async (): Promise<string[]> =>
    (await rows()).filter(({ kind }) => kind === 'organization').map(({ label }) => label);
  const lastRow = async (): Promise<Row> => (await rows()).at(-1) ?? assert.fail('there is no row');
  /** Does what a click on the last row does. */
  async function loadMore(): Promise<void> {
    await view.treeView.loadMore((await view.treeView.getChildren()).at(-1));
  }
  const listRequests = (): string[] =>
    sandbox.requests.map(({ path }) => path).filter((path) => path.startsWith('/api/v1/organizations'));

  async function add(to: Sandbox): Promise<string> {
    const id = await parts.add({ environmentUrl: to.url, clientId: to.clientId, clientSecret: to.clientSecret });
    await parts.store.setActive(id);
    return id;
  }

  async function anotherSandbox(count: number): Promise<Sandbox> {
    const started = await startSandbox({ organizations: count, seed: 2 });
    closers.push(() => started.close());
    return started;
  }

  before(async () => {
    sandbox = await startSandbox({ organizations: 250, seed: 1 });
  });

  after(() => sandbox.close());

  beforeEach(async () => {
    sandbox.clearFaults();
    parts = await startWorkbench();
    await parts.store.load();
    changes = 0;
    view = parts.organizationsView;
    view.treeView.onDidChangeTreeData(() => changes++);
    sandbox.clearRequests();
  });

  afterEach(async () => {
    await parts.end();
    for (const close of closers.splice(0)) await close();
  });

  it('is empty without an environment, and makes no request', async () => {
    assert.deepEqual(await rows(), []);
    assert.equal(parts.exchanges.length, 0);
  });

  it('makes no request before it’s visible', async () => {
    await add(sandbox);
    await delay(50);
    assert.equal(parts.exchanges.length, 0);
  });

  it('shows 100 organizations, Load More and the total', async () => {
    await add(sandbox);
    const first = await rows();
    assert.equal(first.length, 101);
    assert.equal(first[0]?.label, 'Looney Corp');
    assert.equal(first[100]?.kind, 'loadMore');
    assert.match(first[100]?.label ?? '', /100.*250/);
    assert.equal(listRequests().length, 1);
    assert.equal(new Set(first.map(({ id }) => id)).size, 101);
  });

  it('shows them again without a request', async () => {
    await add(sandbox);
    await rows();
    await rows();
    assert.equal(listRequests().length, 1);
  });

  it('doesn’t refresh again when its rows are loaded', async () => {
    await add(sandbox);
    const before = changes;
    await rows();
    await delay(50);
    assert.equal(changes, before);
  });

  it('refreshes after a change right after its rows were read, even if an action reads them meanwhile', async () => {
    // VS Code itself reads a visible view, perhaps after the change. Then there's nothing to refresh.
    await vscode.commands.executeCommand('workbench.view.explorer');
    await until('the view is hidden', () => !view.treeView.view.visible);
    const id = await add(sandbox);
    const [node] = await view.treeView.getChildren();
    const organization = {
      id: node?.id.split('/').at(-1) ?? assert.fail('there is no row'),
      displayName: 'Renamed',
      metadata: {},
    };
    const before = changes;
    view.update(id, organization);
    await view.rowToShow(id, organization);
    await until('it is drawn anew', () => changes > before);
  });

  it('shows total and production before the name, because a narrow side bar cuts off the end, and a search above the rows', async () => {
    const id = await parts.add(
      { environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
      { production: true },
    );
    await parts.store.setActive(id);
    await rows();
    const { name } = parts.store.active ?? assert.fail('none is active');
    assert.equal(view.treeView.view.description, `250 · production · ${name}`);
    const { view: shown } = view.treeView;
    assert.equal(shown.message, undefined);
    const searchFor = async (query: string): Promise<number> => {
      view.showSearch(id, query);
      return (await rows()).filter(({ kind }) => kind === 'organization').length;
    };
    const found = await searchFor('labs');
    assert.ok(found > 1);
    assert.equal(shown.description, `${found} · production · ${name}`);
    assert.equal(shown.message, `${found} organizations match “labs”. Press Escape to clear.`);
    const one = (await organizations())[0] ?? assert.fail('there is no row');
    assert.equal(await searchFor(one), 1);
    assert.equal(shown.message, `1 organization matches “${one}”. Press Escape to clear.`);
    view.clearSearch();
    await rows();
    assert.equal(shown.message, undefined);
  });

  it('has the same rows open after a switch of environments, where they exist', async () => {
    const first = await add(sandbox);
    const { treeView } = view;
    const states = async (): Promise<string[]> => {
      const [organization] = await treeView.getChildren();
      const lists = await treeView.getChildren(organization);
      return [organization, ...lists].flatMap((row) => {
        const { collapsibleState, label } = treeView.getTreeItem(row ?? assert.fail('there is no row'));
        return collapsibleState === vscode.TreeItemCollapsibleState.Expanded ? [String(label)] : [];
      });
    };
    assert.deepEqual(await states(), []);
    const [organization] = await treeView.getChildren();
    const [, directories] = await treeView.getChildren(organization);
    assert.ok(organization !== undefined && directories !== undefined);
    await treeView.view.reveal(directories, { expand: true });
    const wanted = [String(treeView.getTreeItem(organization).label), 'Directories'];
    let before: string[] = [];
    await until('both count as open', async () => {
      before = await states();
      return before.length === wanted.length;
    });
    assert.deepEqual(before, wanted);
    // Each sandbox has an organization with this ID.
    await add(await anotherSandbox(3));
    assert.deepEqual(await states(), before);
    await parts.store.setActive(first);
    assert.deepEqual(await states(), before);
  });

  it('shows a saved organization from the save’s response, without a request', async () => {
    const id = await add(sandbox);
    const [node] = await view.treeView.getChildren();
    const organization = node?.id.split('/').at(-1) ?? assert.fail('there is no row');
    sandbox.clearRequests();
    view.update('another-environment', { id: organization, displayName: 'Not this one', metadata: {} });
    view.update(id, { id: organization, displayName: 'Saved', metadata: {} });
    assert.equal((await rows())[0]?.label, 'Saved');
    assert.deepEqual(sandbox.requests, []);
  });

  it('shows a saved organization in the “Found” row too', async () => {
    const id = await add(sandbox);
    await rows();
    const far = { id: 'org_1', displayName: 'Far away', metadata: {} };
    await view.reveal(id, far);
    view.update(id, { ...far, displayName: 'Renamed' });
    const [found] = await view.treeView.getChildren();
    assert.equal(found?.kind, 'found');
    const items = ((await found.children?.()) ?? []).map((child) => view.treeView.getTreeItem(child).label);
    assert.deepEqual(items, ['Renamed']);
  });

  it('shows the cached list right after you switch back, and the current one a moment later', async () => {
    let now = Date.now();
    const aged = await startWorkbench({ now: () => now });
    closers.push(() => aged.end());
    const server = await anotherSandbox(3);
    const credentials = { environmentUrl: server.url, clientId: server.clientId, clientSecret: server.clientSecret };
    await aged.store.load();
    await aged.store.setActive(await aged.add(credentials));
    const before = new OrganizationsView(aged.environments, organizationLists);
    const old = await before.treeView.getChildren();
    before.dispose();
    const { organization } = old[0] as OrganizationNode;
    await new Sdk(server.url, server.clientId, server.clientSecret).organization.updateOrganization(organization.id, {
      displayName: 'Renamed elsewhere',
    });
    now += 120_000;
    const after = new OrganizationsView(aged.environments, organizationLists);
    closers.push(() => after.dispose());
    const label = async (): Promise<unknown> =>
      after.treeView.getTreeItem((await after.treeView.getChildren())[0] ?? assert.fail('no row')).label;
    assert.equal(await label(), organization.displayName);
    await until('the newer name', async () => (await label()) === 'Renamed elsewhere');
  });

  it('loads more on request, up to the last row', async () => {
    await add(sandbox);
    await rows();
    await loadMore();
    assert.match((await lastRow()).label, /200.*250/);
    await loadMore();
    assert.equal((await organizations()).length, 250);
    assert.equal((await lastRow()).kind, 'organization');
    assert.equal(new Set((await rows()).map(({ id }) => id)).size, 250);
    assert.equal(listRequests().length, 3);
  });

  it('says that it’s loading more, and keeps its rows', async () => {
    await add(sandbox);
    await rows();
    sandbox.addFault({ path: '/api/v1/organizations', delayMs: 2_000, times: 1 });
    const loading = loadMore();
    await until('the row says so', async () => (await lastRow()).label.startsWith('Loading'));
    assert.equal((await organizations()).length, 100);
    await loading;
    assert.equal((await organizations()).length, 200);
  });

  it('keeps its rows if loading more fails, and then continues', async () => {
    await add(sandbox);
    await rows();
    sandbox.addFault({ path: '/api/v1/organizations', status: 500, times: 1 });
    await loadMore();
    assert.equal((await organizations()).length, 100);
    assert.match((await lastRow()).label, /failed/);
    await loadMore();
    assert.equal((await organizations()).length, 200);
  });

  it('keeps its rows while it refreshes, even if that fails', async () => {
    await add(sandbox);
    await rows();
    await loadMore();
    sandbox.clearRequests();
    sandbox.addFault({ path: '/api/v1/organizations', delayMs: 300, times: 1 });
    const refreshing = view.refresh(undefined);
    await until('the refresh has begun', () => parts.exchanges.length > 0);
    assert.equal((await organizations()).length, 200);
    await refreshing;
    assert.equal((await organizations()).length, 200);
    assert.equal(listRequests().length, 2);
    sandbox.addFault({ path: '/api/v1/organizations', drop: true, times: 1 });
    await view.refresh(undefined);
    assert.equal((await organizations()).length, 200);
  });

  it('says that there are none, and offers to create one', async () => {
    await add(await anotherSandbox(0));
    const [row, action, ...others] = await rows();
    assert.equal(row?.label, 'No organizations yet');
    assert.equal(action?.label, 'Create Organization…');
    assert.equal(action?.command, 'scalekit.organization.create');
    assert.deepEqual(others, []);
  });

  for (const [name, fault, row] of [
    ['a wrong secret', { path: '/oauth/token', status: 401, errorCode: 'invalid_client' }, 'Replace Client Secret…'],
    ['a server error', { path: '/api/*', status: 500 }, 'Try Again'],
    ['a broken connection', { path: '/api/*', drop: true }, 'Try Again'],
    ['HTML instead of JSON', { path: '/api/*', html: true, status: 200 }, 'Test Connection'],
    ['truncated JSON', { path: '/api/*', wrongJson: true }, 'Test Connection'],
    ['too many requests', { path: '/api/*', status: 429, retryAfter: 7 }, 'Try Again'],
  ] as const) {
    it(`offers a way out after ${name}, which works`, async () => {
      sandbox.addFault(fault);
      await add(sandbox);
      const failed = await rows();
      assert.ok(failed.length > 0 && failed.every(({ kind }) => kind === 'message'), JSON.stringify(failed));
      assert.ok(
        failed.some(({ label }) => label === row),
        JSON.stringify(failed),
      );
      // Looking at a failed list doesn't read it again.
      const asked = parts.exchanges.length;
      await rows();
      assert.equal(parts.exchanges.length, asked);
      sandbox.clearFaults();
      await (await parts.environments.client(parts.store.active?.id ?? '')).tokens.fetchNew();
      await view.refresh(undefined);
      assert.equal((await organizations()).length, 100);
    });
  }

  it('shows a record that can’t be read as one row, in its place', async () => {
    const body = {
      organizations: [
        { id: 'org_1', display_name: 'One', unknown: {} },
        { display_name: 'no id' },
        { id: 'org_3', create_time: '0001-01-01T00:00:00Z' },
      ],
      total_size: 3,
      next_page_token: 'more',
    };
    sandbox.addFault({ path: '/api/v1/organizations', respond: { body } });
    await add(sandbox);
    assert.deepEqual(
      (await rows()).map(({ kind, label }) => [kind, label]),
      [
        ['organization', 'One'],
        ['message', 'A record that couldn’t be read'],
        ['organization', 'org_3'],
        ['loadMore', 'Load more (3 shown)'],
      ],
    );
  });

  it('shows the server’s text literally', async () => {
    const evil = 'A\u202eB\n[x](command:y) <b>$(zap)';
    const body = {
      organizations: [{ id: 'org_1', display_name: evil, external_id: evil, metadata: { key: evil } }],
      total_size: 1,
    };
    sandbox.addFault({ path: '/api/v1/organizations', respond: { body } });
    await add(sandbox);
    const [node] = await view.treeView.getChildren();
    assert.ok(node !== undefined);
    const item = await view.treeView.resolveTreeItem(view.treeView.getTreeItem(node), node);
    assert.equal(item.label, 'A\\u202eB\\u000a[x](command:y) <b>$(zap)');
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.ok(!item.tooltip.isTrusted);
    assert.ok(!item.tooltip.supportHtml);
    assert.doesNotMatch(item.tooltip.value, /[^\\]\[x\]\(command/);
    assert.doesNotMatch(item.tooltip.value, /\u202e/);
  });

  it('cancels the request of a hover that you left, and sends it again when you come back', async () => {
    const organizations = [1, 2, 3, 4, 5].map((number) => ({ id: `org_${number}` }));
    let isHolding = true;
    const server = await startHttpServer(({ path }, response) => {
      if (path === '/oauth/token') sendJson(response, { access_token: 'abc', expires_in: 3600 });
      else if (path.startsWith('/api/v1/organizations?')) sendJson(response, { organizations, total_size: 5 });
      else if (!isHolding) sendJson(response, { organization: organizations[0] });
    });
    closers.push(() => server.close());
    await parts.store.setActive(
      await parts.add({ environmentUrl: server.url, clientId: 'skc_1', clientSecret: 'test_1' }),
    );
    const hovers = (await view.treeView.getChildren()).map((node) => {
      const source = new vscode.CancellationTokenSource();
      const item = view.treeView.getTreeItem(node);
      return { node, item, source, hover: view.treeView.resolveTreeItem(item, node, source.token) };
    });
    const asked = (): number => server.requests.filter(({ path }) => path.startsWith('/api/v1/organizations/')).length;
    await until('they are asked for', () => asked() === 5);
    for (const { source } of hovers) source.cancel();
    await Promise.all(hovers.map(({ hover }) => hover));
    assert.deepEqual(
      hovers.map(({ item }) => item.tooltip),
      hovers.map(() => undefined),
    );
    isHolding = false;
    const [{ item, node } = assert.fail('there is none')] = hovers;
    await view.treeView.resolveTreeItem(item, node, new vscode.CancellationTokenSource().token);
    assert.ok(item.tooltip instanceof vscode.MarkdownString);
    assert.equal(asked(), 6);
  });

  it('doesn’t refresh if nothing that it shows of its environment changed', async () => {
    const id = await add(sandbox);
    await rows();
    const before = changes;
    await parts.stored.touch(id);
    assert.equal(changes, before);
    await parts.stored.rename(id, 'Another name');
    await until('the name is shown', () => /Another name/.test(String(view.treeView.view.description)));
  });

  it('waits until VS Code has its rows before it refreshes for a renamed environment', async () => {
    const id = await add(sandbox);
    sandbox.addFault({ path: '/api/v1/organizations', delayMs: 2_000, times: 1 });
    const reading = rows();
    await until('it is being read', () => listRequests().length === 1);
    const before = changes;
    await parts.stored.rename(id, 'Renamed meanwhile');
    await until('the name is shown', () => /Renamed meanwhile/.test(String(view.treeView.view.description)));
    assert.equal(changes, before);
    await reading;
    assert.equal(changes, before);
  });

  it('reads open lists again after a change, even after its environment got new credentials', async () => {
    const id = await add(sandbox);
    const users = async (): Promise<ListNode> => {
      const [organization] = await view.treeView.getChildren();
      const lists = await view.treeView.getChildren(organization);
      return (
        (lists.find(({ id: list }) => list.endsWith('/users')) as ListNode | undefined) ?? assert.fail('list not found')
      );
    };
    const shown = await users();
    await view.treeView.view.reveal(shown, { expand: true });
    await until('it is open', () => shown.state.phase === 'ready', 10_000);
    await parts.stored.replace(
      id,
      { environmentUrl: sandbox.url, clientId: sandbox.clientId, clientSecret: sandbox.clientSecret },
      false,
    );
    const again = await users();
    assert.notEqual(again, shown);
    await again.children();
    sandbox.clearRequests();
    await view.refreshLists(id, 'users');
    assert.ok(
      sandbox.requests.some(({ path }) => /\/users\b/.test(path)),
      'it counts as open, and was read again',
    );
  });

  it('shows in the hover what the row shows, and reads the organization again only if it changed elsewhere', async () => {
    await add(sandbox);
    const hover = async (): Promise<string> => {
      const [node] = await view.treeView.getChildren();
      assert.ok(node !== undefined);
      const { tooltip } = await view.treeView.resolveTreeItem(view.treeView.getTreeItem(node), node);
      return tooltip instanceof vscode.MarkdownString ? tooltip.value : assert.fail('it has no hover');
    };
    await hover();
    sandbox.clearRequests();
    await hover();
    assert.deepEqual(listRequests(), []);
    const [node] = await view.treeView.getChildren();
    const id = node?.id.split('/').at(-1) ?? assert.fail('there is no row');
    await new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret).organization.updateOrganization(id, {
      displayName: 'Changed elsewhere',
    });
    await view.refresh(undefined);
    assert.match(await hover(), /^\*\*Changed(&nbsp;| )elsewhere\*\*/);
  });

  it('refreshes only the list that it shows, not the one behind a search', async () => {
    await add(sandbox);
    await rows();
    view.showSearch(view.environment?.id ?? '', 'labs');
    await rows();
    sandbox.clearRequests();
    await view.refresh(undefined);
    assert.deepEqual(
      listRequests().map((path) => path.split('?')[0]),
      ['/api/v1/organizations:search'],
    );
    view.clearSearch();
    await rows();
    sandbox.clearRequests();
    await view.refresh(undefined);
    assert.deepEqual(
      listRequests().map((path) => path.split('?')[0]),
      ['/api/v1/organizations'],
    );
  });

  it('keeps the filter of a closed list after a refresh', async () => {
    await add(sandbox);
    const [organization] = await view.treeView.getChildren();
    const branches = view.treeView.lists ?? assert.fail('nothing is shown');
    const log = ((await organization?.children?.()) ?? []).find(({ id }) => id.endsWith('/signInLog'));
    assert.ok(log instanceof ListNode);
    log.setFilter(
      branches.reader((client, page, options) => listSignIns(client, 'org_1', { status: 'FAILED' }, page, options)),
      'Failed',
    );
    await log.children();
    await view.refresh(undefined);
    sandbox.clearRequests();
    await log.children();
    const asked = sandbox.requests.map(({ path }) => path).filter((path) => path.includes('/logs/'));
    assert.ok(asked.length > 0 && asked.every((path) => path.includes('status=FAILED')), asked.join(' '));
  });

  it('shows nothing of the old environment if you switch while it loads', async () => {
    const other = await anotherSandbox(3);
    const slow = await add(sandbox);
    sandbox.addFault({ path: '/api/v1/organizations', delayMs: 3_000, times: 1 });
    const looking = rows();
    await until('the old list was asked for', () => sandbox.requests.length >= 1);
    await delay(30);
    const quick = await add(other);
    assert.notEqual(quick, slow);
    const seen = [...(await looking), ...(await rows())];
    await delay(3_000);
    seen.push(...(await rows()));
    for (const { id } of seen) assert.ok(id.startsWith(`${quick}/`), id);
    assert.equal((await organizations()).length, 3);
  });

  it('shows the new environment’s rows after a switch, and the first one’s without a request when you switch back', async () => {
    const other = await anotherSandbox(3);
    const first = await add(sandbox);
    const before = await organizations();
    await add(other);
    assert.equal((await organizations()).length, 3);
    await parts.store.setActive(first);
    assert.deepEqual(await organizations(), before);
    assert.equal(listRequests().length, 1, JSON.stringify(parts.differences));
  });

  it('is empty once its environment is removed', async () => {
    const id = await add(sandbox);
    await rows();
    await parts.stored.remove(id);
    assert.deepEqual(await rows(), []);
  });

  it('reads its list again with new credentials', async () => {
    const id = await add(sandbox);
    await rows();
    const { clientId, clientSecret } = sandbox.addClient();
    const before = changes;
    await parts.stored.replace(id, { environmentUrl: sandbox.url, clientId, clientSecret }, false);
    await until('it is drawn anew', () => changes > before);
    await rows();
    assert.equal(listRequests().length, 2);
  });

  it('doesn’t refresh for a new token', async () => {
    const id = await add(sandbox);
    await rows();
    const before = changes;
    await (await parts.environments.client(id)).tokens.fetchNew();
    await delay(50);
    assert.equal(changes, before);
  });
});
