import assert from 'node:assert/strict';
import { EnvironmentFailure } from '../../src/core/environmentFailure';
import { failureMessage } from '../../src/ui/failureMessage';
import type { ResourceAction } from '../../src/resources/commandIds';
import type { TreeNode } from '../../src/tree/treeNode';
import { more } from '../support/scriptedPrompts';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';

describe('an object in two windows,', () => {
  let here: SandboxWorkbench;
  let there: SandboxWorkbench;

  const rowIn = (window: SandboxWorkbench, ...labels: (string | RegExp)[]): Promise<TreeNode> =>
    window.row(window.organizationsView.treeView, ...labels);
  const labelsIn = async (window: SandboxWorkbench, ...labels: (string | RegExp)[]): Promise<string[]> =>
    window.labels(window.organizationsView.treeView, labels.length === 0 ? undefined : await rowIn(window, ...labels));
  const shows = async (window: SandboxWorkbench, organization: string): Promise<boolean> =>
    (await labelsIn(window)).some((label) => label.startsWith(organization));
  const idOf = ({ document }: TreeNode): string => document?.path.at(-1) ?? assert.fail('the row has no document');
  /** The error message that the user sees. */
  async function failureOf(task: Promise<void>): Promise<string> {
    const error = await task.then(
      () => assert.fail('it did not fail'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof EnvironmentFailure, String(error));
    return failureMessage(error).text;
  }

  beforeEach(async () => {
    here = await startSandboxWorkbench({ organizations: 3, seed: 1 });
    there = await startSandboxWorkbench(undefined, { beside: here });
  });

  afterEach(async () => {
    await there.end();
    await here.end();
  });

  const ACTIONS: readonly {
    readonly action: ResourceAction;
    readonly on: readonly (string | RegExp)[];
    readonly answers: (window: SandboxWorkbench) => unknown;
  }[] = [
    { action: 'scalekit.organization.disableSso', on: [], answers: () => undefined },
    { action: 'scalekit.organization.generatePortalLink', on: [], answers: () => undefined },
    { action: 'scalekit.connection.disable', on: ['SSO Connections', 'Okta · SAML'], answers: () => undefined },
    { action: 'scalekit.connection.openTestSignIn', on: ['SSO Connections', 'Okta · SAML'], answers: () => undefined },
    { action: 'scalekit.directory.disable', on: ['Directories', /./], answers: () => undefined },
    {
      action: 'scalekit.domain.add',
      on: ['Domains'],
      answers: ({ prompts }) => prompts.expectEntry({}, 'acme.test'),
    },
    { action: 'scalekit.user.invite', on: ['Users'], answers: () => undefined },
    { action: 'scalekit.user.changeRoles', on: ['Users', /./], answers: () => undefined },
    {
      action: 'scalekit.client.create',
      on: ['API Clients'],
      answers: ({ prompts }) => prompts.expectEntry({}, 'Deploy'),
    },
    { action: 'scalekit.client.addSecret', on: ['API Clients', /./], answers: () => undefined },
  ];
  for (const { action, on, answers } of ACTIONS) {
    it(`deleted here, makes ${action} there fail without a change, and removes its row`, async () => {
      const row = await rowIn(there, 'Looney Corp', ...on);
      here.prompts.expectConfirm({ message: 'Delete the organization Looney Corp?' }, true);
      await here.act('scalekit.organization.delete', await rowIn(here, 'Looney Corp'));
      assert.ok(await shows(there, 'Looney Corp'), 'it does not know yet');
      answers(there);
      const { host } = new URL(here.sandbox.url);
      assert.match(
        await failureOf(there.act(action, row)),
        new RegExp(`^${host}: this no longer exists in Scalekit\\. Refresh the view\\. Trace id: \\w+$`),
      );
      assert.ok(!(await shows(there, 'Looney Corp')));
      assert.equal((await labelsIn(there)).length, 2);
      assert.deepEqual(there.copied, []);
      assert.deepEqual(there.opened, []);
    });
  }

  it('deleted in both, is deleted once without an error', async () => {
    const row = await rowIn(there, 'Looney Corp');
    for (const window of [here, there]) window.prompts.expectConfirm({}, true);
    await here.act('scalekit.organization.delete', await rowIn(here, 'Looney Corp'));
    await there.act('scalekit.organization.delete', row);
    for (const window of [here, there]) assert.equal((await labelsIn(window)).length, 2);
    await assert.rejects(async () => here.sdk.organization.getOrganization(idOf(row)));
  });

  it('disabled in both, is shown as disabled; Undo in one window enables it, and the other shows that after a refresh', async () => {
    const okta = ['Looney Corp', 'SSO Connections', 'Okta · SAML'] as const;
    const state = async (window: SandboxWorkbench): Promise<string | undefined> =>
      window.organizationsView.treeView.getTreeItem(await rowIn(window, ...okta)).accessibilityInformation?.label;
    const row = await rowIn(there, ...okta);
    const enabled = async (): Promise<boolean | undefined> =>
      (await here.sdk.connection.getConnection(row.document?.path[1] ?? '', idOf(row))).connection?.enabled;
    await here.act('scalekit.connection.disable', await rowIn(here, ...okta));
    assert.match((await state(there)) ?? '', /, enabled\b/);
    await there.act('scalekit.connection.disable', row);
    for (const window of [here, there]) assert.match((await state(window)) ?? '', /, disabled\b/);
    assert.equal(await enabled(), false);
    await there.undo.run();
    assert.match((await state(there)) ?? '', /, enabled\b/);
    assert.equal(await enabled(), true);
    await here.organizationsView.refresh(await rowIn(here, 'Looney Corp', 'SSO Connections'));
    assert.match((await state(here)) ?? '', /, enabled\b/);
  });

  it('deleted there, makes Undo here end without a retry, and its row disappears', async () => {
    await here.act('scalekit.connection.disable', await rowIn(here, 'Looney Corp', 'SSO Connections', 'Okta · SAML'));
    there.prompts.expectConfirm({}, true);
    await there.act('scalekit.organization.delete', await rowIn(there, 'Looney Corp'));
    const before = here.sandbox.requests.length;
    await here.undo.run();
    assert.ok(here.sandbox.requests.length > before, 'it was tried');
    assert.ok(!(await shows(here, 'Looney Corp')));
    const after = here.sandbox.requests.length;
    await here.undo.run();
    assert.equal(here.sandbox.requests.length, after, 'it is offered no more');
  });

  it('created in both at once with one external ID, is created once, and the other window asks for another ID', async () => {
    const enter = ({ prompts }: SandboxWorkbench, name: string): unknown =>
      prompts.expectEntry({}, more(name)).expectInput({}, 'acme-1').expectInput({}, '');
    enter(here, 'Acme');
    enter(there, 'Acme Again');
    await here.act('scalekit.organization.create');
    there.prompts.expectInput({ problem: /^Another organization has this external ID/, value: 'acme-1' }, undefined);
    await there.act('scalekit.organization.create');
    assert.equal((await here.sdk.organization.getOrganizationByExternalId('acme-1')).organization?.displayName, 'Acme');
    assert.ok(await shows(there, 'Acme (acme-1)'), 'what the other has made is shown');
    assert.ok(!(await shows(there, 'Acme Again')));
  });
});
