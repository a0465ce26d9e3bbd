import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { CreatePermissionSchema, CreateRoleSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import * as vscode from 'vscode';
import { ListNode } from '../../src/tree/listNode';
import type { TreeNode } from '../../src/tree/treeNode';
import { startSandboxWorkbench, type SandboxWorkbench } from '../support/startSandboxWorkbench';
import { failsWith } from '../support/failsWith';
import { more, type ScriptedPrompts } from '../support/scriptedPrompts';
import { until } from '../support/until';

let world: SandboxWorkbench;

async function start(production = false): Promise<void> {
  world = await startSandboxWorkbench({ organizations: 2, seed: 1 }, { production });
}

const list = (label: 'Roles' | 'Permissions'): Promise<TreeNode> => world.row(world.configurationView, label);
const row = (label: 'Roles' | 'Permissions', name: string): Promise<TreeNode> =>
  world.row(world.configurationView, label, name);
const shown = async (label: 'Roles' | 'Permissions'): Promise<string[]> =>
  world.labels(world.configurationView, await list(label));
const selected = (): (string | undefined)[] =>
  world.configurationView.view.selection.map(({ document }) => document?.path.at(-1));
const roleBySdk = async (name: string) => (await world.sdk.role.getRole(name)).role ?? assert.fail('none');
const hasRole = async (name: string): Promise<boolean> =>
  (await world.sdk.role.listRoles()).roles.some((role) => role.name === name);
const permissionsBySdk = async (name: string): Promise<string[]> =>
  (await world.sdk.permission.listRolePermissions(name)).permissions.map((permission) => permission.name);
const makeRole = async (name: string, more: { extends?: string; permissions?: string[] } = {}): Promise<void> => {
  await world.sdk.role.createRole(create(CreateRoleSchema, { name, displayName: name, ...more }));
};
const makePermission = async (name: string): Promise<void> => {
  await world.sdk.permission.createPermission(create(CreatePermissionSchema, { name }));
};

describe('Create Role', () => {
  afterEach(() => world.end());

  /** The user's input to create the role `content_editor`. `last` is the input of the last step. */
  function answer(last: Parameters<ScriptedPrompts['expectPickMany']>[1] = ['projects:write', 'reports:export']): void {
    const title = `Create Role in ${world.environmentName}`;
    world.prompts.expectEntry(
      { title, value: '', description: 'Editor of content (editor_of_content)' },
      more('Editor of content'),
    );
    world.prompts.expectInput(
      { title, prompt: /can’t change it later/, step: { number: 2, of: 5 }, value: 'editor_of_content' },
      'content_editor',
    );
    world.prompts.expectInput({ title, step: { number: 3, of: 5 } }, 'Edits');
    world.prompts.expectPick({ title, placeholder: /does it extend/ }, { label: 'Viewer' });
    world.prompts.expectPickMany({ title, picked: [] }, last);
  }

  it('takes one step: its name in code is made from what you typed', async () => {
    await start();
    world.prompts.expectEntry(
      { labels: ['Create', 'More Options…'], description: 'Support Agent (support_agent)' },
      'Support Agent',
    );
    await world.act('scalekit.role.create', await list('Roles'));
    assert.deepEqual(world.writes(), [{ method: 'POST', path: '/api/v1/roles' }]);
    assert.equal((await roleBySdk('support_agent')).displayName, 'Support Agent');
    assert.deepEqual(await permissionsBySdk('support_agent'), []);
    assert.deepEqual(selected(), ['support_agent']);
  });

  it('takes a name in code too, and makes the display name from it', async () => {
    await start();
    world.prompts.expectEntry({ description: 'Content Editor (content_editor)' }, 'content_editor');
    await world.act('scalekit.role.create');
    assert.equal((await roleBySdk('content_editor')).displayName, 'Content Editor');
  });

  it('asks for the name in code, and nothing else, if it can’t be made from what you typed', async () => {
    await start();
    world.prompts.expectEntry({ description: undefined }, '編集者').expectInput({ value: '' }, 'editor');
    await world.act('scalekit.role.create');
    assert.equal((await roleBySdk('editor')).displayName, '編集者');
  });

  it('asks only for another name in code if that is taken', async () => {
    await start();
    await makeRole('support_agent');
    world.prompts
      .expectEntry({}, 'Support Agent')
      .expectInput({ value: 'support_agent', problem: /A role with this name already exists/ }, 'agent');
    await world.act('scalekit.role.create');
    assert.equal((await roleBySdk('agent')).displayName, 'Support Agent');
  });

  it('creates the role in one call, and selects its row', async () => {
    await start();
    await list('Roles');
    answer();
    await world.act('scalekit.role.create', await list('Roles'));
    assert.deepEqual(world.writes(), [{ method: 'POST', path: '/api/v1/roles' }]);
    const { displayName, description, extends: base } = await roleBySdk('content_editor');
    assert.deepEqual([displayName, description, base], ['Editor of content', 'Edits', 'viewer']);
    assert.deepEqual((await permissionsBySdk('content_editor')).sort(), ['projects:write', 'reports:export']);
    assert.ok((await shown('Roles')).includes('Editor of content (content_editor)'));
    assert.deepEqual(selected(), ['content_editor']);
  });

  it('keeps what you typed when you go back, and creates nothing if you cancel at any step', async () => {
    await start();
    world.prompts.expectEntry({}, undefined);
    await world.act('scalekit.role.create');
    world.prompts
      .expectEntry({}, more('A b'))
      .expectInput({ value: 'a_b' }, 'back!')
      .expectEntry({ value: 'A b' }, more('C d'))
      .expectInput({ value: 'c_d' }, undefined);
    await world.act('scalekit.role.create');
    world.prompts.expectEntry({}, more('A')).expectInput({}, 'a').expectInput({}, undefined);
    await world.act('scalekit.role.create');
    world.prompts
      .expectEntry({}, more('A'))
      .expectInput({}, 'a')
      .expectInput({}, 'd')
      .expectPick({}, 'back!')
      .expectInput({ value: 'd' }, 'd')
      .expectPick({}, undefined);
    await world.act('scalekit.role.create');
    answer(async () => undefined);
    await world.act('scalekit.role.create');
    assert.deepEqual(world.writes(), []);
  });

  it('rejects names that Scalekit doesn’t accept', async () => {
    await start();
    for (const name of ['', ' ', 'x'.repeat(101)]) world.prompts.expectEntry({}, name);
    world.prompts.expectEntry({}, more('X'.repeat(100)));
    for (const name of ['', ' ', 'content editor', 'content-editor', 'usr:read', 'é', 'x'.repeat(65)])
      world.prompts.expectInput({}, name);
    world.prompts
      .expectInput({ value: 'x'.repeat(64) }, 'x')
      .expectInput({}, 'x'.repeat(2001))
      .expectInput({}, undefined);
    await world.act('scalekit.role.create');
    assert.equal(world.prompts.problems.length, 11);
    assert.deepEqual(world.writes(), []);
  });

  it('asks for another name if it’s taken, and keeps the rest', async () => {
    await start();
    await makeRole('content_editor');
    answer();
    world.prompts.expectInput(
      { problem: 'A role with this name already exists. Enter another name.', value: 'content_editor' },
      'writer',
    );
    world.prompts
      .expectInput({ value: 'Edits' }, 'Edits')
      .expectPick({ labels: ['Viewer', 'None', 'Admin', 'Member', 'Billing', 'content_editor'] }, { label: 'None' });
    world.prompts.expectPickMany({ picked: ['reports:export', 'projects:write'] }, ['projects:write']);
    await world.act('scalekit.role.create');
    assert.equal(world.writes().length, 2);
    assert.deepEqual(await permissionsBySdk('writer'), ['projects:write']);
  });

  it('returns to the permissions if Scalekit refuses one, for example because it was deleted', async () => {
    await start();
    answer(async () => {
      await world.sdk.permission.deletePermission('projects:write');
      return ['projects:write', 'reports:export'];
    });
    world.prompts.expectPickMany(
      { placeholder: /Scalekit doesn’t accept this: .*projects:write doesn't exist/, picked: ['reports:export'] },
      ['reports:export'],
    );
    await world.act('scalekit.role.create');
    assert.deepEqual(await permissionsBySdk('content_editor'), ['reports:export']);
  });

  it('asks first in production, naming role, permissions and environment', async () => {
    await start(true);
    const title = new RegExp(`^Create Role in ${world.environmentName} \\(production\\)$`);
    for (const confirmed of [false, true]) {
      world.prompts
        .expectEntry({ title }, more('Live'))
        .expectInput({ value: 'live' }, 'live')
        .expectInput({}, '')
        .expectPick({ labels: ['None', 'Admin', 'Member', 'Viewer', 'Billing'] }, { label: 'None' })
        .expectPickMany({}, ['usr:read']);
      world.prompts.expectConfirm(
        { message: 'Create the role live?', detail: /^Permissions: usr:read\n\nEnvironment: .* \(production\)/ },
        confirmed,
      );
      await world.act('scalekit.role.create');
      assert.equal(world.writes().length, confirmed ? 1 : 0);
    }
    assert.equal(await hasRole('live'), true);
  });

  it('finds the new role after a lost response', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/roles', method: 'POST', halfBody: true });
    answer();
    await world.act('scalekit.role.create');
    assert.equal(world.writes().length, 1);
    assert.deepEqual(selected(), ['content_editor']);
  });

  it('doesn’t mistake an existing role for the new one after a lost response', async () => {
    await start();
    // The list is cached by now, without the role that's created elsewhere.
    await row('Roles', 'Admin');
    await makeRole('content_editor');
    world.sandbox.addFault({ path: '/api/v1/roles', method: 'POST', status: 503, times: 1 });
    answer();
    world.prompts.expectMessage({
      severity: 'warning',
      text: /it’s unclear whether this succeeded: Creating the role content_editor \(HTTP 503\)/,
    });
    await world.act('scalekit.role.create');
    assert.deepEqual(selected(), []);
    assert.equal((await roleBySdk('content_editor')).displayName, 'content_editor');
  });

  it('fails if the client can’t write', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/roles', method: 'POST', status: 403 });
    answer();
    await assert.rejects(world.act('scalekit.role.create'), failsWith('forbidden'));
    world.sandbox.clearFaults();
    assert.equal(await hasRole('content_editor'), false);
  });

  it('suggests a name again if you change the display name, unless you changed the name itself', async () => {
    await start();
    world.prompts
      .expectEntry({}, more('First Name'))
      .expectInput({ value: 'first_name' }, 'first_name')
      .expectInput({}, 'back!')
      .expectInput({ value: 'first_name' }, 'back!');
    world.prompts
      .expectEntry({ value: 'First Name' }, more('Second'))
      .expectInput({ value: 'second' }, 'own')
      .expectInput({}, 'back!')
      .expectInput({ value: 'own' }, 'back!')
      .expectEntry({ value: 'Second' }, more('Third'))
      .expectInput({ value: 'own' }, undefined);
    await world.act('scalekit.role.create');
  });

  it('keeps what you entered after a 429', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/roles', method: 'POST', status: 429, times: 1 });
    answer();
    world.prompts.expectPickMany({ placeholder: /too many requests/, picked: ['reports:export', 'projects:write'] }, [
      'projects:write',
      'reports:export',
    ]);
    await world.act('scalekit.role.create');
    assert.equal(await hasRole('content_editor'), true);
  });

  it('keeps what you entered even if the choices can’t be read again', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/roles', method: 'POST', status: 429, times: 1 });
    world.sandbox.addFault({ path: '/api/v1/roles', method: 'GET', status: 403, after: 1 });
    answer();
    world.prompts.expectPickMany({ picked: ['reports:export', 'projects:write'] }, undefined);
    await world.act('scalekit.role.create');
    assert.equal(world.writes().length, 1);
  });
});

describe('Create Permission', () => {
  afterEach(() => world.end());

  it('creates the permission in one call, and selects its row', async () => {
    await start();
    const title = `Create Permission in ${world.environmentName}`;
    world.prompts
      .expectEntry(
        { title, labels: ['Create', 'More Options…'], description: 'You can’t rename it later' },
        more('documents:read'),
      )
      .expectInput({ title, step: { number: 2, of: 2 } }, 'Reads documents');
    await world.act('scalekit.permission.create', await list('Permissions'));
    assert.deepEqual(world.writes(), [{ method: 'POST', path: '/api/v1/permissions' }]);
    assert.equal(
      (await world.sdk.permission.getPermission('documents:read')).permission?.description,
      'Reads documents',
    );
    assert.deepEqual(selected(), ['documents:read']);
  });

  it('reads pages until it finds the new row', async () => {
    await start();
    for (let index = 0; index < 110; index++) await makePermission(`many:${index}`);
    world.prompts.expectEntry({}, 'last:one');
    await world.act('scalekit.permission.create');
    assert.deepEqual(selected(), ['last:one']);
  });

  it('ends if you switch environments while it looks for the row', async () => {
    await start();
    for (let index = 0; index < 110; index++) await makePermission(`many:${index}`);
    const other = await world.add({
      environmentUrl: 'https://other.scalekit.dev',
      clientId: 'skc_1',
      clientSecret: 'test_1',
    });
    world.sandbox.clearRequests();
    world.sandbox.addFault({ method: 'GET', path: '/api/v1/permissions', after: 1, delayMs: 3_000 });
    world.prompts.expectEntry({}, 'last:one');
    const done = world.act('scalekit.permission.create');
    await until('the first page', () =>
      world.sandbox.requests.some(({ method, path }) => method === 'GET' && path.startsWith('/api/v1/permissions')),
    );
    await world.store.setActive(other);
    await done;
    assert.equal((await world.sdk.permission.getPermission('last:one')).permission?.name, 'last:one');
    assert.deepEqual(selected(), []);
    assert.ok((await world.configurationView.getChildren()).every(({ id }) => id.startsWith(`${other}/`)));
  });

  it('rejects names that Scalekit doesn’t accept, and asks for another one if it’s taken', async () => {
    await start();
    for (const name of ['', 'documents read', 'documents.read', 'x'.repeat(65)]) world.prompts.expectEntry({}, name);
    world.prompts.expectEntry({}, more('usr:read')).expectInput({}, 'd');
    world.prompts
      .expectEntry(
        { problem: 'A permission with this name already exists. Enter another name.', value: 'usr:read' },
        more('usr:see'),
      )
      .expectInput({ value: 'd' }, 'd');
    await world.act('scalekit.permission.create');
    assert.equal(world.prompts.problems.length, 4);
    assert.equal((await world.sdk.permission.getPermission('usr:see')).permission?.description, 'd');
  });

  it('doesn’t mistake an existing permission for the new one after a lost response', async () => {
    await start();
    world.prompts.expectEntry({}, 'documents:read');
    await world.act('scalekit.permission.create');
    for (const name of ['documents:read', 'usr:read']) {
      world.sandbox.addFault({ path: '/api/v1/permissions', method: 'POST', status: 503, times: 1 });
      world.prompts.expectEntry({}, name).expectMessage({
        severity: 'warning',
        text: new RegExp(`it’s unclear whether this succeeded: Creating the permission ${name} `),
      });
      await world.act('scalekit.permission.create');
    }
  });

  it('finds the new permission after a lost response', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/permissions', method: 'POST', halfBody: true });
    world.prompts.expectEntry({}, 'documents:read');
    await world.act('scalekit.permission.create');
    assert.equal(world.writes().length, 1);
    assert.deepEqual(selected(), ['documents:read']);
  });

  it('keeps what you entered after a 429', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/permissions', method: 'POST', status: 429, times: 1 });
    world.prompts
      .expectEntry({}, more('documents:read'))
      .expectInput({}, 'Reads')
      .expectInput({ value: 'Reads', problem: /too many requests/ }, 'Reads');
    await world.act('scalekit.permission.create');
    assert.equal((await world.sdk.permission.getPermission('documents:read')).permission?.description, 'Reads');
  });

  it('creates nothing if you cancel', async () => {
    await start();
    world.prompts.expectEntry({}, undefined);
    await world.act('scalekit.permission.create');
    world.prompts
      .expectEntry({}, more('a:b'))
      .expectInput({}, 'back!')
      .expectEntry({ value: 'a:b' }, more('a:b'))
      .expectInput({}, undefined);
    await world.act('scalekit.permission.create');
    assert.deepEqual(world.writes(), []);
  });
});

describe('Delete Role', () => {
  afterEach(() => world.end());

  it('asks once about an unused role, and deletes it', async () => {
    await start();
    await makeRole('temp');
    const question = {
      message: 'Delete the role temp?',
      detail: /^No user has it, and no role extends it\. You can’t undo this\.\n\nEnvironment: /,
      action: 'Delete',
    };
    world.prompts.expectConfirm(question, false);
    await world.act('scalekit.role.delete', await row('Roles', 'temp'));
    assert.deepEqual(world.writes(), []);
    world.prompts.expectConfirm(question, true);
    await world.act('scalekit.role.delete', await row('Roles', 'temp'));
    assert.deepEqual(world.writes(), [{ method: 'DELETE', path: '/api/v1/roles/temp' }]);
    assert.equal(await hasRole('temp'), false);
    assert.ok(!(await shown('Roles')).some((label) => label.includes('temp')));
    assert.deepEqual(world.documents, [`deleted /${world.environmentId}/roles/temp.json`]);
  });

  for (const [what, fault] of [
    ['a list', { respond: { body: [] } }],
    ['a string', { respond: { body: 'x' } }],
    ['nothing', { respond: { body: {} } }],
    ['a count that isn’t a number', { respond: { body: { count: 'many' } } }],
    ['a 501', { status: 501 }],
    ['a 403', { status: 403 }],
  ] as const) {
    it(`says that the number of users is unknown if the server returns ${what}`, async () => {
      await start();
      await makeRole('temp');
      world.sandbox.addFault({ path: '/api/v1/roles/temp/users:count', ...fault });
      world.prompts.expectConfirm(
        { detail: /^The number of its users couldn’t be read\. No role extends it\. You can’t undo this\./ },
        true,
      );
      await world.act('scalekit.role.delete', await row('Roles', 'temp'));
      assert.equal(await hasRole('temp'), false);
    });
  }

  it('asks for a replacement if users couldn’t be counted but other roles extend it', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/roles/viewer/users:count', respond: { body: {} } });
    const { dependentRolesCount } = await roleBySdk('viewer');
    assert.ok(Number(dependentRolesCount) > 0);
    world.prompts.expectPick(
      { placeholder: /^viewer is in use: the number of its users couldn’t be read, \d+ roles? extends? it\./ },
      undefined,
    );
    await world.act('scalekit.role.delete', await row('Roles', 'Viewer'));
    assert.deepEqual(world.writes(), []);
  });

  it('asks for a replacement of a role that’s in use', async () => {
    await start();
    const users = Number((await world.sdk.role.getRoleUsersCount('member')).count);
    assert.ok(users > 0, 'somebody has it');
    world.prompts.expectPick(
      {
        title: `Which role replaces member? (${world.environmentName})`,
        placeholder: new RegExp(`^member is in use: ${users} users? ha.* it, 2 roles extend it\\.`),
        labels: ['Viewer', 'Billing'],
      },
      { label: 'Viewer' },
    );
    world.prompts.expectConfirm(
      {
        detail: /users? gets? the role viewer\. Roles that extend it will extend viewer\. It’s the default for members/,
      },
      true,
    );
    await world.act('scalekit.role.delete', await row('Roles', 'Member'));
    assert.equal(world.writes().length, 1);
    assert.equal(await hasRole('member'), false);
    assert.equal((await roleBySdk('admin')).extends, 'viewer');
    assert.ok(Number((await world.sdk.role.getRoleUsersCount('viewer')).count) >= users);
    assert.deepEqual(world.documents, [
      `deleted /${world.environmentId}/roles/member.json`,
      ...['admin', 'cartoonist'].map((name) => `refresh /${world.environmentId}/roles/${name}.json`),
    ]);
  });

  it('removes the role from the lists of users that are open, and from those that you open later', async () => {
    await start();
    const { treeView } = world.organizationsView;
    const [open, closed] = await Promise.all(
      (await treeView.getChildren())
        .filter(({ kind }) => kind === 'organization')
        .map(async (organization) =>
          (await treeView.getChildren(organization)).find(({ id }) => id.endsWith('/users')),
        ),
    );
    assert.ok(open instanceof ListNode && closed instanceof ListNode);
    const roles = ({ state }: ListNode): string => JSON.stringify(state.items);
    for (const list of [open, closed]) await list.children();
    await treeView.view.reveal(open, { expand: true });
    assert.match(roles(open), /"member"/);
    world.prompts.expectPick({}, { label: 'Viewer' }).expectConfirm({}, true);
    await world.act('scalekit.role.delete', await row('Roles', 'Member'));
    assert.match(roles(open), /"viewer"/);
    assert.doesNotMatch(roles(open), /"member"/);
    await closed.children();
    assert.doesNotMatch(roles(closed), /"member"/);
  });

  it('says that no role can replace it if all others extend it', async () => {
    await start();
    for (const name of ['billing', 'admin']) await world.sdk.role.deleteRole(name, 'viewer');
    await world.sdk.role.deleteRole('member', 'viewer');
    await makeRole('child', { extends: 'viewer' });
    world.prompts.expectMessage({
      severity: 'warning',
      text: /The role viewer is in use, and no role can replace it/,
    });
    await world.act('scalekit.role.delete', await row('Roles', 'Viewer'));
    assert.deepEqual(world.writes().length, 0);
  });

  it('does nothing if you pick no replacement', async () => {
    await start();
    world.prompts.expectPick({}, undefined);
    await world.act('scalekit.role.delete', await row('Roles', 'Member'));
    assert.deepEqual(world.writes(), []);
  });

  it('asks for a replacement if the role came into use meanwhile', async () => {
    await start();
    await makeRole('temp');
    const target = await row('Roles', 'temp');
    world.prompts.confirm = async () => {
      await makeRole('child', { extends: 'temp' });
      delete (world.prompts as { confirm?: unknown }).confirm;
      return true;
    };
    world.prompts.expectPick({ placeholder: /other roles extend temp/ }, { label: 'Viewer' }).expectConfirm({}, true);
    await world.act('scalekit.role.delete', target);
    assert.equal(await hasRole('temp'), false);
    assert.equal((await roleBySdk('child')).extends, 'viewer');
  });

  it('asks for the role’s name in production', async () => {
    await start(true);
    await makeRole('temp');
    const box = {
      title: `Delete the role temp? (${world.environmentName}, production)`,
      prompt: /To confirm, type: temp$/,
    };
    world.prompts.expectInput(box, undefined);
    await world.act('scalekit.role.delete', await row('Roles', 'temp'));
    assert.deepEqual(world.writes(), []);
    world.prompts.expectInput(box, 'tem').expectInput(box, 'temp');
    await world.act('scalekit.role.delete', await row('Roles', 'temp'));
    assert.equal(await hasRole('temp'), false);
    assert.equal(world.writes().length, 1);
  });

  it('asks nothing about a role deleted elsewhere, and removes its row', async () => {
    await start();
    await makeRole('temp');
    const target = await row('Roles', 'temp');
    await world.sdk.role.deleteRole('temp');
    await world.act('scalekit.role.delete', target);
    assert.ok(!(await shown('Roles')).some((label) => label.includes('temp')));
    assert.deepEqual(world.writes(), []);
  });

  it('deletes the role once for two clicks', async () => {
    await start();
    await makeRole('temp');
    const target = await row('Roles', 'temp');
    world.prompts.expectConfirm({}, true);
    await Promise.all([world.act('scalekit.role.delete', target), world.act('scalekit.role.delete', target)]);
    assert.equal(world.writes().length, 1);
  });

  it('isn’t offered for an organization’s role, and works only on rows that a view has shown', async () => {
    await start();
    const own = await row('Roles', 'Cartoonist');
    assert.match(own.item().contextValue ?? '', /^role ofOrganization\b/);
    const { kind, id, document, ...rest } = await row('Roles', 'Admin');
    for (const argument of [own, { kind, id, document, ...rest }, undefined, 7, 'role', {}]) {
      for (const action of [
        'scalekit.role.delete',
        'scalekit.role.setDefaultForMembers',
        'scalekit.permission.delete',
      ] as const)
        await world.act(action, argument as TreeNode);
    }
    assert.deepEqual(world.writes(), []);
  });
});

describe('Delete Permission', () => {
  afterEach(() => world.end());

  it('says which roles lose it, and deletes it', async () => {
    await start();
    world.prompts.expectConfirm(
      { message: 'Delete the permission usr:read?', detail: /^These roles lose it: viewer\. You can’t undo this\./ },
      true,
    );
    await world.act('scalekit.permission.delete', await row('Permissions', 'usr:read'));
    assert.deepEqual(world.writes(), [{ method: 'DELETE', path: '/api/v1/permissions/usr%3Aread' }]);
    assert.ok(!(await permissionsBySdk('viewer')).includes('usr:read'));
    assert.ok(!(await shown('Permissions')).some((label) => label.startsWith('usr:read')));
    assert.deepEqual(world.documents, [
      `deleted /${world.environmentId}/permissions/usr:read.json`,
      `refresh /${world.environmentId}/roles/viewer.json`,
    ]);
  });

  it('succeeds if it was already deleted, and removes its row', async () => {
    await start();
    const target = await row('Permissions', 'usr:write');
    world.prompts.expectConfirm({}, true);
    await world.sdk.permission.deletePermission('usr:write');
    await world.act('scalekit.permission.delete', target);
    assert.ok(!(await shown('Permissions')).some((label) => label.startsWith('usr:write')));
  });

  it('asks for its name in production, and sends nothing if you cancel', async () => {
    await start(true);
    world.prompts.expectInput({ prompt: /^These roles lose it: admin\..* type: usr:write$/ }, undefined);
    await world.act('scalekit.permission.delete', await row('Permissions', 'usr:write'));
    assert.deepEqual(world.writes(), []);
  });

  it('does nothing for one of Scalekit’s own', async () => {
    await start();
    await world.act('scalekit.permission.delete', await row('Permissions', 'sk_users_read'));
    assert.deepEqual(world.writes(), []);
  });
});

describe('Set as Default', () => {
  afterEach(() => world.end());

  const defaults = async (): Promise<(string | undefined)[]> => {
    const { roles } = await world.sdk.role.listRoles();
    return [roles.find((role) => role.defaultCreator)?.name, roles.find((role) => role.defaultMember)?.name];
  };

  it('sets one default and leaves the other, and Undo restores the previous one', async () => {
    await start();
    assert.deepEqual(await defaults(), ['admin', 'member']);
    await world.act('scalekit.role.setDefaultForMembers', await row('Roles', 'Viewer'));
    assert.deepEqual(world.writes(), [{ method: 'PATCH', path: '/api/v1/roles:set_defaults' }]);
    assert.deepEqual(await defaults(), ['admin', 'viewer']);
    assert.ok((await shown('Roles')).includes('Viewer (default for members · viewer)'));
    assert.deepEqual(
      world.documents,
      ['viewer', 'member'].map((name) => `refresh /${world.environmentId}/roles/${name}.json`),
    );
    await world.undo.run();
    assert.deepEqual(await defaults(), ['admin', 'member']);
    assert.equal(world.writes().length, 2);
    await world.act('scalekit.role.setDefaultForCreators', await row('Roles', 'Billing'));
    assert.deepEqual(await defaults(), ['billing', 'member']);
  });

  it('asks first in production, and names the current default', async () => {
    await start(true);
    world.prompts.expectConfirm(
      {
        message: 'Make viewer the default role of users who join an organization?',
        detail: /^Now it is member\. Users who have already joined one keep their role\./,
      },
      false,
    );
    await world.act('scalekit.role.setDefaultForMembers', await row('Roles', 'Viewer'));
    assert.deepEqual(world.writes(), []);
  });

  it('checks the state after a lost response', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/roles:set_defaults', halfBody: true });
    await world.act('scalekit.role.setDefaultForMembers', await row('Roles', 'Viewer'));
    assert.deepEqual(await defaults(), ['admin', 'viewer']);
    assert.equal(world.writes().length, 1);
  });
});

describe('Copy All Names', () => {
  afterEach(() => world.end());

  it('copies the names on all pages as a union type', async () => {
    await start();
    for (let index = 0; index < 110; index++) await makePermission(`many:${index}`);
    world.prompts.expectPick(
      {
        title: `Copy All Permission Names in ${world.environmentName}`,
        labels: ['TypeScript union type', 'Constants', 'One name per line'],
      },
      { label: 'TypeScript union type' },
    );
    await world.act('scalekit.permission.copyNames', await list('Permissions'));
    const text = await vscode.env.clipboard.readText();
    assert.ok(text.startsWith('export type Permission =\n'), text);
    const names = [...text.matchAll(/^ {2}\| '(.+)';?$/gm)].map(([, name]) => name);
    const { totalSize } = await world.sdk.permission.listPermissions();
    assert.equal(names.length, totalSize);
    assert.ok(names.includes('usr:read') && names.includes('many:109'));
  });

  it('copies constants, and names only', async () => {
    await start();
    world.prompts.expectPick({}, { label: 'Constants' });
    await world.act('scalekit.role.copyNames');
    assert.match(
      await vscode.env.clipboard.readText(),
      /^export const Role = \{\n {2}ADMIN: 'admin',\n {2}MEMBER: 'member',/,
    );
    world.prompts.expectPick({}, { label: 'One name per line' });
    await world.act('scalekit.role.copyNames');
    assert.equal(await vscode.env.clipboard.readText(), 'admin\nmember\nviewer\nbilling\ncartoonist');
  });

  it('copies nothing if you cancel', async () => {
    await start();
    await vscode.env.clipboard.writeText('before');
    world.prompts.expectPick({}, undefined);
    await world.act('scalekit.role.copyNames');
    assert.equal(await vscode.env.clipboard.readText(), 'before');
  });
});

describe('a list in the Configuration view', () => {
  afterEach(() => world.end());

  it('keeps the keyboard focus when you load more', async () => {
    await start();
    for (let index = 0; index < 110; index++) await makePermission(`many:${index}`);
    const permissions = await list('Permissions');
    await world.configurationView.view.reveal(permissions, { expand: true, focus: true });
    const more = (await world.configurationView.getChildren(permissions)).at(-1);
    world.configurationView.getTreeItem(more ?? assert.fail('there is no row'));
    await world.act('scalekit.list.loadMore', more);
    const rows = await world.configurationView.getChildren(permissions);
    assert.ok(rows.length > 101);
    assert.deepEqual(
      world.configurationView.view.selection.map(({ id }) => id),
      [rows[100]?.id],
    );
  });

  it('is read again with Try Again after a failure', async () => {
    await start();
    world.sandbox.addFault({ path: '/api/v1/roles', status: 500, times: 1 });
    assert.ok((await shown('Roles')).includes('Try Again'));
    const { action } = await row('Roles', 'Try Again');
    const { configurationView } = world;
    const refresh = configurationView.refresh.bind(configurationView);
    const refreshed: unknown[] = [];
    configurationView.refresh = (argument) => {
      refreshed.push(argument);
      return refresh(argument);
    };
    await world.act('scalekit.list.refresh', action?.argument);
    assert.deepEqual(refreshed, [await list('Roles')], 'progress is shown in its own view');
    assert.ok((await shown('Roles')).some((label) => label.startsWith('Viewer')));
  });
});
