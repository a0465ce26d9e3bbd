import assert from 'node:assert/strict';
import { documentedEndpoints } from 'scalekit:endpoint-catalogue';
import { KnownValues, kindOfParameter } from '../../../src/requests/knownValues';

function kind(path: string, name: string): string | undefined {
  const endpoint = documentedEndpoints.find((candidate) => candidate.path === path);
  const parameter = endpoint?.parameters.find((candidate) => candidate.name === name);
  assert.ok(endpoint !== undefined && parameter !== undefined, `${path} ${name}`);
  return kindOfParameter(endpoint, parameter);
}

describe('the kind of a parameter’s value', () => {
  it('is the same for every organization ID', () => {
    assert.equal(kind('/api/v1/organizations/{id}', 'id'), 'organization');
    assert.equal(kind('/api/v1/organizations/{organization_id}/users', 'organization_id'), 'organization');
    assert.equal(kind('/api/v1/organizations/{org_id}/roles', 'org_id'), 'organization');
    assert.equal(kind('/api/v1/connections', 'organization_id'), 'organization');
    assert.equal(kind('/api/v1/tools', 'filter.organization_id'), 'organization');
  });

  it('comes from the path if the parameter is just called id', () => {
    assert.equal(kind('/api/v1/users/{id}', 'id'), 'user');
    assert.equal(kind('/api/v1/organizations/{organization_id}/connections/{id}', 'id'), 'connection');
    assert.equal(kind('/api/v1/organizations/{organization_id}/directories/{id}', 'id'), 'directory');
    assert.equal(kind('/api/v1/organizations/{organization_id}/domains/{id}', 'id'), 'domain');
  });

  it('differs for external IDs and searches of different resources', () => {
    assert.notEqual(
      kind('/api/v1/users:external/{external_id}', 'external_id'),
      kind('/api/v1/organizations:external/{external_id}', 'external_id'),
    );
    assert.notEqual(kind('/api/v1/users:search', 'query'), kind('/api/v1/connected_accounts:search', 'query'));
  });

  it('is undefined for page tokens, numbers, times, switches and fixed values', () => {
    assert.equal(kind('/api/v1/organizations', 'page_token'), undefined);
    assert.equal(kind('/api/v1/organizations', 'page_size'), undefined);
    assert.equal(kind('/api/v1/permissions', 'type'), undefined);
    assert.equal(kind('/api/v1/tools', 'filter.summary'), undefined);
    assert.equal(kind('/api/v1/users/{user_id}/sessions', 'filter.start_time'), undefined);
  });
});

describe('known values', () => {
  it('are suggested once each: the latest used first, then those from responses, then those in the trees', () => {
    const values = new KnownValues((environmentId, asked) =>
      environmentId === 'acme' && asked === 'organization'
        ? [
            { value: 'org_1', label: 'One' },
            { value: 'org_2', label: 'Two' },
          ]
        : [],
    );
    values.learn('acme', {
      organizations: [
        { id: 'org_3', display_name: 'Three' },
        { id: 'org_1', display_name: 'One as answered' },
      ],
    });
    values.use('acme', 'organization', 'org_9');
    values.use('acme', 'organization', 'org_2');
    assert.deepEqual(values.suggestions('acme', 'organization'), [
      { value: 'org_2', label: 'Two' },
      { value: 'org_9', label: undefined },
      { value: 'org_3', label: 'Three' },
      { value: 'org_1', label: 'One' },
    ]);
    assert.deepEqual(values.suggestions('globex', 'organization'), []);
    assert.deepEqual(values.suggestions('acme', 'user'), []);
  });

  it('include IDs of every kind, and the names of roles and permissions', () => {
    const values = new KnownValues(() => []);
    values.learn('acme', {
      users: [
        {
          id: 'usr_1',
          email: 'ada@example.com',
          memberships: [{ organization_id: 'org_1', roles: [{ id: 'role_1', name: 'admin', display_name: 'Admin' }] }],
        },
      ],
      directory: { id: 'dir_1', name: 'Okta' },
      permissions: [{ id: 'perm_1', name: 'read:all' }],
      unreadable: [{ id: 17 }, { id: 'strange' }, null],
    });
    assert.deepEqual(values.suggestions('acme', 'user'), [{ value: 'usr_1', label: 'ada@example.com' }]);
    assert.deepEqual(values.suggestions('acme', 'directory'), [{ value: 'dir_1', label: 'Okta' }]);
    assert.deepEqual(values.suggestions('acme', 'role'), [{ value: 'admin', label: 'Admin' }]);
    assert.deepEqual(values.suggestions('acme', 'permission'), [{ value: 'read:all', label: undefined }]);
  });

  it('can be learned from a response of any depth', () => {
    const values = new KnownValues(() => []);
    values.learn('acme', JSON.parse(`${'[{"a":'.repeat(20_000)}1${'}]'.repeat(20_000)}`));
    assert.deepEqual(values.suggestions('acme', 'user'), []);
  });

  it('keep the order of a response', () => {
    const values = new KnownValues(() => []);
    values.learn('acme', { organizations: ['org_1', 'org_2', 'org_3'].map((id) => ({ id })) });
    assert.deepEqual(
      values.suggestions('acme', 'organization').map(({ value }) => value),
      ['org_1', 'org_2', 'org_3'],
    );
  });

  it('are forgotten for an environment whose credentials have changed, and for no other', () => {
    const values = new KnownValues(() => []);
    for (const environment of ['acme', 'acme-2']) values.use(environment, 'user', 'usr_1');
    values.learn('acme', { users: [{ id: 'usr_2' }] });
    values.forget('acme');
    assert.deepEqual(values.suggestions('acme', 'user'), []);
    assert.equal(values.suggestions('acme-2', 'user').length, 1);
  });

  it('are limited in number', () => {
    const values = new KnownValues(() => []);
    for (let index = 0; index < 50; index++) values.use('acme', 'user', `usr_${index}`);
    values.learn('acme', { users: Array.from({ length: 1000 }, (_, index) => ({ id: `usr_${1000 + index}` })) });
    assert.equal(values.suggestions('acme', 'user').length, 200);
    assert.equal(values.suggestions('acme', 'user')[0]?.value, 'usr_49');
  });
});
