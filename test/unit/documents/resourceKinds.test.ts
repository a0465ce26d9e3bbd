import assert from 'node:assert/strict';
import { coverage } from '../../../src/sandbox/coverage';
import { ScalekitError } from '../../../src/api/client/scalekitError';
import { editableKind } from '../../../src/documents/editableKinds';
import { resourceRequest } from '../../../src/documents/resourceKinds';

const paths: Readonly<Record<string, string>> = {
  'organizations/org_1': '/api/v1/organizations/org_1',
  'organizations/org_1/connections/conn_1': '/api/v1/organizations/org_1/connections/conn_1',
  'organizations/org_1/directories/dir_1': '/api/v1/organizations/org_1/directories/dir_1',
  'organizations/org_1/domains/dom_1': '/api/v1/organizations/org_1/domains/dom_1',
  'organizations/org_1/users/usr_1': '/api/v1/users/usr_1',
  'organizations/org_1/clients/m2morg_1': '/api/v1/organizations/org_1/clients/m2morg_1',
  'organizations/org_1/roles/admin': '/api/v1/organizations/org_1/roles/admin',
  'users/usr_1': '/api/v1/users/usr_1',
  'roles/admin': '/api/v1/roles/admin',
  'permissions/organizations:read': '/api/v1/permissions/organizations%3Aread',
  'connections/conn_1': '/api/v1/connections/conn_1',
};

describe('The request for a document', () => {
  for (const [path, expected] of Object.entries(paths)) {
    it(`of ${path} is a GET`, () => assert.equal(resourceRequest(path.split('/'))?.get?.path, expected));
  }

  it('reads a list if Scalekit returns the resource only in lists', () => {
    const users = resourceRequest(['organizations', 'org_1', 'directories', 'dir_1', 'users', 'diruser_1']);
    assert.equal(users?.get, undefined);
    assert.equal(users?.list?.path, '/api/v1/organizations/org_1/directories/dir_1/users');
    assert.equal(users?.list?.matches({ id: 'diruser_1' }), true);
    assert.equal(users?.list?.matches({ id: 'diruser_2' }), false);
    const groups = resourceRequest(['organizations', 'org_1', 'directories', 'dir_1', 'groups', 'dirgroup_1']);
    assert.equal(groups?.list?.path, '/api/v1/organizations/org_1/directories/dir_1/groups');
    const signIn = resourceRequest(['organizations', 'org_1', 'sign-ins', 'auth_1']);
    assert.equal(signIn?.list?.matches({ auth_request_id: 'auth_1' }), true);
  });

  it('exists in Scalekit’s own description of its API', () => {
    const { published, further } = coverage(() => true);
    const bindings = [...published, ...further]
      .filter(({ httpMethod }) => httpMethod === 'GET')
      .map(({ template }) => template);
    const isBound = (path: string): boolean =>
      bindings.some((binding) =>
        new RegExp(`^${binding.replace(/[.:]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
      );
    assert.ok(bindings.length > 50);
    assert.ok(!isBound('/api/v1/organizations/org_1/nothing'));
    const others = [
      ['organizations', 'o', 'directories', 'd', 'users', 'u'],
      ['organizations', 'o', 'directories', 'd', 'groups', 'g'],
      ['organizations', 'o', 'sign-ins', 's'],
    ];
    for (const path of [...Object.keys(paths).map((each) => each.split('/')), ...others]) {
      const request = resourceRequest(path);
      for (const target of [request?.get?.path, request?.list?.path])
        if (target !== undefined) assert.ok(isBound(target), target);
    }
  });

  it('is for an editable resource only for organizations, roles and permissions', () => {
    const editable = Object.keys(paths).filter((path) => editableKind(path.split('/')) !== undefined);
    assert.deepEqual(editable, ['organizations/org_1', 'roles/admin', 'permissions/organizations:read']);
    for (const collection of ['constructor', '__proto__', 'toString'])
      assert.equal(editableKind([collection, 'x']), undefined);
  });

  it('is undefined for unknown collections, even if they’re named like an object’s built-in properties', () => {
    for (const collection of ['planets', 'constructor', '__proto__', 'toString'])
      assert.equal(resourceRequest([collection, 'x']), undefined);
  });

  it('keeps an ID within its path segment, and refuses one that a URL would resolve away', () => {
    assert.equal(
      resourceRequest(['organizations', '../clients?x#y'])?.get?.path,
      '/api/v1/organizations/..%2Fclients%3Fx%23y',
    );
    for (const id of ['..', '.', '']) {
      assert.throws(
        () => resourceRequest(['organizations', id]),
        (error) => error instanceof ScalekitError && error.kind === 'invalid',
      );
    }
  });
});

describe('The document of a role', () => {
  it('lists its permissions by name, and keeps the rest', () => {
    const present = resourceRequest(['roles', 'admin'])?.transform ?? assert.fail('it is shown as it comes');
    assert.deepEqual(
      present({ name: 'admin', permissions: [{ id: 'perm_1', name: 'a:b', role_name: 'admin' }, 'c:d'] }),
      { name: 'admin', permissions: ['a:b', 'c:d'] },
    );
    assert.deepEqual(present({ name: 'admin' }), { name: 'admin', permissions: [] });
  });
});
