import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { copyExternalIds, copyIds, copyNames } from '../../src/resources/copyIds';
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
      ['Directory Users', /^diruser_\d+$/],
      ['Directory Groups', /^dirgroup_\d+$/],
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
