import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { CreatePermissionSchema, CreateRoleSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import * as vscode from 'vscode';
import { documentUri } from '../../src/core/documentReference';
import { startDocumentWorkbench, type DocumentWorkbench } from '../support/startDocumentWorkbench';
import { isFileError } from '../support/isFileError';
import { startOwnSandbox, type OwnSandbox } from '../support/ownSandbox';
import { typeInto } from '../support/typeInto';
import { until } from '../support/until';

const isRefused = (text: RegExp): ((error: unknown) => boolean) => isFileError('Unavailable', text);

describe('saving a role or permission document', () => {
  let world: DocumentWorkbench;

  const roleBySdk = async (name = 'editor') => (await world.sdk.role.getRole(name)).role ?? assert.fail('none');
  const permissionsBySdk = async (name = 'editor'): Promise<string[]> =>
    (await world.sdk.permission.listRolePermissions(name)).permissions.map((permission) => permission.name);
  const at = (path: string[], environmentId = world.development): vscode.Uri => documentUri({ environmentId, path });
  const role = (environmentId?: string): vscode.Uri => at(['roles', 'editor'], environmentId);
  const permission = (): vscode.Uri => at(['permissions', 'posts:read']);
  const open = (uri: vscode.Uri): Promise<Record<string, unknown>> => world.open(uri);
  const save = (uri: vscode.Uri, json: unknown): Promise<void> => world.save(uri, json);

  beforeEach(async () => {
    world = await startDocumentWorkbench({ organizations: 1 });
    const { permission: permissions, role: roles } = world.sdk;
    for (const name of ['posts:read', 'posts:write'])
      await permissions.createPermission(create(CreatePermissionSchema, { name, description: 'Of posts' }));
    const editor = {
      name: 'editor',
      displayName: 'Editor',
      description: 'Edits',
      extends: 'viewer',
      permissions: ['posts:read', 'posts:write'],
    };
    await roles.createRole(create(CreateRoleSchema, editor));
  });
  afterEach(() => world.end());

  it('shows a role with the names of its own permissions', async () => {
    const shown = await open(role());
    assert.deepEqual(shown['permissions'], ['posts:read', 'posts:write']);
    assert.equal(shown['extends'], 'viewer');
  });

  it('sends only a role’s changes, and notifies listeners', async () => {
    await save(role(), { ...(await open(role())), display_name: 'Writer' });
    assert.deepEqual(world.writes(), [['PUT roles/editor', { display_name: 'Writer' }]]);
    const { displayName, description, extends: base } = await roleBySdk();
    assert.deepEqual([displayName, description, base], ['Writer', 'Edits', 'viewer']);
    assert.deepEqual(await permissionsBySdk(), ['posts:read', 'posts:write']);
    assert.deepEqual(world.written, ['roles/editor']);
    assert.equal((await open(role()))['display_name'], 'Writer');
  });

  it('adds and removes permissions together with other changes in one call', async () => {
    await save(role(), {
      ...(await open(role())),
      description: 'Looks',
      extends: 'member',
      permissions: ['posts:read', 'billing:read'],
    });
    assert.deepEqual(world.writes(), [
      ['PUT roles/editor', { description: 'Looks', extends: 'member', permissions: ['posts:read', 'billing:read'] }],
    ]);
    assert.deepEqual((await permissionsBySdk()).sort(), ['billing:read', 'posts:read']);
    const { description, extends: base } = await roleBySdk();
    assert.deepEqual([description, base], ['Looks', 'member']);
  });

  it('removes the last permissions and the base role with their own calls', async () => {
    await save(role(), { ...(await open(role())), extends: undefined, permissions: [] });
    assert.deepEqual(world.writes(), [
      ['DELETE roles/editor/base'],
      ['DELETE roles/editor/permissions/posts%3Aread'],
      ['DELETE roles/editor/permissions/posts%3Awrite'],
    ]);
    assert.deepEqual(await permissionsBySdk(), []);
    assert.equal((await roleBySdk()).extends, undefined);
  });

  it('succeeds if a permission to remove is already gone', async () => {
    const shown = await open(role());
    world.sandbox.addFault({ path: '/api/v1/roles/editor/permissions/*', method: 'DELETE', status: 404, times: 1 });
    world.prompts.expectMessage({ severity: 'warning', text: /left permissions unchanged/ });
    await save(role(), { ...shown, permissions: [] });
    assert.deepEqual(await permissionsBySdk(), ['posts:read']);
  });

  it('says that only part of it was saved', async () => {
    const shown = await open(role());
    world.sandbox.addFault({ path: '/api/v1/roles/editor/base', method: 'DELETE', status: 403 });
    await assert.rejects(
      save(role(), { ...shown, display_name: 'Writer', extends: undefined }),
      isRefused(/^Partly saved\. Not saved, or not completely: extends\. .*may not do that/),
    );
    const { displayName, extends: base } = await roleBySdk();
    assert.deepEqual([displayName, base], ['Writer', 'viewer']);
    assert.deepEqual(world.written, ['roles/editor']);
  });

  it('clears and changes a permission’s description, and sends its name along', async () => {
    await save(permission(), { ...(await open(permission())), description: 'Reads posts' });
    await save(permission(), { ...(await open(permission())), description: undefined });
    assert.deepEqual(world.writes(), [
      ['PUT permissions/posts%3Aread', { name: 'posts:read', description: 'Reads posts' }],
      ['PUT permissions/posts%3Aread', { name: 'posts:read', description: '' }],
    ]);
    assert.equal((await world.sdk.permission.getPermission('posts:read')).permission?.description, '');
    assert.deepEqual(world.written, ['permissions/posts:read', 'permissions/posts:read']);
  });

  it('refuses invalid text with a message, and sends nothing', async () => {
    const shown = await open(role());
    const cases: [object, RegExp][] = [
      [{ display_name: '' }, /the role must have a “display_name”/],
      [{ description: '' }, /you can change “description” in Scalekit, but not clear it/],
      [{ name: 'writer' }, /you can’t change “name”/],
      [{ default_member: true }, /you can’t change “default_member”/],
      [{ permissions: [{ name: 'posts:read' }] }, /“permissions” must be a list of names/],
      [{ metadata: {} }, /this role has no field “metadata”/],
    ];
    for (const [change, message] of cases)
      await assert.rejects(save(role(), { ...shown, ...change }), isRefused(message));
    await assert.rejects(
      save(permission(), { ...(await open(permission())), name: 'posts:see' }),
      isRefused(/you can’t change “name”/),
    );
    assert.deepEqual(world.writes(), []);
    assert.deepEqual(world.written, []);
  });

  it('says what Scalekit refuses', async () => {
    const shown = await open(role());
    await assert.rejects(save(role(), { ...shown, permissions: ['no:such'] }), isRefused(/no:such doesn't exist/));
    await assert.rejects(save(role(), { ...shown, permissions: ['not a name'] }), isRefused(/permissions/));
    await assert.rejects(save(role(), { ...shown, extends: 'nobody' }), isRefused(/nobody doesn't exist/));
    await assert.rejects(save(role(), { ...shown, extends: 'editor' }), isRefused(/extend itself/));
    assert.deepEqual(await permissionsBySdk(), ['posts:read', 'posts:write']);
  });

  it('is refused if someone else changed it without VS Code noticing', async () => {
    const shown = await open(role());
    await world.sdk.permission.removePermissionFromRole('editor', 'posts:write');
    await assert.rejects(
      save(role(), { ...shown, display_name: 'Mine' }),
      isRefused(/the role changed in Scalekit in the meantime/),
    );
    assert.deepEqual(world.writes(), []);
  });

  it('says that it was deleted', async () => {
    const [shownRole, shownPermission] = [await open(role()), await open(permission())];
    await world.sdk.role.deleteRole('editor');
    await world.sdk.permission.deletePermission('posts:read');
    await assert.rejects(
      save(role(), { ...shownRole, display_name: 'Mine' }),
      isRefused(/no longer has the role “editor”\. It was deleted there/),
    );
    await assert.rejects(
      save(permission(), { ...shownPermission, description: 'Mine' }),
      isRefused(/no longer has the permission “posts:read”\. It was deleted there/),
    );
    assert.deepEqual(world.writes(), []);
  });

  it('succeeds after a lost response if the change is there', async () => {
    const shown = await open(role());
    world.sandbox.addFault({ path: '/api/v1/roles/editor', method: 'PUT', halfBody: true });
    await save(role(), { ...shown, permissions: ['posts:read'] });
    assert.equal(world.writes().length, 1);
    assert.deepEqual(await permissionsBySdk(), ['posts:read']);
  });

  it('asks first in production, naming role, environment, fields, and added and removed permissions', async () => {
    const uri = role(world.production);
    const shown = await open(uri);
    const name = world.environments.get(world.production)?.name ?? '';
    const edited = { ...shown, display_name: 'Live', permissions: ['posts:read', 'billing:read'] };
    const question = {
      message: `Save the role “Editor” in the production environment ${name}?`,
      detail: 'editor\nChanged: display_name, permissions (+billing:read, −posts:write)',
      action: 'Save to Production',
    };
    world.prompts.expectConfirm(question, false);
    await assert.rejects(save(uri, edited), isRefused(/you canceled it/));
    assert.deepEqual(world.writes(), []);
    world.prompts.expectConfirm(question, true);
    await save(uri, edited);
    assert.equal(world.writes().length, 1);
  });
});

describe('a role document in the editor', () => {
  let own: OwnSandbox;

  const uri = documentUri({ environmentId: 'sandbox', path: ['roles', 'billing'] });

  const now = async (): Promise<{ display_name: string; permissions: { name: string }[] }> =>
    (await own.api('GET', '/roles/billing?include=permissions'))['role'] as {
      display_name: string;
      permissions: { name: string }[];
    };
  const putCount = (): Promise<number> => own.requestCount('PUT /api/v1/roles/billing');
  async function show(): Promise<vscode.TextDocument> {
    await vscode.commands.executeCommand('scalekit.document.open', {
      document: { environmentId: 'sandbox', path: ['roles', 'billing'] },
    });
    const { display_name: name } = await now();
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.toString() !== uri.toString()) return assert.fail('the document did not open');
    await until('the newest text', () => document.getText().includes(`"display_name": ${JSON.stringify(name)}`), 5_000);
    return document;
  }

  before(async function () {
    this.timeout(40_000);
    own = await startOwnSandbox();
  });
  after(() => own.stop());

  it('is saved with one PUT, and then shows Scalekit’s text', async () => {
    const document = await show();
    const before = await putCount();
    await typeInto(document, (text) =>
      text.replace(/"billing:read",\s*"billing:write"/, '"billing:read", "reports:read"'),
    );
    assert.equal(await document.save(), true);
    assert.equal(await putCount(), before + 1);
    assert.deepEqual(
      (await now()).permissions.map(({ name }) => name),
      ['billing:read', 'reports:read'],
    );
    await until(
      'the text as Scalekit prints it',
      () => !document.isDirty && /"billing:read",\n {4}"reports:read"\n/.test(document.getText()),
      5_000,
    );
  });

  it('isn’t saved over someone else’s change, even of equal length, and keeps its text', async () => {
    const document = await show();
    await typeInto(document, (text) => text.replace('"reports:read"', '"reports:export"'));
    await own.api('PUT', '/roles/billing', { display_name: 'Billinx' });
    const before = await putCount();
    assert.equal(await document.save(), false);
    assert.equal(await putCount(), before);
    assert.ok(document.isDirty && document.getText().includes('reports:export'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the newer text', () => !document.isDirty && document.getText().includes('Billinx'), 5_000);
  });

  it('is validated by the schema', async () => {
    const document = await show();
    await typeInto(document, (text) =>
      text.replace('"billing:read"', '"billing read"').replace('"permissions"', '"colour": "red",\n  "permissions"'),
    );
    await until('problems', () => vscode.languages.getDiagnostics(document.uri).length >= 2, 15_000);
    const problems = vscode.languages
      .getDiagnostics(document.uri)
      .map(({ message }) => message)
      .join('\n');
    assert.match(problems, /permission's name has 1 to 64/);
    assert.match(problems, /colour/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
