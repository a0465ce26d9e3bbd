import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { documentUri } from '../../src/core/documentReference';
import { ListNode } from '../../src/tree/listNode';
import type { OrganizationsView } from '../../src/resources/organizations/organizationsView';
import type { SignInNode } from '../../src/resources/signIns/signInNode';
import { filterSignInLog } from '../../src/resources/signIns/signInLogFilter';
import type { ListTreeView } from '../../src/tree/treeView';
import type { TreeNode } from '../../src/tree/treeNode';
import { searchUsers } from '../../src/resources/users/searchUsers';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { ScriptedPrompts } from '../support/scriptedPrompts';
import { startWorkbench, type StartedWorkbench } from '../support/startWorkbench';
import { until } from '../support/until';

describe('the rows of an organization', () => {
  let sandbox: Sandbox;
  let parts: StartedWorkbench;
  let view: OrganizationsView;
  let environmentId: string;
  let organizations: TreeNode[];

  before(async () => {
    sandbox = await startSandbox({ organizations: 40, seed: 7 });
  });
  after(() => sandbox.close());

  beforeEach(async () => {
    sandbox.clearFaults();
    parts = await startWorkbench();
    await parts.store.load();
    view = parts.organizationsView;
    environmentId = await parts.add({
      environmentUrl: sandbox.url,
      clientId: sandbox.clientId,
      clientSecret: sandbox.clientSecret,
    });
    await parts.store.setActive(environmentId);
    organizations = await view.treeView.getChildren();
    sandbox.clearRequests();
  });
  afterEach(async () => {
    await parts.end();
  });

  const childrenOf = async (node: TreeNode): Promise<TreeNode[]> => view.treeView.getChildren(node);
  const item = (node: TreeNode): vscode.TreeItem => view.treeView.getTreeItem(node);
  const spoken = (node: TreeNode): string => item(node).accessibilityInformation?.label ?? '';
  const asked = (part: string): string[] =>
    sandbox.requests.map(({ path }) => path).filter((path) => path.includes(part));

  /** A list of an organization, by the last part of its ID. */
  async function list(organization: TreeNode, name: string): Promise<ListNode> {
    const found = (await childrenOf(organization)).find(({ id }) => id.endsWith(`/${name}`));
    return found instanceof ListNode ? found : assert.fail(`there is no list ${name}`);
  }

  /** The first organization whose list has a matching row. */
  async function organizationWith(
    name: string,
    wanted: (node: TreeNode) => boolean,
  ): Promise<{ organization: TreeNode; branch: ListNode; rows: TreeNode[] }> {
    for (const organization of organizations) {
      if (organization.kind !== 'organization') continue;
      const branch = await list(organization, name);
      const rows = await childrenOf(branch);
      if (rows.some(wanted)) return { organization, branch, rows };
    }
    return assert.fail(`no organization has such a row in ${name}`);
  }

  const isFailed = (node: TreeNode): boolean => /^signIn FAILED\b/.test(item(node).contextValue ?? '');
  const requestId = (node: TreeNode): string => node.id.split('/').at(-1) ?? '';

  /** The official SDK's reason for a failed sign-in. */
  async function reasonBySdk(id: string): Promise<{ error: string; description: string }> {
    const sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    const { events } = await sdk.events.listEventsPaginated(10, '', { authRequestId: id });
    const data = events[0]?.data ?? assert.fail('there is no event');
    return { error: String(data['error']), description: String(data['error_description']) };
  }

  describe('of its sign-in log', () => {
    it('open their documents under their names, or at the URI that’s already open', async () => {
      const opens = (node: TreeNode): string => {
        const uri: unknown = item(node).command?.arguments?.[0];
        return uri instanceof vscode.Uri ? uri.path.slice(environmentId.length + 1) : assert.fail('it opens nothing');
      };
      const [row, other] = organizations;
      const { document } = row ?? assert.fail('there is no row');
      assert.ok(row !== undefined && other !== undefined && document?.name !== undefined);
      const address = opens(row);
      assert.equal(address, `/organizations/${document.path[1]}/${document.name}.json`);

      const drawn: unknown[] = [];
      const listener = view.treeView.onDidChangeTreeData((changed) => drawn.push(changed));
      try {
        // This window doesn't know the environment, so the tab says that.
        await vscode.commands.executeCommand('vscode.open', documentUri({ ...document, name: 'An older name' }));
        assert.equal(opens(row), `/organizations/${document.path[1]}/An older name.json`);
        assert.notEqual(opens(other), opens(row));
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await until('the row is drawn again', () => drawn.includes(row));
        assert.equal(opens(row), address);
        assert.ok(!drawn.includes(other));
      } finally {
        listener.dispose();
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      }
    });

    it('say why a sign-in failed, as the SDK does, with one request for all of them', async () => {
      const { rows } = await organizationWith('signInLog', isFailed);
      for (const row of rows.filter(isFailed)) {
        const { error, description } = await reasonBySdk(requestId(row));
        const { label } = item(row);
        assert.match(
          String(item(row).description),
          new RegExp(`^[^·]*\\d\\d:\\d\\d · ${description} \\(${error}\\) · @`),
        );
        assert.ok(spoken(row).startsWith(`Sign-in, ${String(label)}, failed, `), spoken(row));
        assert.ok(spoken(row).includes(`, ${description} (${error}), `), spoken(row));
      }
    });

    it('don’t ask for reasons if none failed', async () => {
      for (const organization of organizations.slice(0, 10)) {
        sandbox.clearRequests();
        const rows = await childrenOf(await list(organization, 'signInLog'));
        assert.equal(asked('/api/v1/events').length, rows.some(isFailed) ? 1 : 0);
      }
    });

    for (const status of [403, 404, 501]) {
      it(`are shown without reasons if the events return ${status}, and the hover says why`, async () => {
        sandbox.addFault({ path: '/api/v1/events/*', status });
        const { rows } = await organizationWith('signInLog', isFailed);
        const row = rows.find(isFailed) ?? assert.fail('none failed');
        assert.match(String(item(row).description), /^[^·]*\d\d:\d\d · @/);
        const { tooltip } = await view.treeView.resolveTreeItem(item(row), row);
        assert.match((tooltip as vscode.MarkdownString).value, /Reason: \w.{20}/);
        sandbox.clearFaults();
        const { description } = await reasonBySdk(requestId(row));
        const again = await view.treeView.resolveTreeItem(item(row), row);
        assert.ok((again.tooltip as vscode.MarkdownString).value.replaceAll('&nbsp;', ' ').includes(description));
      });
    }

    it('can be filtered by state and email address, and the list says so, also to a screen reader, until you clear it', async () => {
      const { branch, rows } = await organizationWith('signInLog', isFailed);
      const failed = rows.find(isFailed) ?? assert.fail('none failed');
      const { email } = (failed as SignInNode).signIn;
      assert.ok(email?.startsWith(`${String(item(failed).label)}@`) === true);
      const prompts = new ScriptedPrompts()
        .expectPick({ title: /Filter Sign-in Log/ }, { label: 'Failed' })
        .expectInput({ title: /Filter Sign-in Log/ }, email);
      sandbox.clearRequests();
      await filterSignInLog(branch, view, prompts);
      prompts.assertAllUsed();
      const filtered = await childrenOf(branch);
      assert.ok(
        filtered.length > 0 && filtered.every((row) => isFailed(row) && (row as SignInNode).signIn.email === email),
      );
      assert.ok(
        asked('/logs/').every(
          (path) => path.includes('status=FAILED') && path.includes(`email=${encodeURIComponent(email)}`),
        ),
      );
      assert.match(String(item(branch).description), new RegExp(`^Failed · ${email}`));
      assert.match(spoken(branch), new RegExp(`^Sign-in Log, Failed · ${email}`));
      assert.match(item(branch).contextValue ?? '', / filtered$/);
      view.clearSearch();
      assert.equal((await childrenOf(branch)).length, rows.length);
      assert.doesNotMatch(item(branch).contextValue ?? '', /filtered/);
    });
  });

  describe('of its users', () => {
    it('are searched on the server from three characters on, and filtered to its results', async () => {
      const { organization, branch, rows } = await organizationWith('users', ({ kind }) => kind === 'user');
      const first = rows[0] ?? assert.fail('there is none');
      const email =
        /[\w.+-]+@[\w.-]+/.exec(`${String(item(first).label)} ${String(item(first).description)}`)?.[0] ??
        assert.fail('no address');
      const prompts = new ScriptedPrompts().expectSearch(
        email,
        { title: /Search Users of / },
        { label: /Show all that match/ },
      );
      sandbox.clearRequests();
      await searchUsers(branch, view, prompts).catch(() => undefined); // the view itself is not on the screen
      prompts.assertAllUsed();
      assert.ok(asked('/users:search').length > 0);
      assert.deepEqual(
        (await childrenOf(branch)).map(({ id }) => id),
        [first.id],
      );
      assert.match(String(item(branch).description), new RegExp(`^“${email}” · 1$`));
      const sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
      const bySdk = await sdk.user.searchOrganizationUsers(organization.id.split('/').at(-1) ?? '', email, 30);
      assert.deepEqual(
        bySdk.users.map(({ id }) => id),
        [requestId(first)],
      );
      view.clearSearch(branch);
      assert.equal((await childrenOf(branch)).length, rows.length);
    });

    it('are searched among the loaded ones without a request if the text is shorter', async () => {
      const { branch, rows } = await organizationWith('users', ({ kind }) => kind === 'user');
      const label = String(item(rows[0] ?? assert.fail('none')).label);
      const prompts = new ScriptedPrompts().expectSearch(label.slice(0, 2), {}, { label });
      sandbox.clearRequests();
      await searchUsers(branch, view, prompts).catch(() => undefined);
      prompts.assertAllUsed();
      assert.deepEqual(asked('/users'), []);
      assert.equal(branch.isFiltered, false);
    });
  });

  it('lose the newest filter first with Clear Search, then the one before', async () => {
    const { branch } = await organizationWith('signInLog', isFailed);
    view.showSearch(environmentId, 'corp');
    await view.treeView.getChildren();
    await filterSignInLog(branch, view, new ScriptedPrompts().expectPick({}, { label: 'Failed' }).expectInput({}, ''));
    assert.match(String(view.treeView.view.message), /“corp”/);
    view.clearSearch();
    assert.equal(branch.isFiltered, false);
    assert.match(String(view.treeView.view.message), /“corp”/);
    view.clearSearch();
    await view.treeView.getChildren();
    assert.equal(view.treeView.view.message, undefined);
    view.clearSearch();
  });

  /** The states of each kind of row. Every row must have one of its own kind's. */
  const STATES: Readonly<Record<string, RegExp>> = {
    // The list may leave out an organization's features.
    organization: /^Organization, .+/,
    connection: /^Connection, .+, (enabled|disabled|draft|setup in progress)/,
    directory: /^Directory, .+, (enabled|disabled|draft|setup in progress)/,
    directoryUser: /^Directory user, .+/,
    directoryGroup: /^Directory group, .+, \d+ users?$/,
    domain: /^Domain, .+, (verified|verification failed|verification pending|not verified)/,
    user: /^User, .+, (active|inactive|invite pending|invite expired)/,
    organizationClient: /^API client, .+, (active|no active secret)/,
    signIn: /^Sign-in, .+, (signed in|failed|pending|started)/,
    role: /^Role, .+/,
    permission: /^Permission, .+/,
    list: /^[A-Z][\w -]+/,
    message: /./,
    loadMore: /^Load more \(\d+ (of \d+|shown)\)$/,
  };

  it('of every kind tell a screen reader their kind, name and state', async () => {
    const configuration = parts.configurationView;
    const seen = new Map<string, number>();
    const check = async (tree: ListTreeView, node: TreeNode, depth: number): Promise<void> => {
      const { label, description, accessibilityInformation } = tree.getTreeItem(node);
      const said = accessibilityInformation?.label ?? '';
      const name = String(label);
      assert.match(said, STATES[node.kind] ?? /never/, `${node.kind} says ${said}`);
      assert.ok(said.includes(name), `${said} has not the name ${name}`);
      for (const part of String(description ?? '').split(' · '))
        assert.ok(said.includes(part), `${said} leaves out ${part}`);
      seen.set(node.kind, (seen.get(node.kind) ?? 0) + 1);
      if (node.children === undefined || depth === 0) return;
      const rows = await tree.getChildren(node);
      for (const row of rows) await check(tree, row, depth - 1);
      // A list that was read shows its count.
      if (node instanceof ListNode && node.state.totalSize !== undefined)
        assert.match(tree.getTreeItem(node).accessibilityInformation?.label ?? '', /, \d+$/);
    };
    for (const organization of organizations.slice(0, 12)) await check(view.treeView, organization, 4);
    for (const node of await configuration.getChildren()) await check(configuration, node, 2);
    configuration.dispose();
    for (const kind of Object.keys(STATES))
      assert.ok((seen.get(kind) ?? 0) > 0, `no row of the kind ${kind} was seen: ${[...seen.keys()].join()}`);
  });

  it('tell a screen reader that a list couldn’t be read, that there is more, and what was found', async () => {
    const [organization] = organizations;
    sandbox.addFault({ path: '/api/v1/organizations/*/users', status: 403 });
    const users = await list(organization ?? assert.fail('none'), 'users');
    const [failure] = await childrenOf(users);
    assert.equal(spoken(users), 'Users, couldn’t be read');
    assert.match(spoken(failure ?? assert.fail('no row')), /may not do that/);

    view.showSearch(environmentId, 'nothing like this');
    const [none] = await view.treeView.getChildren();
    assert.equal(spoken(none ?? assert.fail('no row')), 'No organization matches');
    view.clearSearch();
    await view.reveal(environmentId, { id: 'org_1', displayName: 'Far away', metadata: {} });
    const [found] = await view.treeView.getChildren();
    assert.equal(spoken(found ?? assert.fail('no row')), 'Found organizations, 1');
  });

  it('are selected although the view before them went away while VS Code waited for its rows', async () => {
    await vscode.commands.executeCommand('scalekit.organizations.focus');
    let isAsked = false;
    view.treeView.setRoots({
      rows: () => {
        isAsked = true;
        return new Promise(() => undefined);
      },
    });
    await until('VS Code to wait for rows', () => isAsked, 20_000);
    await parts.end();

    parts = await startWorkbench();
    await parts.store.load();
    const { treeView } = parts.organizationsView;
    const { url: environmentUrl, clientId, clientSecret } = sandbox;
    await parts.store.setActive(await parts.add({ environmentUrl, clientId, clientSecret }));
    const [row] = await treeView.topRows();
    await treeView.view.reveal(row ?? assert.fail('there is no row'), { select: true });
    assert.deepEqual(treeView.view.selection, [row]);
  });
});
