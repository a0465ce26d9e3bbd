import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { displayTextWithoutMarkup } from '../../src/ui/displayText';
import { documentUri, readDocumentUri } from '../../src/core/documentReference';
import type { TreeNode } from '../../src/tree/treeNode';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';

describe('an organization in the tree, despite bad input,', () => {
  let world: SandboxWorkbench;
  let organizationId: string;

  const tree = () => world.organizationsView.treeView;
  const branch = (label: string): Promise<TreeNode> => world.row(tree(), 'Looney Corp', label);
  const labels = async (label: string): Promise<string[]> => world.labels(tree(), await branch(label));

  before(async () => {
    world = await startSandboxWorkbench({ organizations: 3, users: 250, seed: 1 });
    organizationId = (await world.row(tree(), 'Looney Corp')).document?.path[1] ?? '';
  });

  beforeEach(async () => {
    world.sandbox.clearFaults();
    await tree().getChildren();
    await tree().refresh();
    world.sandbox.clearRequests();
  });

  after(() => world.end());

  it('says in a list which permission is missing, and shows the other lists', async () => {
    const { clientId, clientSecret } = world.sandbox.addClient({
      permissions: ['organizations_read', 'connections_read'],
    });
    const id = await world.add({ environmentUrl: world.sandbox.url, clientId, clientSecret });
    await world.store.setActive(id);
    try {
      const [refused, ...ways] = await labels('Users');
      assert.match(
        refused ?? '',
        /lacks the permission organizations_users_read\. Grant it in the Scalekit dashboard\./,
      );
      assert.deepEqual(ways, ['Test Connection', 'Try Again']);
      assert.match((await labels('SSO Connections')).join(), /Okta · SAML/);
    } finally {
      await world.store.setActive(world.environmentId);
    }
  });

  for (const [status, sentence] of [
    [404, /list not found \(HTTP 404\)\. Its parent may have been deleted, or this environment doesn’t offer it\./],
    [501, /Scalekit doesn’t offer this list here \(HTTP 501\)\./],
  ] as const) {
    it(`says that Scalekit doesn’t have a list (${status}), and shows the others`, async () => {
      world.sandbox.addFault({ path: '*/clients', status });
      const [row] = await labels('API Clients');
      assert.match(row ?? '', sentence);
      assert.ok((await labels('Users')).length > 100);
      world.sandbox.clearFaults();
      await tree().refresh();
      assert.doesNotMatch((await labels('API Clients')).join(), /HTTP/);
    });
  }

  it('keeps the rows of a list if its next page fails, and then continues', async () => {
    const users = await branch('Users');
    await world.labels(tree(), users);
    world.sandbox.addFault({ path: '*/users', status: 500, times: 1 });
    const more = async (): Promise<void> => tree().loadMore((await tree().getChildren(users)).at(-1));
    await more();
    const failed = await world.labels(tree(), users);
    assert.equal(failed.length, 101);
    assert.equal(failed.at(-1), 'Loading more failed. Try again');
    await more();
    assert.match((await world.labels(tree(), users)).at(-1) ?? '', /200.*250/);
  });

  it('says at the end of a list that it couldn’t be refreshed, and keeps its rows', async () => {
    const connections = await branch('SSO Connections');
    const before = await world.labels(tree(), connections);
    world.sandbox.addFault({ path: '*/connections', status: 403, times: 1 });
    await world.organizationsView.refresh(connections);
    const after = await world.labels(tree(), connections);
    assert.deepEqual(after.slice(0, -1), before);
    assert.match(after.at(-1) ?? '', /^Not refreshed: .*may not do that/);
    await world.organizationsView.refresh(connections);
    assert.deepEqual(await world.labels(tree(), connections), before);
  });

  it('is read once for ten clicks on Refresh', async () => {
    await Promise.all(Array.from({ length: 10 }, () => world.organizationsView.refresh(undefined)));
    assert.equal(world.sandbox.requests.length, 1);
  });

  it('shows nothing from another environment if you switch while a list loads', async () => {
    const other = await world.add({
      environmentUrl: world.sandbox.url,
      clientId: world.sandbox.clientId,
      clientSecret: world.sandbox.clientSecret,
    });
    const users = await branch('Users');
    world.sandbox.addFault({ path: '*/users', delayMs: 3_000, times: 1 });
    const reading = tree().getChildren(users);
    await delay(50);
    await world.store.setActive(other);
    let changes = 0;
    const listening = tree().onDidChangeTreeData(() => changes++);
    try {
      assert.deepEqual(
        (await reading).filter(({ kind }) => kind === 'user').map(({ id }) => id),
        [],
      );
      const rows = await tree().getChildren();
      assert.ok(
        rows.every(({ id }) => id.startsWith(`${other}/`)),
        rows.map(({ id }) => id).join(),
      );
      await delay(1_500);
      assert.ok((await tree().getChildren()).every(({ id }) => id.startsWith(`${other}/`)));
    } finally {
      listening.dispose();
      await world.store.setActive(world.environmentId);
    }
    assert.ok(changes <= 1, `the view was told ${changes} times of an environment that it no longer shows`);
  });

  it('keeps IDs with slashes and dots within their segment, in rows, requests and documents', async () => {
    for (const id of ['org_1/../org_2', '..', '../../oauth/token', 'a/b?c#d%2F']) {
      world.sandbox.clearFaults();
      world.sandbox.addFault({
        path: '/api/v1/organizations',
        respond: { body: { organizations: [{ id, display_name: 'Odd' }], total_size: 1 } },
      });
      await tree().refresh();
      const row = await world.row(tree(), 'Odd');
      assert.ok(row.document !== undefined);
      assert.deepEqual(readDocumentUri(documentUri(row.document))?.path, ['organizations', id]);
      world.sandbox.clearRequests();
      const users = await world.labels(tree(), await world.row(tree(), 'Odd', 'Users'));
      assert.ok(users.length > 0);
      if (id === '..') assert.match(users[0] ?? '', /: this ID can’t be used in a request URL\. Nothing was sent\.$/);
      const paths = world.sandbox.requests.map(({ path }) => path.split('?')[0] ?? '');
      assert.deepEqual(paths, id === '..' ? [] : [`/api/v1/organizations/${encodeURIComponent(id)}/users`]);
    }
  });

  for (const [what, name] of [
    ['200 characters', 'x'.repeat(200)],
    ['right-to-left letters', 'שלום עולם مرحبا'],
    ['a right-to-left override', 'Acme\u202egnp.exe'],
    ['emoji', '👩‍👩‍👧 Family ❤️ 🇩🇪'],
    ['control characters', 'A\u0000B\u001b[31mC\r\nD\u0085'],
    ['Markdown', '# H\n[x](command:workbench.action.quit) ![i](https://e.example/i.png) **b** <img src=x> `c`'],
    ['icon syntax', '$(trash) Delete $(sync~spin)'],
  ] as const) {
    it(`shows its name literally: ${what}`, async () => {
      const organization = { id: 'org_9', display_name: name, external_id: name, metadata: { key: name } };
      world.sandbox.addFault({
        path: '/api/v1/organizations',
        respond: { body: { organizations: [organization], total_size: 1 } },
      });
      world.sandbox.addFault({ path: '/api/v1/organizations/org_9', respond: { body: { organization } } });
      world.sandbox.addFault({
        path: '*/users',
        respond: { body: { users: [{ id: 'usr_1', email: name, user_profile: { name } }], total_size: 1 } },
      });
      world.sandbox.addFault({ path: '*/domains', respond: { body: { domains: [{ id: 'dom_1', domain: name }] } } });
      await tree().refresh();
      const [row] = await tree().getChildren();
      assert.ok(row !== undefined);
      const lists = (await tree().getChildren(row)).filter(({ id }) => /\/(users|domains)$/.test(id));
      const children = (await Promise.all(lists.map((list) => tree().getChildren(list)))).flat();
      assert.equal(children.length, 2);
      for (const node of [row, ...children]) {
        const item = await tree().resolveTreeItem(tree().getTreeItem(node), node);
        const spoken = item.accessibilityInformation?.label ?? '';
        for (const text of [String(item.label), String(item.description), spoken])
          assert.doesNotMatch(text, UNSEEN, JSON.stringify(text));
        assert.ok(spoken.includes(String(item.label)));
        // VS Code shows a label as plain text, so icon syntax is shown as it is.
        if (!UNSEEN.test(name)) assert.equal(item.label, name);
        const { tooltip } = item;
        assert.ok(
          tooltip instanceof vscode.MarkdownString &&
            tooltip.isTrusted !== true &&
            tooltip.supportHtml !== true &&
            tooltip.supportThemeIcons !== true,
        );
        assert.doesNotMatch(tooltip.value, UNSEEN_IN_HOVER);
        assert.doesNotMatch(tooltip.value, /(^|[^\\])(\[x\]|!\[i|`c`)/);
      }
      // Where VS Code renders icons in a text, as in the status bar, none of this text appears.
      assert.doesNotMatch(displayTextWithoutMarkup(name), /\$\(/);
      assert.doesNotMatch(displayTextWithoutMarkup(name), UNSEEN);
    });
  }

  it('is distinguished from others of the same name by its row’s ID', async () => {
    const organizations = [1, 2, 3].map((index) => ({ id: `org_${index}`, display_name: 'Twin' }));
    world.sandbox.addFault({ path: '/api/v1/organizations', respond: { body: { organizations, total_size: 3 } } });
    await tree().refresh();
    const rows = await tree().getChildren();
    assert.deepEqual(
      rows.map((row) => tree().getTreeItem(row).label),
      ['Twin', 'Twin', 'Twin'],
    );
    assert.equal(new Set(rows.map(({ id }) => id)).size, 3);
  });

  it('says that it was deleted when you open a list, and disappears with a refresh', async () => {
    const domains = await branch('Domains');
    await world.sdk.organization.deleteOrganization(organizationId);
    assert.match(
      (await world.labels(tree(), domains))[0] ?? '',
      /list not found \(HTTP 404\)\. Its parent may have been deleted/,
    );
    await tree().refresh();
    assert.ok(!(await world.labels(tree())).some((label) => label.startsWith('Looney Corp')));
  });
});

/** Characters that are invisible or change the writing direction. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/** The same without the line breaks of the hover itself. */
const UNSEEN_IN_HOVER = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
