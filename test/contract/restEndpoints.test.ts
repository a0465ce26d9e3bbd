import assert from 'node:assert/strict';
import type { DescMessage } from '@bufbuild/protobuf';
import { EmptySchema } from '@bufbuild/protobuf/wkt';
import * as auditlogs from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/auditlogs/auditlogs_pb';
import * as clients from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb';
import * as connections from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import * as directories from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import * as domains from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import * as events from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import * as organizations from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import * as roles from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import * as sessions from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/sessions/sessions_pb';
import * as tokens from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tokens/tokens_pb';
import * as users from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { RestJudge } from './restJudge';

const LOONEY = 'org_64444217115541813';

describe('the REST API of the sandbox', () => {
  let sandbox: Sandbox;
  let rest: RestJudge;
  /** The method and path of each success, with the ids that were sent. */
  const succeeded: [method: string, path: string][] = [];
  const ok = async <S extends DescMessage>(
    method: string,
    path: string,
    schema: S,
    options: { body?: unknown; status?: number } = {},
  ) => {
    const response = await rest.send(method, path, schema, options);
    succeeded.push([method, `/api/v1/${path.split('?', 1)[0]}`]);
    return response;
  };

  before(async () => {
    sandbox = await startSandbox({ organizations: 250, seed: 7 });
    rest = new RestJudge(sandbox);
  });
  after(() => sandbox.close());

  it('creates, lists, searches, gets, updates and deletes organizations, with settings, policies and portal links', async () => {
    const list = await ok('GET', 'organizations?page_size=5', organizations.ListOrganizationsResponseSchema);
    assert.equal(list.message.totalSize, 250);
    assert.equal(list.message.organizations.length, 5);
    const created = await ok('POST', 'organizations', organizations.CreateOrganizationResponseSchema, {
      status: 201,
      body: {
        display_name: 'Roadrunner Ltd',
        external_id: 'rr/1 ?',
        metadata: { tier: 'gold' },
        slug: 'roadrunner',
        logo_url: 'https://example.com/logo.png',
      },
    });
    const id = created.message.organization?.id ?? '';
    assert.match(id, /^org_\d{17}$/);
    assert.deepEqual(created.message.organization?.metadata, { tier: 'gold' });
    const got = await ok('GET', `organizations/${id}`, organizations.GetOrganizationResponseSchema);
    assert.deepEqual(
      got.message.organization?.settings?.features.map(({ name }) => name),
      ['sso', 'dir_sync'],
    );
    const external = await ok(
      'GET',
      `organizations:external/${encodeURIComponent('rr/1 ?')}`,
      organizations.GetOrganizationResponseSchema,
    );
    assert.equal(external.message.organization?.id, id);
    const filtered = await ok(
      'GET',
      `organizations?external_id=${encodeURIComponent('rr/1 ?')}`,
      organizations.ListOrganizationsResponseSchema,
    );
    assert.deepEqual(
      filtered.message.organizations.map((organization) => organization.id),
      [id],
    );
    const found = await ok(
      'GET',
      'organizations:search?query=roadRUNNER',
      organizations.SearchOrganizationsResponseSchema,
    );
    assert.deepEqual(
      found.message.organizations.map((organization) => organization.id),
      [id],
    );
    const updated = await ok('PATCH', `organizations/${id}`, organizations.UpdateOrganizationResponseSchema, {
      body: { display_name: 'Road Runner Ltd' },
    });
    assert.equal(updated.message.organization?.displayName, 'Road Runner Ltd');
    assert.deepEqual(updated.message.organization?.metadata, { tier: 'gold' }, "what wasn't sent stays");
    const emptied = await ok('PATCH', `organizations/${id}`, organizations.UpdateOrganizationResponseSchema, {
      body: { metadata: {}, external_id: '' },
    });
    assert.deepEqual(emptied.message.organization?.metadata, {});
    assert.equal(emptied.message.organization?.externalId, undefined);
    const settings = await ok('PATCH', `organizations/${id}/settings`, organizations.GetOrganizationResponseSchema, {
      body: {
        features: [
          { name: 'sso', enabled: true },
          { name: 'dir_sync', enabled: false },
        ],
      },
    });
    assert.deepEqual(
      settings.json['organization'] && settings.message.organization?.settings?.features.map(({ enabled }) => enabled),
      [true, false],
    );

    const policyPath = `organizations/${id}/session-policy`;
    const policy = await ok('GET', policyPath, organizations.GetOrganizationSessionPolicyResponseSchema);
    assert.deepEqual(policy.json, { policy: { policy_source: 'APPLICATION' } });
    const custom = await ok('PATCH', policyPath, organizations.UpdateOrganizationSessionPolicyResponseSchema, {
      body: {
        policy_source: 'CUSTOM',
        absolute_session_timeout: 8,
        absolute_session_timeout_unit: 'HOURS',
        idle_session_timeout_enabled: true,
        idle_session_timeout: 30,
        idle_session_timeout_unit: 'MINUTES',
      },
    });
    assert.deepEqual(custom.json['policy'], {
      policy_source: 'CUSTOM',
      absolute_session_timeout: 8,
      absolute_session_timeout_unit: 'HOURS',
      idle_session_timeout_enabled: true,
      idle_session_timeout: 30,
      idle_session_timeout_unit: 'MINUTES',
    });
    await ok(
      'GET',
      `organizations/${id}/application-session-policy`,
      organizations.GetApplicationSessionPolicyResponseSchema,
    );
    const limit = await ok(
      'PATCH',
      `organizations/${id}/settings/usermanagement`,
      organizations.UpsertUserManagementSettingsResponseSchema,
      {
        body: { settings: { max_allowed_users: 1 } },
      },
    );
    assert.deepEqual(limit.json, { settings: { max_allowed_users: 1 } });
    await ok(
      'GET',
      `organizations/${id}/settings/usermanagement`,
      organizations.GetOrganizationUserManagementSettingsResponseSchema,
    );

    const link = await ok(
      'PUT',
      `organizations/${id}/portal_links?features=sso&features=dir_sync`,
      organizations.GeneratePortalLinkResponseSchema,
    );
    assert.match(link.message.link?.location ?? '', /\/magicLink\/[0-9a-f-]{36}$/);
    const second = await ok('PUT', `organizations/${id}/portal_links`, organizations.GeneratePortalLinkResponseSchema);
    await ok('DELETE', `organizations/${id}/portal_links/${second.message.link?.id}`, EmptySchema);
    assert.equal((await fetch(second.message.link?.location ?? '')).status, 410, "a revoked link doesn't open");
    assert.equal((await fetch(link.message.link?.location ?? '')).status, 200);
    assert.equal((await fetch(link.message.link?.location ?? '')).status, 410, 'a link opens once');

    const deleted = await ok('DELETE', `organizations/${id}`, EmptySchema);
    assert.equal(deleted.text, '{}');
    await rest.fail('GET', `organizations/${id}`, 404);
    const after = await ok('GET', 'organizations', organizations.ListOrganizationsResponseSchema);
    assert.equal(after.message.totalSize, 250);
    assert.equal(after.message.organizations.length, 10, 'a page has ten by default');
  });

  it('hides connections until they’re complete, and enables and disables those of organizations and of the environment', async () => {
    const listed = await ok('GET', `connections?organization_id=${LOONEY}`, connections.ListConnectionsResponseSchema);
    const all = await ok(
      'GET',
      `connections?organization_id=${LOONEY}&include=all`,
      connections.ListConnectionsResponseSchema,
    );
    assert.ok(
      listed.message.connections.length > 0 && listed.message.connections.length < all.message.connections.length,
    );
    assert.ok(
      listed.message.connections.every(
        ({ enabled, status }) => enabled && status === connections.ConnectionStatus.COMPLETED,
      ),
    );
    const statuses = new Set((all.json['connections'] as { status: string }[]).map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), ['COMPLETED', 'DRAFT', 'IN_PROGRESS']);
    await ok('GET', 'connections?domain=looneycorp.com', connections.ListConnectionsResponseSchema);
    await ok('GET', 'connections', connections.ListConnectionsResponseSchema);

    const path = `organizations/${LOONEY}/connections`;
    for (const { id } of all.message.connections)
      await ok('GET', `${path}/${id}`, connections.GetConnectionResponseSchema);
    const first = listed.message.connections[0]?.id ?? '';
    const draft = all.message.connections.find(({ status }) => status === connections.ConnectionStatus.DRAFT)?.id ?? '';
    const off = await ok('PATCH', `${path}/${first}:disable`, connections.ToggleConnectionResponseSchema);
    assert.deepEqual(off.json, { enabled: false });
    const fewer = await ok('GET', `connections?organization_id=${LOONEY}`, connections.ListConnectionsResponseSchema);
    assert.ok(
      !fewer.message.connections.some(({ id }) => id === first),
      'a disabled connection leaves the default list',
    );
    assert.deepEqual((await ok('PATCH', `${path}/${first}:enable`, connections.ToggleConnectionResponseSchema)).json, {
      enabled: true,
    });
    const refused = await ok('PATCH', `${path}/${draft}:enable`, connections.ToggleConnectionResponseSchema);
    assert.equal(refused.message.enabled, false);
    assert.ok((refused.message.errorMessage ?? '') !== '');

    const created = await ok('POST', path, connections.CreateConnectionResponseSchema, {
      status: 201,
      body: { provider: 'OKTA', type: 'OIDC' },
    });
    const id = created.message.connection?.id ?? '';
    const updated = await ok('PATCH', `${path}/${id}`, connections.UpdateConnectionResponseSchema, {
      body: {
        provider: 'OKTA',
        type: 'OIDC',
        oidc_config: { issuer: 'https://idp.example.com', client_id: 'abc', client_secret: 'def', scopes: ['openid'] },
      },
    });
    assert.equal(updated.message.connection?.status, connections.ConnectionStatus.COMPLETED);
    assert.equal(
      (await ok('PATCH', `${path}/${id}:enable`, connections.ToggleConnectionResponseSchema)).message.enabled,
      true,
    );
    const domain = await rest.send('GET', `organizations/${LOONEY}/domains`, domains.ListDomainResponseSchema);
    const domainId = domain.message.domains[1]?.id ?? '';
    const assigned = await ok('PUT', `${path}/${id}/domains`, connections.AssignDomainsToConnectionResponseSchema, {
      body: { domain_ids: [domainId] },
    });
    assert.deepEqual(
      assigned.message.connection?.domains.map((own) => own.id),
      [domainId],
    );
    await ok('DELETE', `${path}/${id}`, EmptySchema);
    await rest.fail('GET', `${path}/${id}`, 404);
    const saml = await ok('POST', path, connections.CreateConnectionResponseSchema, {
      status: 201,
      body: { provider: 'CUSTOM', type: 'SAML' },
    });
    const samlId = saml.message.connection?.id ?? '';
    await ok('PATCH', `${path}/${samlId}`, connections.UpdateConnectionResponseSchema, {
      body: {
        provider: 'CUSTOM',
        type: 'SAML',
        saml_config: { idp_entity_id: 'x', idp_sso_url: 'https://idp.example.com/sso', idp_certificate: 'MIIB' },
      },
    });

    const environment = await ok('POST', 'connections', connections.CreateConnectionResponseSchema, {
      status: 201,
      body: { provider: 'GITLAB', type: 'OAUTH' },
    });
    const own = environment.message.connection?.id ?? '';
    await ok('GET', `connections/${own}`, connections.GetConnectionResponseSchema);
    await ok('PATCH', `connections/${own}`, connections.UpdateConnectionResponseSchema, {
      body: { provider: 'GITLAB', type: 'OAUTH', oauth_config: { client_id: 'x', client_secret: 'y' } },
    });
    await ok('PATCH', `connections/${own}:enable`, connections.ToggleConnectionResponseSchema);
    await ok('PATCH', `connections/${own}:disable`, connections.ToggleConnectionResponseSchema);
    await ok('GET', `connections/${own}/test-requests/test_1`, connections.GetConnectionTestResultResponseSchema);
    await ok('DELETE', `connections/${own}`, EmptySchema);
    const every = await ok(
      'GET',
      'organizations/-/connections?page_size=30',
      connections.ListOrganizationConnectionsResponseSchema,
    );
    assert.equal(every.message.connections.length, 30);
    const search = await ok(
      'GET',
      'organizations/-/connections:search?status=DRAFT&page_size=5',
      connections.SearchOrganizationConnectionsResponseSchema,
    );
    assert.ok(search.message.connections.every(({ status }) => status === connections.ConnectionStatus.DRAFT));
    const apps = await ok('GET', 'connections/app?query=gmail', connections.ListAppConnectionsResponseSchema);
    assert.deepEqual(
      apps.message.connections.map(({ providerKey }) => providerKey),
      ['gmail'],
    );
  });

  it('serves directories with users, groups and secrets', async () => {
    const path = `organizations/${LOONEY}/directories`;
    const list = await ok('GET', path, directories.ListDirectoriesResponseSchema);
    assert.deepEqual(
      list.message.directories.map(({ enabled }) => enabled),
      [true, false],
    );
    const id = list.message.directories[0]?.id ?? '';
    const got = await ok('GET', `${path}/${id}`, directories.GetDirectoryResponseSchema);
    assert.equal(got.message.directory?.totalUsers, 42);
    const page = await ok(
      'GET',
      `${path}/${id}/users?page_size=30&include_detail=true`,
      directories.ListDirectoryUsersResponseSchema,
    );
    assert.equal(page.message.users.length, 30);
    const rest2 = await ok(
      'GET',
      `${path}/${id}/users?page_size=30&page_token=${encodeURIComponent(page.message.nextPageToken)}`,
      directories.ListDirectoryUsersResponseSchema,
    );
    assert.equal(rest2.message.users.length, 12);
    const groups = await ok(
      'GET',
      `${path}/${id}/groups?include_detail=true`,
      directories.ListDirectoryGroupsResponseSchema,
    );
    const group = groups.message.groups[1];
    const members = await ok(
      'GET',
      `${path}/${id}/users?directory_group_id=${group?.id}&page_size=30`,
      directories.ListDirectoryUsersResponseSchema,
    );
    assert.equal(members.message.totalSize, group?.totalUsers);
    await ok('GET', `${path}/${id}/groups/summary`, directories.ListDirectoryGroupsResponseSchema);
    assert.deepEqual((await ok('PATCH', `${path}/${id}:disable`, directories.ToggleDirectoryResponseSchema)).json, {
      enabled: false,
    });
    await rest.fail('GET', `${path}/${id}:sync`, 400);
    assert.deepEqual((await ok('PATCH', `${path}/${id}:enable`, directories.ToggleDirectoryResponseSchema)).json, {
      enabled: true,
    });
    await ok('GET', `${path}/${id}:sync`, EmptySchema);
    const secret = await ok('POST', `${path}/${id}/secrets`, directories.CreateDirectorySecretResponseSchema);
    assert.ok(secret.message.plainSecret.endsWith(secret.message.secret?.secretSuffix ?? '?'));
    await ok('POST', `${path}/${id}/secrets:regenerate`, directories.RegenerateDirectorySecretResponseSchema);
    const after = await ok('GET', `${path}/${id}`, directories.GetDirectoryResponseSchema);
    assert.equal(after.message.directory?.secrets.length, 1);
    const created = await ok('POST', path, directories.CreateDirectoryResponseSchema, {
      body: { directory_type: 'SCIM', directory_provider: 'OKTA' },
    });
    const fresh = created.message.directory?.id ?? '';
    const renamed = await ok('PATCH', `${path}/${fresh}`, directories.UpdateDirectoryResponseSchema, {
      body: { name: 'People' },
    });
    assert.equal(renamed.message.directory?.name, 'People');
    await ok('DELETE', `${path}/${fresh}`, EmptySchema);
    await rest.fail('GET', `${path}/${fresh}`, 404);
  });

  it('creates, verifies, lists and deletes domains', async () => {
    const path = `organizations/${LOONEY}/domains`;
    const list = await ok('GET', path, domains.ListDomainResponseSchema);
    assert.equal(list.message.domains.length, 4);
    assert.deepEqual(Object.keys(list.json), ['page_size', 'page_number', 'domains']);
    assert.equal(
      new Set(list.message.domains.map(({ verificationStatus }) => verificationStatus)).size,
      4,
      'there is one of every status',
    );
    const second = await ok('GET', `${path}?page_size=3&page_number=1`, domains.ListDomainResponseSchema);
    assert.equal(second.message.domains.length, 1);
    const trusted = await ok('GET', `${path}?domain_type=ALLOWED_EMAIL_DOMAIN`, domains.ListDomainResponseSchema);
    assert.equal(trusted.message.domains.length, 1);
    const created = await ok('POST', path, domains.CreateDomainResponseSchema, {
      body: { domain: 'Looney.TEST', domain_type: 'ORGANIZATION_DOMAIN' },
    });
    const id = created.message.domain?.id ?? '';
    assert.equal(created.message.domain?.domain, 'looney.test');
    await ok('GET', `${path}/${id}`, domains.GetDomainResponseSchema);
    await ok('PATCH', `${path}/${id}`, domains.UpdateDomainResponseSchema, { body: {} });
    assert.deepEqual((await ok('PATCH', `${path}/${id}:verify`, domains.VerifyDomainResponseSchema)).json, {
      verified: true,
    });
    const verified = await ok('GET', `${path}/${id}`, domains.GetDomainResponseSchema);
    assert.equal(verified.message.domain?.verificationStatus, domains.VerificationStatus.VERIFIED);
    for (const domain of ['looney.test', 'gmail.com', 'not a domain'])
      await rest.fail('POST', path, 400, { body: { domain } });
    await ok('DELETE', `${path}/${id}`, EmptySchema);
    await rest.fail('DELETE', `${path}/${id}`, 404);
  });

  it('serves users with their memberships, invites, roles and permissions', async () => {
    const all = await ok('GET', 'users?page_size=7', users.ListUsersResponseSchema);
    assert.equal(all.message.users.length, 7);
    const path = `organizations/${LOONEY}/users`;
    const members = await ok('GET', `${path}?page_size=100`, users.ListOrganizationUsersResponseSchema);
    assert.equal(members.message.totalSize, 12);
    const statuses = new Set(
      (members.json['users'] as { memberships: { membership_status: string }[] }[]).map(
        ({ memberships }) => memberships[0]?.membership_status,
      ),
    );
    for (const status of ['ACTIVE', 'INACTIVE', 'PENDING_INVITE', 'INVITE_EXPIRED'])
      assert.ok(statuses.has(status), status);
    const created = await ok(
      'POST',
      `${path}?send_invitation_email=false`,
      users.CreateUserAndMembershipResponseSchema,
      {
        status: 201,
        body: {
          email: 'wile@looneycorp.com',
          external_id: 'w-1',
          user_profile: { given_name: 'Wile', family_name: 'Coyote' },
          membership: { roles: [{ name: 'admin' }], metadata: { team: 'hunters' } },
        },
      },
    );
    const id = created.message.user?.id ?? '';
    assert.equal(created.message.user?.memberships[0]?.roles[0]?.displayName, 'Admin');
    await rest.fail('POST', path, 409, { body: { email: 'WILE@looneycorp.com' } });
    await ok('GET', `users/${id}`, users.GetUserResponseSchema);
    await ok('GET', 'users:external/w-1', users.GetUserResponseSchema);
    const found = await ok('GET', 'users:search?query=wile@', users.SearchUsersResponseSchema);
    assert.deepEqual(
      found.message.users.map((user) => user.id),
      [id],
    );
    await ok('GET', `${path}:search?query=wile`, users.SearchOrganizationUsersResponseSchema);
    const updated = await ok('PATCH', `users/${id}`, users.UpdateUserResponseSchema, {
      body: { user_profile: { given_name: 'Wile E.' } },
    });
    assert.deepEqual(
      [updated.message.user?.userProfile?.givenName, updated.message.user?.userProfile?.familyName],
      ['Wile E.', 'Coyote'],
    );
    await ok('PATCH', 'users:external/w-1', users.UpdateUserResponseSchema, { body: { metadata: { shoe: 'large' } } });

    const other =
      (await rest.send('GET', 'organizations?page_size=2', organizations.ListOrganizationsResponseSchema)).message
        .organizations[1]?.id ?? '';
    const joined = await ok(
      'POST',
      `memberships/organizations/${other}/users/${id}`,
      users.CreateMembershipResponseSchema,
      { status: 201, body: { roles: [{ name: 'viewer' }] } },
    );
    assert.equal(joined.message.user?.memberships.length, 2);
    assert.ok(
      (
        await ok('GET', `organizations/${other}/users?page_size=100`, users.ListOrganizationUsersResponseSchema)
      ).message.users.some((user) => user.id === id),
    );
    await rest.fail('POST', `memberships/organizations/${other}/users/${id}`, 409, { body: {} });
    const promoted = await ok(
      'PATCH',
      `memberships/organizations/${other}/users/${id}`,
      users.UpdateMembershipResponseSchema,
      { body: { roles: [{ name: 'admin' }] } },
    );
    assert.equal(promoted.message.user?.memberships[1]?.roles[0]?.name, 'admin');
    await ok('DELETE', `memberships/organizations/${other}/users/${id}`, EmptySchema);
    await ok('POST', `memberships/organizations/${other}/users:external/w-1`, users.CreateMembershipResponseSchema, {
      status: 201,
      body: {},
    });
    await ok('PATCH', `memberships/organizations/${other}/users:external/w-1`, users.UpdateMembershipResponseSchema, {
      body: { metadata: { team: 'guests' } },
    });
    await ok('DELETE', `memberships/organizations/${other}/users:external/w-1`, EmptySchema);

    const pending = members.message.users[2]?.id ?? '';
    const invite = await ok(
      'PATCH',
      `invites/organizations/${LOONEY}/users/${pending}/resend`,
      users.ResendInviteResponseSchema,
    );
    assert.equal(invite.message.invite?.resentCount, 1);
    const expired = members.message.users[3]?.id ?? '';
    await ok('PATCH', `invites/organizations/${LOONEY}/users/${expired}/resend`, users.ResendInviteResponseSchema);
    const revived = await rest.send('GET', `users/${expired}`, users.GetUserResponseSchema);
    assert.deepEqual(
      (revived.json['user'] as { memberships: { membership_status: string }[] }).memberships[0]?.membership_status,
      'PENDING_INVITE',
    );
    await rest.fail('PATCH', `invites/organizations/${LOONEY}/users/${id}/resend`, 400);

    await ok('GET', `${path}/${id}/roles`, users.ListUserRolesResponseSchema);
    const permissions = await ok('GET', `${path}/${id}/permissions`, users.ListUserPermissionsResponseSchema);
    assert.ok(
      permissions.message.permissions.some(({ name }) => name === 'projects:read'),
      'inherited ones too',
    );
    const assigned = await ok('POST', `${path}/${id}/roles`, users.AssignUserRolesResponseSchema, {
      body: [{ role_name: 'billing' }],
    });
    assert.deepEqual(
      assigned.message.roles.map(({ name }) => name),
      ['admin', 'billing'],
    );
    await ok('DELETE', `${path}/${id}/roles/billing`, EmptySchema);
    await ok('DELETE', 'users:external/w-1', EmptySchema);
    await rest.fail('GET', `users/${id}`, 404);
    const last = members.message.users.at(-1)?.id ?? '';
    await ok('DELETE', `users/${last}`, EmptySchema);
    assert.equal((await rest.send('GET', path, users.ListOrganizationUsersResponseSchema)).message.totalSize, 11);
  });

  it('serves roles and permissions', async () => {
    const list = await ok('GET', 'roles?include=permissions:all', roles.ListRolesResponseSchema);
    assert.ok(
      list.message.roles
        .find(({ name }) => name === 'member')
        ?.permissions.some(({ name }) => name === 'projects:read'),
    );
    const created = await ok('POST', 'permissions', roles.CreatePermissionResponseSchema, {
      status: 201,
      body: { name: 'anvil:drop', description: 'Drops anvils' },
    });
    assert.match(created.message.permission?.id ?? '', /^perm_/);
    await ok('GET', 'permissions/anvil:drop', roles.GetPermissionResponseSchema);
    await ok('PUT', 'permissions/anvil:drop', roles.UpdatePermissionResponseSchema, {
      body: { name: 'anvil:drop', description: 'From above' },
    });
    const page = await ok('GET', 'permissions?page_size=3&type=ENVIRONMENT', roles.ListPermissionsResponseSchema);
    assert.equal(page.message.permissions.length, 3);
    const role = await ok('POST', 'roles', roles.CreateRoleResponseSchema, {
      status: 201,
      body: { name: 'dropper', display_name: 'Dropper', extends: 'viewer', permissions: ['anvil:drop'] },
    });
    assert.deepEqual([role.message.role?.extends, role.message.role?.isOrgRole], ['viewer', false]);
    await rest.fail('POST', 'roles', 409, { body: { name: 'dropper', display_name: 'Again' } });
    await ok('GET', 'roles/dropper?include=permissions', roles.GetRoleResponseSchema);
    await ok('PUT', 'roles/dropper', roles.UpdateRoleResponseSchema, { body: { description: 'Drops things' } });
    await ok('GET', 'roles/viewer/dependents', roles.ListDependentRolesResponseSchema);
    const count = await ok('GET', 'roles/admin/users:count', roles.GetRoleUsersCountResponseSchema);
    assert.match(String(count.json['count']), /^\d+$/);
    assert.equal(typeof count.json['count'], 'string', '64-bit numbers are strings');
    await ok('GET', 'roles/dropper/permissions', roles.ListRolePermissionsResponseSchema);
    await ok('POST', 'roles/dropper/permissions', roles.AddPermissionsToRoleResponseSchema, {
      body: { permission_names: ['usr:write'] },
    });
    const effective = await ok(
      'GET',
      'roles/dropper/permissions:all',
      roles.ListEffectiveRolePermissionsResponseSchema,
    );
    assert.deepEqual(effective.message.permissions.map(({ name }) => name).sort(), [
      'anvil:drop',
      'projects:read',
      'reports:read',
      'usr:read',
      'usr:write',
    ]);
    await ok('DELETE', 'roles/dropper/permissions/usr:write', EmptySchema);
    await ok('DELETE', 'roles/dropper/base', EmptySchema);
    for (const path of ['roles:set_defaults', 'roles/default']) {
      const defaults = await ok('PATCH', path, roles.UpdateDefaultRolesResponseSchema, {
        body: { default_creator_role: 'admin', default_member_role: 'dropper' },
      });
      assert.equal(defaults.message.defaultMember?.name, 'dropper');
    }
    await ok('PATCH', 'roles/default', roles.UpdateDefaultRolesResponseSchema, {
      body: { default_member_role: 'member' },
    });
    await rest.fail('DELETE', 'roles/viewer', 400);
    await ok('DELETE', 'roles/dropper', EmptySchema);
    await ok('DELETE', 'roles/billing?reassign_role_name=member', EmptySchema);
    await ok('DELETE', 'permissions/anvil:drop', EmptySchema);
    await rest.fail('DELETE', 'permissions/sk_users_read', 400);

    const path = `organizations/${LOONEY}/roles`;
    const own = await ok('POST', path, roles.CreateOrganizationRoleResponseSchema, {
      status: 201,
      body: { name: 'director', display_name: 'Director', extends: 'member' },
    });
    assert.equal(own.message.role?.isOrgRole, true);
    const names = (await ok('GET', path, roles.ListOrganizationRolesResponseSchema)).message.roles.map(
      ({ name }) => name,
    );
    assert.ok(names.includes('director') && names.includes('cartoonist') && names.includes('admin'));
    await ok('GET', `${path}/director`, roles.GetOrganizationRoleResponseSchema);
    await ok('PUT', `${path}/director`, roles.UpdateOrganizationRoleResponseSchema, {
      body: { display_name: 'Film Director' },
    });
    await ok('PATCH', `${path}:set_defaults`, roles.UpdateDefaultOrganizationRolesResponseSchema, {
      body: { default_member_role: 'director' },
    });
    const drawing = await ok(
      'GET',
      `${path}/cartoonist/users:count`,
      roles.GetOrganizationRoleUsersCountResponseSchema,
    );
    assert.equal(drawing.json['count'], '1');
    await ok('DELETE', `${path}/director/base`, EmptySchema);
    await ok('DELETE', `${path}/director`, EmptySchema);
    await rest.fail('DELETE', `${path}/cartoonist`, 400);
  });

  it('creates API clients of an organization, and shows their secrets once', async () => {
    const path = `organizations/${LOONEY}/clients`;
    const list = await ok('GET', `${path}?page_size=1`, clients.ListOrganizationClientsResponseSchema);
    assert.equal(list.message.totalSize, 2);
    const created = await ok('POST', path, clients.CreateOrganizationClientResponseSchema, {
      status: 201,
      body: {
        name: 'Robot',
        scopes: ['a:b'],
        audience: ['https://api.example.com'],
        custom_claims: [{ key: 'tier', value: 'gold' }],
        expiry: 120,
      },
    });
    const id = created.message.client?.clientId ?? '';
    assert.match(id, /^m2morg_\d+$/);
    assert.equal((created.json['client'] as { expiry: unknown }).expiry, '120');
    const got = await ok('GET', `${path}/${id}`, clients.GetOrganizationClientResponseSchema);
    assert.ok(!got.text.includes(created.message.plainSecret));
    await ok('PATCH', `${path}/${id}`, clients.UpdateOrganizationClientResponseSchema, {
      body: { description: 'Beeps' },
    });
    const secret = await ok('POST', `${path}/${id}/secrets`, clients.CreateOrganizationClientSecretResponseSchema, {
      status: 201,
    });
    await ok('DELETE', `${path}/${id}/secrets/${secret.message.secret?.id}`, EmptySchema);
    await ok('DELETE', `${path}/${id}`, EmptySchema);
    await rest.fail('GET', `${path}/${id}`, 404);
  });

  it("reads and changes the environment's own client, with its redirect URIs", async () => {
    const path = `clients/${sandbox.clientId}`;
    const got = await ok('GET', path, clients.GetClientResponseSchema);
    assert.ok(!got.text.includes(sandbox.clientSecret));
    assert.deepEqual([got.message.client?.clientType, got.message.client?.postLoginUris], ['WEB', []]);
    const uris = ['http://localhost:3000/callback', 'https://*.example.com/callback', 'myapp://callback'];
    await ok('PATCH', path, clients.UpdateClientResponseSchema, {
      status: 201,
      body: { post_login_uris: uris, post_logout_redirect_uris: ['http://localhost:3000/'], name: 'Shop' },
    });
    await ok('PATCH', path, clients.UpdateClientResponseSchema, {
      status: 201,
      body: { initiate_login_uri: 'http://localhost/in' },
    });
    const changed = (await ok('GET', path, clients.GetClientResponseSchema)).message.client;
    assert.deepEqual(
      [changed?.name, changed?.postLoginUris, changed?.postLogoutRedirectUris, changed?.initiateLoginUri],
      ['Shop', uris, ['http://localhost:3000/'], 'http://localhost/in'],
    );
    const emptied = await ok('PATCH', `${path}?mask=postLoginUris`, clients.UpdateClientResponseSchema, {
      status: 201,
      body: { post_login_uris: [] },
    });
    assert.deepEqual(
      [emptied.message.client?.postLoginUris, emptied.message.client?.postLogoutRedirectUris],
      [[], ['http://localhost:3000/']],
    );
    for (const uri of [
      'localhost:3000?x=1',
      'http://a.example/#b',
      'http://x.*.com/',
      'javascript:alert(1)',
      'a'.repeat(300),
    ]) {
      await rest.fail('PATCH', path, 400, { body: { post_login_uris: [uri] } });
    }
    await rest.fail('GET', 'clients/skc_0', 404);
    await rest.fail('GET', `clients/m2morg_0`, 404);
  });

  it('lists the authentication log newest first, with filters, and events with the reason for a failure', async () => {
    const list = await ok('GET', 'logs/authentication/requests?page_size=50', auditlogs.ListAuthLogResponseSchema);
    assert.deepEqual(Object.keys(list.json), ['next_page_token', 'prev_page_token', 'total_size', 'authRequests']);
    const times = (list.json['authRequests'] as { timestamp: string }[]).map(({ timestamp }) => timestamp);
    assert.deepEqual(times, [...times].sort().reverse());
    const failed = await ok(
      'GET',
      'logs/authentication/requests?status=FAILED&status=PENDING&page_size=100',
      auditlogs.ListAuthLogResponseSchema,
    );
    assert.deepEqual(new Set(failed.message.authRequests.map(({ status }) => status)), new Set(['FAILED', 'PENDING']));
    const since = times[10] ?? '';
    const recent = await ok(
      'GET',
      `logs/authentication/requests?start_time=${encodeURIComponent(since)}`,
      auditlogs.ListAuthLogResponseSchema,
    );
    assert.equal(recent.message.totalSize, 11);
    await rest.fail('GET', 'logs/authentication/requests?status=NOPE', 400);
    const log = await ok('POST', 'events?page_size=20', events.ListEventsResponseSchema, {
      body: { event_types: ['auth_request.failed'] },
    });
    assert.ok(log.message.events.length > 0);
    assert.ok(log.message.events.every(({ data }) => typeof data?.['error_description'] === 'string'));
    await ok('POST', 'events/paginated?page_size=3', events.ListEventsPaginatedResponseSchema, { body: {} });
  });

  it('lists and revokes sessions', async () => {
    const members = await rest.send(
      'GET',
      `organizations/${LOONEY}/users?page_size=100`,
      users.ListOrganizationUsersResponseSchema,
    );
    let active = '';
    let someone = '';
    for (const { id } of members.message.users) {
      const list = await ok('GET', `users/${id}/sessions`, sessions.UserSessionDetailsSchema);
      const open = list.message.sessions.find(({ status }) => status === 'active');
      if (open !== undefined) [active, someone] = [open.sessionId, id];
    }
    const session = await ok('GET', `sessions/${active}`, sessions.SessionDetailsSchema);
    assert.equal(session.message.userId, someone);
    const revoked = await ok('POST', `sessions/${active}/revoke`, sessions.RevokeSessionResponseSchema);
    assert.equal(revoked.message.revokedSession?.status, 'revoked');
    await rest.fail('POST', `sessions/${active}/revoke`, 400);
    await ok('POST', `users/${someone}/sessions/revoke`, sessions.RevokeAllUserSessionsResponseSchema);
    const open = await ok('GET', `users/${someone}/sessions?filter.status=active`, sessions.UserSessionDetailsSchema);
    assert.equal(open.message.totalSize, 0);
  });

  it('creates, validates and invalidates API tokens of an organization', async () => {
    const created = await ok('POST', 'tokens', tokens.CreateTokenResponseSchema, {
      status: 201,
      body: { organization_id: LOONEY, description: 'For the bot' },
    });
    await ok('POST', 'tokens:validate', tokens.ValidateTokenResponseSchema, { body: { token: created.message.token } });
    await ok('POST', 'tokens:update', tokens.UpdateTokenResponseSchema, {
      body: { token: created.message.tokenId, description: 'For the other bot' },
    });
    const list = await ok('GET', `tokens?organization_id=${LOONEY}`, tokens.ListTokensResponseSchema);
    assert.equal(list.message.totalCount, 1);
    assert.ok(!list.text.includes(created.message.token));
    await ok('POST', 'tokens:invalidate', EmptySchema, { body: { token: created.message.token } });
    await rest.fail('POST', 'tokens:validate', 404, { body: { token: created.message.token } });
  });

  it('was tested at every endpoint it serves, and every response was checked', () => {
    const { served, further } = sandbox.coverage();
    const patterns = (template: string) =>
      new RegExp(
        `^${template.replace(/[.*+?^${}()|[\]\\]/g, (c) => (c === '{' || c === '}' ? c : `\\${c}`)).replace(/\{\w+\}/g, '[^/:]+(:[^/]+)?')}$`,
      );
    const unused = [...served, ...further].filter(
      ({ httpMethod, template }) =>
        !succeeded.some(([method, path]) => method === httpMethod && patterns(template).test(path)),
    );
    assert.deepEqual(
      unused.map(({ httpMethod, template }) => `${httpMethod} ${template}`),
      [],
    );
    assert.equal(served.length, 82);
    assert.equal(sandbox.requests.filter(({ protocol }) => protocol === 'rest').length, rest.judged);
  });
});
