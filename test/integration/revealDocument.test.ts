import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { documentUri } from '../../src/core/documentReference';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import type { TreeNode } from '../../src/tree/treeNode';
import type { ListTreeView } from '../../src/tree/treeView';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';

describe('Reveal in View', () => {
  let world: SandboxWorkbench;
  let revealed: string[];

  before(async () => {
    world = await startSandboxWorkbench({ organizations: 3, seed: 1 });
    revealed = [];
    // The window's views belong to the extension itself, so only what is revealed in them is recorded.
    for (const [name, view] of [
      ['organizations', world.organizationsView.treeView],
      ['configuration', world.configurationView],
    ] as readonly [string, ListTreeView][])
      Object.assign(view, { reveal: async ({ id }: TreeNode) => void revealed.push(`${name}: ${id}`) });
  });
  after(() => world.end());
  beforeEach(() => revealed.splice(0));

  const row = (...labels: (string | RegExp)[]): Promise<TreeNode> =>
    world.row(world.organizationsView.treeView, 'Looney Corp', ...labels);
  const reveal = (node: TreeNode): Promise<void> =>
    world.act('scalekit.document.reveal', documentUri(node.document ?? assert.fail('it has no document')));

  for (const labels of [
    [],
    ['SSO Connections', /./],
    ['Users', /./],
    ['Sign-in Log', /./],
    ['Directories', /./, 'Users', /./],
  ] as (string | RegExp)[][]) {
    it(`selects the row of ${['Looney Corp', ...labels].join(' › ')}`, async () => {
      const node = await row(...labels);
      await reveal(node);
      assert.deepEqual(revealed, [`organizations: ${node.id}`]);
    });
  }

  it('selects a role in the Configuration view', async () => {
    const node = await world.row(world.configurationView, 'Roles', 'Admin');
    await reveal(node);
    assert.deepEqual(revealed, [`configuration: ${node.id}`]);
  });

  it('stops at the nearest row if the view doesn’t have the document itself', async () => {
    const organization = await row();
    const { environmentId = '', path = [] } = organization.document ?? {};
    await world.act('scalekit.document.reveal', documentUri({ environmentId, path: [...path, 'users', 'usr_404'] }));
    assert.deepEqual(revealed, [`organizations: ${organization.id}`]);
  });

  it('says that the environment was removed', async () => {
    await assert.rejects(
      world.act('scalekit.document.reveal', vscode.Uri.parse('scalekit:/gone/organizations/org_1.json')),
      (error) => error instanceof EnvironmentFailure && error.failure === 'gone',
    );
  });

  it('offers to switch if the views show another environment, and does nothing if you don’t', async () => {
    const node = await row();
    const other = await world.add({
      environmentUrl: 'https://other.example',
      clientId: 'skc_1',
      clientSecret: 'test_secretsecretsecret',
    });
    await world.store.setActive(other);
    world.prompts.expectMessage({ severity: 'information', buttons: ['Switch Environment'] }, undefined);
    await reveal(node);
    assert.deepEqual(revealed, []);
  });
});
