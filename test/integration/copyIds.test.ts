import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  copyClientIds,
  copyEmails,
  copyEndpoints,
  copyExternalIds,
  copyIds,
  copyNames,
} from '../../src/resources/copyIds';
import type { TreeNode } from '../../src/tree/treeNode';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';

describe('Copy ID', () => {
  let world: SandboxWorkbench;

  before(async () => {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 });
  });

  after(() => world.end());

  async function copied(copying: () => Promise<void>): Promise<string> {
    await vscode.env.clipboard.writeText('what was there');
    await copying();
    return vscode.env.clipboard.readText();
  }
  const row = (...labels: (string | RegExp)[]): Promise<TreeNode> =>
    world.row(world.organizationsView.treeView, 'Looney Corp', ...labels);
  const configured = (...labels: (string | RegExp)[]): Promise<TreeNode> =>
    world.row(world.configurationView, ...labels);

  for (const [list, pattern] of [
    ['SSO Connections', /^conn_\d+$/],
    ['Directories', /^dir_\d+$/],
    ['Domains', /^dom_\d+$/],
    ['Users', /^usr_\d+$/],
    ['API Clients', /^m2morg_\d+$/],
    ['Sign-in Log', /^\S{5,}$/],
  ] as const) {
    it(`copies Scalekit’s own ID of a row in “${list}”`, async () => {
      const node = await row(list, /./);
      const id = await copied(() => copyIds(node, undefined));
      assert.match(id, pattern);
      assert.ok(node.id.endsWith(`/${id}`));
    });
  }

  it('works inside directories', async () => {
    for (const [list, pattern] of [
      ['Users', /^diruser_\d+$/],
      ['Groups', /^dirgroup_\d+$/],
    ] as const) {
      const node = await row('Directories', /./, list, /./);
      assert.match(await copied(() => copyIds(node, undefined)), pattern);
    }
  });

  it('is Copy Name for roles and permissions', async () => {
    const role = await configured('Roles', /^Admin$/);
    assert.equal(await copied(() => copyNames(role, undefined)), 'admin');
    const permission = await configured('Permissions', /./);
    assert.equal(await copied(() => copyNames(permission, undefined)), permission.id.split('/').at(-1));
  });

  it('is Copy Client ID for API clients', async () => {
    const client = await row('API Clients', /./);
    assert.match(await copied(() => copyClientIds(client, undefined)), /^m2morg_\d+$/);
  });

  it('stands beside Copy Email for users, users of a directory and sign-ins', async () => {
    for (const node of [
      await row('Users', /./),
      await row('Directories', /./, 'Users', /./),
      await row('Sign-in Log', /./),
    ]) {
      assert.match(node.item().contextValue ?? '', /\bhasEmail\b/);
      assert.match(await copied(() => copyEmails(node, undefined)), /^\S+@[\w.-]+$/);
    }
    const users = await world.organizationsView.treeView.getChildren(await row('Users'));
    const [first] = users;
    const emails = await copied(() => copyEmails(first, users));
    assert.equal(emails.split('\n').length, users.filter(({ kind }) => kind === 'user').length);
    const organization = await row();
    assert.equal(await copied(() => copyEmails(organization, undefined)), 'what was there');
  });

  it('stands beside Copy SCIM Endpoint for directories, with the endpoint that the SDK reads', async () => {
    const directory = await row('Directories', /./);
    const [, organizationId = '', , directoryId = ''] = directory.document?.path ?? [];
    const endpoint = (await world.sdk.directory.getDirectory(organizationId, directoryId)).directory?.directoryEndpoint;
    assert.match(endpoint ?? '', /^https?:\/\//);
    assert.match(directory.item().contextValue ?? '', /\bhasEndpoint\b/);
    assert.equal(await copied(() => copyEndpoints(directory, undefined)), endpoint);
  });

  it('copies the IDs of several rows, one per line, and skips rows without one', async () => {
    const organization = await row();
    const list = await row('Users');
    const user = await row('Users', /./);
    const selection = [organization, list, user];
    const ids = await copied(() => copyIds(user, selection));
    assert.match(ids, /^org_\d+\nusr_\d+$/);
    assert.match(
      await copied(() => copyIds(user, [organization])),
      /^usr_\d+$/,
      'a row outside the selection stands alone',
    );
  });

  it('leaves the clipboard unchanged for a list or for no row', async () => {
    const list = await row('Users');
    for (const argument of [list, undefined, null, 'org_1', {}, { organization: { id: 'org_1' } }]) {
      assert.equal(await copied(() => copyIds(argument, undefined)), 'what was there');
    }
  });

  it('has a counterpart for external IDs of organizations and users', async () => {
    const organizations = (await world.organizationsView.treeView.getChildren()).filter(
      ({ kind }) => kind === 'organization',
    );
    const [first] = organizations;
    assert.equal(await copied(() => copyExternalIds(first, undefined)), 'my_unique_id');
    const all = await copied(() => copyExternalIds(first, organizations));
    assert.deepEqual(
      all.split('\n').filter((line) => !/^(my_unique_id|crm-\d+)$/.test(line)),
      [],
    );
    const user = { user: { id: 'usr_1', externalId: 'crm-user-1' } };
    assert.equal(await copied(() => copyExternalIds(user, undefined)), 'crm-user-1');
  });
});
