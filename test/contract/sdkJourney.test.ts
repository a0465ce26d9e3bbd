import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ScalekitBadRequestException,
  ScalekitCancelledException,
  ScalekitClient,
  ScalekitConflictException,
  ScalekitForbiddenException,
  ScalekitGatewayTimeoutException,
  ScalekitInternalServerException,
  ScalekitNotFoundException,
  ScalekitNotImplementedException,
  ScalekitServiceUnavailableException,
  ScalekitTooManyRequestsException,
  ScalekitUnauthorizedException,
} from '@scalekit-sdk/node';
import {
  ConnectionProvider,
  ConnectionStatus,
  ConnectionType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import {
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { SessionPolicyType } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';
import { RestJudge } from './restJudge';

/** The parts of the SDK for resources that the sandbox serves. */
const AREAS = [
  'organization',
  'connection',
  'directory',
  'domain',
  'user',
  'role',
  'permission',
  'm2m',
  'session',
  'token',
  'events',
] as const;
const called = new Set<string>();

/** The SDK's own client, which also records each method called. */
function watched(client: ScalekitClient): ScalekitClient {
  for (const area of AREAS) {
    const part = client[area] as object;
    const watching = new Proxy(part, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (typeof value === 'function') called.add(`${area}.${String(name)}`);
        return value;
      },
    });
    Object.defineProperty(client, area, { value: watching });
  }
  return client;
}

/** The reason of a promise that must reject. */
async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => error,
  );
}

describe('the official Node SDK, unchanged and over gRPC,', () => {
  let sandbox: Sandbox;
  let sdk: ScalekitClient;
  let looney = '';
  const clientOf = (credentials: { clientId: string; clientSecret: string }) =>
    watched(new ScalekitClient(sandbox.url, credentials.clientId, credentials.clientSecret));

  before(async () => {
    sandbox = await startSandbox({ organizations: 250, seed: 7 });
    sdk = clientOf(sandbox);
    looney = (await sdk.organization.listOrganization({ pageSize: 1 })).organizations[0]?.id ?? '';
  });
  after(() => sandbox.close());

  it('lists all organizations page by page, forward and back', async () => {
    const names: string[] = [];
    let pageToken = '';
    let previous: string;
    do {
      const page = await sdk.organization.listOrganization({
        pageSize: 60,
        ...(pageToken === '' ? {} : { pageToken }),
      });
      names.push(...page.organizations.map(({ id }) => id));
      assert.equal(page.totalSize, 250);
      pageToken = page.nextPageToken;
      previous = page.prevPageToken;
    } while (pageToken !== '');
    assert.equal(new Set(names).size, 250);
    const back = await sdk.organization.listOrganization({ pageSize: 60, pageToken: previous });
    assert.deepEqual(
      back.organizations.map(({ id }) => id),
      names.slice(180, 240),
    );
  });

  it('creates, finds, changes and deletes an organization, and sees through gRPC what REST sees', async () => {
    const { organization } = await sdk.organization.createOrganization('Road Runner', { externalId: 'beep' });
    const id = organization?.id ?? '';
    assert.equal((await sdk.organization.getOrganization(id)).organization?.displayName, 'Road Runner');
    assert.equal((await sdk.organization.getOrganizationByExternalId('beep')).organization?.id, id);
    assert.deepEqual(
      (await sdk.organization.searchOrganization('road run')).organizations.map((found) => found.id),
      [id],
    );
    await sdk.organization.updateOrganization(id, { displayName: 'Road Runner Inc', metadata: { tier: 'gold' } });
    await sdk.organization.updateOrganizationByExternalId('beep', { displayName: 'Road Runner Group' });
    const updated = (await sdk.organization.getOrganization(id)).organization;
    assert.deepEqual(
      [updated?.displayName, updated?.metadata, updated?.externalId],
      ['Road Runner Group', { tier: 'gold' }, 'beep'],
    );
    const settings = await sdk.organization.updateOrganizationSettings(id, {
      features: [{ name: 'sso', enabled: true }],
    });
    assert.equal(settings.organization?.settings?.features.find(({ name }) => name === 'sso')?.enabled, true);
    assert.equal((await sdk.organization.upsertUserManagementSettings(id, { maxAllowedUsers: 3 }))?.maxAllowedUsers, 3);
    assert.equal((await sdk.organization.getOrganizationUserManagementSetting(id)).settings?.maxAllowedUsers, 3);
    const policy = await sdk.organization.updateOrganizationSessionPolicy(id, {
      policySource: 'CUSTOM',
      absoluteSessionTimeout: 5,
      absoluteSessionTimeoutUnit: 'DAYS',
    });
    assert.equal(policy.absoluteSessionTimeout, 5);
    assert.equal((await sdk.organization.getOrganizationSessionPolicy(id)).policySource, SessionPolicyType.CUSTOM);
    const rest = await fetch(`${sandbox.url}/api/v1/organizations/${id}`, {
      headers: { authorization: `Bearer ${await sdk.getClientAccessToken()}` },
    });
    assert.equal(
      ((await rest.json()) as { organization: { display_name: string } }).organization.display_name,
      'Road Runner Group',
    );

    const link = await sdk.organization.generatePortalLink(id);
    assert.ok(Number(link.expireTime?.seconds) * 1000 > Date.now());
    assert.equal((await fetch(link.location)).status, 200);
    assert.equal((await fetch(link.location)).status, 410);

    await sdk.organization.deleteOrganization(id);
    assert.ok((await errorOf(sdk.organization.getOrganization(id))) instanceof ScalekitNotFoundException);
    const again = await sdk.organization.createOrganization('Road Runner', { externalId: 'beep' });
    await sdk.organization.deleteOrganization(again.organization?.id ?? '');
  });

  it('creates, gets, lists, enables, disables and deletes connections', async () => {
    const { connections } = await sdk.connection.listConnections(looney);
    assert.ok(
      connections.length > 1 &&
        connections.every(({ enabled, status }) => enabled && status === ConnectionStatus.COMPLETED),
    );
    const [first] = connections;
    assert.ok(first !== undefined);
    assert.equal((await sdk.connection.getConnection(looney, first.id)).connection?.settings.case, 'samlConfig');
    assert.deepEqual(
      (await sdk.connection.listConnectionsByDomain('looneycorp.com')).connections.map(({ id }) => id),
      [first.id],
    );
    assert.equal((await sdk.connection.disableConnection(looney, first.id)).enabled, false);
    assert.equal((await sdk.connection.listConnections(looney)).connections.length, connections.length - 1);
    assert.equal((await sdk.connection.enableConnection(looney, first.id)).enabled, true);
    const { connection } = await sdk.connection.createConnection(looney, {
      provider: ConnectionProvider.OKTA,
      type: ConnectionType.OIDC,
    } as never);
    assert.equal(connection?.status, ConnectionStatus.DRAFT);
    assert.equal((await sdk.connection.enableConnection(looney, connection?.id ?? '')).enabled, false);
    await sdk.connection.deleteConnection(looney, connection?.id ?? '');
    assert.ok(
      (await errorOf(sdk.connection.getConnection(looney, connection?.id ?? ''))) instanceof ScalekitNotFoundException,
    );
    const apps = await sdk.connection.listAppConnections({ pageSize: 2 });
    assert.deepEqual([apps.connections.length, apps.totalSize], [2, 5]);
  });

  it('creates, gets, lists, enables, disables and deletes directories, with users and groups', async () => {
    const { directories } = await sdk.directory.listDirectories(looney);
    const id = directories[0]?.id ?? '';
    assert.equal((await sdk.directory.getPrimaryDirectoryByOrganizationId(looney)).id, id);
    const page = await sdk.directory.listDirectoryUsers(looney, id, { pageSize: 30 });
    const rest = await sdk.directory.listDirectoryUsers(looney, id, { pageSize: 30, pageToken: page.nextPageToken });
    assert.equal(page.users.length + rest.users.length, page.totalSize);
    const groups = await sdk.directory.listDirectoryGroups(looney, id, { includeDetail: true });
    assert.equal(groups.groups[0]?.totalUsers, page.totalSize);
    const updated = await sdk.directory.listDirectoryUsers(looney, id, {
      updatedAfter: new Date(Date.now() - 5 * 86_400_000).toISOString(),
    });
    assert.ok(updated.totalSize > 0 && updated.totalSize < page.totalSize);
    assert.equal((await sdk.directory.disableDirectory(looney, id)).enabled, false);
    assert.equal((await sdk.directory.getDirectory(looney, id)).directory?.enabled, false);
    assert.equal((await sdk.directory.enableDirectory(looney, id)).enabled, true);
    const { directory } = await sdk.directory.createDirectory(looney, {
      directoryType: DirectoryType.SCIM,
      directoryProvider: DirectoryProvider.OKTA,
    } as never);
    await sdk.directory.deleteDirectory(looney, directory?.id ?? '');
    assert.ok(
      (await errorOf(sdk.directory.getDirectory(looney, directory?.id ?? ''))) instanceof ScalekitNotFoundException,
    );
  });

  it('creates, gets, lists and deletes domains', async () => {
    const { domain } = await sdk.domain.createDomain(looney, 'acme-anvils.example', {
      domainType: 'ORGANIZATION_DOMAIN',
    });
    assert.equal((await sdk.domain.getDomain(looney, domain?.id ?? '')).domain?.domain, 'acme-anvils.example');
    assert.equal((await sdk.domain.listDomains(looney)).domains.length, 5);
    assert.equal((await sdk.domain.listDomains(looney, { domainType: 'ALLOWED_EMAIL_DOMAIN' })).domains.length, 1);
    await sdk.domain.deleteDomain(looney, domain?.id ?? '');
    assert.ok((await errorOf(sdk.domain.getDomain(looney, domain?.id ?? ''))) instanceof ScalekitNotFoundException);
  });

  it('manages users, memberships, invites and the roles of a user', async () => {
    const { user } = await sdk.user.createUserAndMembership(looney, {
      email: 'marvin@looneycorp.com',
      externalId: 'm-1',
      sendInvitationEmail: true,
    });
    const id = user?.id ?? '';
    assert.equal((await sdk.user.getUser(id)).user?.email, 'marvin@looneycorp.com');
    assert.equal((await sdk.user.getUserByExternalId('m-1')).user?.id, id);
    assert.deepEqual(
      (await sdk.user.searchUsers('marvin@')).users.map((found) => found.id),
      [id],
    );
    assert.deepEqual(
      (await sdk.user.searchOrganizationUsers(looney, 'marvin@')).users.map((found) => found.id),
      [id],
    );
    assert.equal((await sdk.user.resendInvite(looney, id)).invite?.resentCount, 1);
    await sdk.user.updateUser(id, { userProfile: { firstName: 'Marvin' }, metadata: { planet: 'Mars' } });
    await sdk.user.updateUserByExternalId('m-1', { userProfile: { lastName: 'Martian' } });
    const profile = (await sdk.user.getUser(id)).user?.userProfile;
    assert.deepEqual([profile?.givenName, profile?.familyName], ['Marvin', 'Martian']);
    await sdk.user.assignUserRoles(looney, id, ['billing']);
    assert.deepEqual(
      (await sdk.user.listUserRoles(looney, id)).roles.map(({ name }) => name),
      ['member', 'billing'],
    );
    assert.ok(
      (await sdk.user.listUserPermissions(looney, id)).permissions.some(({ name }) => name === 'billing:write'),
    );
    await sdk.user.removeUserRole(looney, id, 'billing');
    await sdk.user.updateMembership(looney, id, { roles: ['viewer'], metadata: { team: 'space' } });
    assert.deepEqual(
      (await sdk.user.listUserRoles(looney, id)).roles.map(({ name }) => name),
      ['viewer'],
    );
    await sdk.user.updateMembershipByExternalId(looney, 'm-1', { roles: ['admin'] });

    const other = (await sdk.organization.listOrganization({ pageSize: 2 })).organizations[1]?.id ?? '';
    await sdk.user.createMembership(other, id, { roles: ['member'] });
    assert.ok(
      (await sdk.user.listOrganizationUsers(other, { pageSize: 100 })).users.some((member) => member.id === id),
    );
    await sdk.user.deleteMembership(other, id);
    await sdk.user.createMembershipByExternalId(other, 'm-1', { roles: ['member'] });
    await sdk.user.deleteMembershipByExternalId(other, 'm-1');
    assert.equal((await sdk.user.getUser(id)).user?.memberships.length, 1);

    let count = 0;
    let pageToken = '';
    do {
      const page = await sdk.user.listUsers({ pageSize: 100, pageToken });
      count += page.users.length;
      pageToken = page.nextPageToken;
      if (pageToken === '') assert.equal(count, page.totalSize);
    } while (pageToken !== '');
    await sdk.user.deleteUserByExternalId('m-1');
    assert.ok((await errorOf(sdk.user.getUser(id))) instanceof ScalekitNotFoundException);
    const second = await sdk.user.createUserAndMembership(looney, { email: 'marvin@looneycorp.com' });
    await sdk.user.deleteUser(second.user?.id ?? '');
  });

  it('manages roles and permissions', async () => {
    await sdk.permission.createPermission({ name: 'anvil:drop', description: 'Drops' } as never);
    await sdk.permission.updatePermission('anvil:drop', { name: 'anvil:drop', description: 'Drops anvils' } as never);
    assert.equal((await sdk.permission.getPermission('anvil:drop')).permission?.description, 'Drops anvils');
    const first = await sdk.permission.listPermissions(undefined, 5);
    const second = await sdk.permission.listPermissions(first.nextPageToken, 100);
    assert.equal(first.permissions.length + second.permissions.length, first.totalSize);
    await sdk.role.createRole({
      name: 'dropper',
      displayName: 'Dropper',
      extends: 'viewer',
      permissions: ['anvil:drop'],
    } as never);
    await sdk.role.updateRole('dropper', { displayName: 'Anvil Dropper', permissions: [] } as never);
    assert.equal((await sdk.role.getRole('dropper')).role?.displayName, 'Anvil Dropper');
    await sdk.permission.addPermissionsToRole('dropper', ['usr:write']);
    await sdk.permission.removePermissionFromRole('dropper', 'anvil:drop');
    assert.deepEqual(
      (await sdk.permission.listRolePermissions('dropper')).permissions.map(({ name }) => name),
      ['usr:write'],
    );
    assert.ok((await sdk.permission.listEffectiveRolePermissions('dropper')).permissions.length > 1);
    assert.ok((await sdk.role.listDependentRoles('viewer')).roles.some(({ name }) => name === 'dropper'));
    assert.ok((await sdk.role.getRoleUsersCount('admin')).count > 0n);
    assert.ok((await errorOf(sdk.role.deleteRole('viewer'))) instanceof ScalekitBadRequestException);
    await sdk.role.deleteRoleBase('dropper');
    assert.equal((await sdk.role.getRole('dropper')).role?.extends, undefined);
    assert.equal((await sdk.role.updateDefaultRoles({ defaultMemberRole: 'dropper' })).defaultMember?.name, 'dropper');
    await sdk.role.updateDefaultRoles({ defaultMemberRole: 'member' });
    assert.ok((await sdk.role.listRoles()).roles.length >= 5);
    await sdk.role.deleteRole('dropper', 'member');
    await sdk.permission.deletePermission('anvil:drop');

    await sdk.role.createOrganizationRole(looney, {
      name: 'director',
      displayName: 'Director',
      extends: 'member',
    } as never);
    await sdk.role.updateOrganizationRole(looney, 'director', {
      displayName: 'Film Director',
      permissions: [],
    } as never);
    assert.equal((await sdk.role.getOrganizationRole(looney, 'director')).role?.isOrgRole, true);
    assert.ok((await sdk.role.listOrganizationRoles(looney)).roles.some(({ name }) => name === 'director'));
    assert.equal((await sdk.role.getOrganizationRoleUsersCount(looney, 'director')).count, 0n);
    assert.equal((await sdk.role.updateDefaultOrganizationRoles(looney, 'director')).defaultMember?.name, 'director');
    await sdk.role.updateDefaultOrganizationRoles(looney, 'member');
    await sdk.role.deleteOrganizationRoleBase(looney, 'director');
    await sdk.role.deleteOrganizationRole(looney, 'director');
  });

  it('creates API clients of an organization, whose tokens the API refuses', async () => {
    const created = await sdk.m2m.createOrganizationClient(looney, {
      name: 'Robot',
      scopes: ['read:all'],
      audience: ['https://api.example.com'],
      customClaims: { tier: 'gold' },
    });
    const id = created.client?.clientId ?? '';
    assert.equal((await sdk.m2m.getOrganizationClient(looney, id)).client?.name, 'Robot');
    await sdk.m2m.updateOrganizationClient(looney, id, { description: 'Beeps' });
    assert.ok(
      (await sdk.m2m.listOrganizationClients(looney, { pageSize: 100 })).clients.some(
        ({ clientId }) => clientId === id,
      ),
    );
    const added = await sdk.m2m.addOrganizationClientSecret(looney, id);
    for (const secret of [created.plainSecret, added.plainSecret]) {
      const token = await sdk.generateClientToken(id, secret);
      assert.equal(
        await sdk.validateAccessToken(token, {
          issuer: sandbox.url,
          audience: ['https://api.example.com'],
          requiredScopes: ['read:all'],
        }),
        true,
      );
      assert.equal(await sdk.validateAccessToken(token, { requiredScopes: ['write:all'] }), false);
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
        string,
        unknown
      >;
      assert.deepEqual([claims['sub'], claims['client_id'], claims['oid'], claims['tier']], [id, id, looney, 'gold']);
    }
    const robot = clientOf({ clientId: id, clientSecret: created.plainSecret });
    const refusal = await errorOf(robot.organization.listOrganization());
    assert.ok(refusal instanceof ScalekitForbiddenException, String(refusal));
    await sdk.m2m.removeOrganizationClientSecret(looney, id, created.client?.secrets[0]?.id ?? '');
    await errorOf(sdk.generateClientToken(id, created.plainSecret));
    await sdk.generateClientToken(id, added.plainSecret);
    await sdk.m2m.deleteOrganizationClient(looney, id);
    await errorOf(sdk.generateClientToken(id, added.plainSecret));
  });

  it('manages sessions and API tokens, and lists events', async () => {
    const members = await sdk.user.listOrganizationUsers(looney, { pageSize: 100 });
    const all = await Promise.all(members.users.map(({ id }) => sdk.session.getUserSessions(id, { pageSize: 10 })));
    const open = all.flatMap(({ sessions }) => sessions).find(({ status }) => status === 'active');
    assert.ok(open !== undefined);
    assert.equal((await sdk.session.getSession(open.sessionId)).device?.ip, '203.0.113.10');
    assert.equal((await sdk.session.revokeSession(open.sessionId)).revokedSession?.status, 'revoked');
    await sdk.session.revokeAllUserSessions(open.userId);
    assert.equal((await sdk.session.getUserSessions(open.userId, { filter: { status: ['active'] } })).totalSize, 0);

    const { token, tokenId } = await sdk.token.createToken(looney, {
      customClaims: { env: 'test' },
      description: 'CI',
    });
    assert.equal((await sdk.token.validateToken(token)).tokenInfo?.tokenId, tokenId);
    await sdk.token.updateToken(tokenId, { description: 'CI, new' });
    assert.deepEqual(
      (await sdk.token.listTokens(looney)).tokens.map(({ description }) => description),
      ['CI, new'],
    );
    await sdk.token.invalidateToken(token);
    await errorOf(sdk.token.validateToken(token));
    assert.equal((await sdk.events.listEventsPaginated(4)).events.length, 4);
  });

  it('throws its own exception class for each kind of error', async () => {
    const get = () => sdk.organization.listOrganization({ pageSize: 1 });
    const validation = await errorOf(sdk.organization.searchOrganization('ab'));
    assert.ok(validation instanceof ScalekitBadRequestException);
    const [detail] = validation.unpackedDetails as {
      validationErrorInfo?: { fieldViolations: { field: string; constraint: string }[] };
    }[];
    assert.deepEqual(
      detail?.validationErrorInfo?.fieldViolations.map(({ field, constraint }) => [field, constraint]),
      [['query', 'string.min_len']],
    );
    assert.ok(
      (await errorOf(sdk.organization.createOrganization('Again', { externalId: 'my_unique_id' }))) instanceof
        ScalekitConflictException,
    );
    const kinds: [number, new (error: never) => Error, string][] = [
      [400, ScalekitBadRequestException, 'INVALID_ARGUMENT'],
      [403, ScalekitForbiddenException, 'PERMISSION_DENIED'],
      [404, ScalekitNotFoundException, 'NOT_FOUND'],
      [409, ScalekitConflictException, 'ALREADY_EXISTS'],
      [429, ScalekitTooManyRequestsException, 'RATE_LIMITED'],
      [500, ScalekitInternalServerException, 'INTERNAL'],
      [501, ScalekitNotImplementedException, 'UNIMPLEMENTED'],
      [504, ScalekitGatewayTimeoutException, 'DEADLINE_EXCEEDED'],
    ];
    for (const [status, kind, errorCode] of kinds) {
      sandbox.addFault({ path: '/api/v1/organizations', status, times: 1 });
      const error = await errorOf(get());
      assert.ok(error instanceof kind, `${status} gave ${String((error as Error).constructor.name)}`);
      assert.equal((error as unknown as { errorCode: string }).errorCode, errorCode);
    }
    assert.ok((await errorOf(sdk.tools.listTools({} as never))) instanceof ScalekitNotImplementedException);
    const weak = clientOf(sandbox.addClient({ permissions: ['organizations_read'] }));
    await weak.organization.getOrganization(looney);
    const refused = await errorOf(weak.organization.deleteOrganization(looney));
    assert.ok(refused instanceof ScalekitForbiddenException);
    const [missing] = refused.unpackedDetails as { resourceInfo?: { requiredPermissions: string[] } }[];
    assert.deepEqual(missing?.resourceInfo?.requiredPermissions, ['organizations_write']);
    const closed = clientOf(sandbox.addClient({ disallowScalekitApiAccess: true }));
    assert.ok((await errorOf(closed.organization.listOrganization())) instanceof ScalekitForbiddenException);
    sandbox.addFault({ path: '*ListOrganization', status: 401, times: 4 });
    assert.ok((await errorOf(get())) instanceof ScalekitUnauthorizedException);
    await get();
  });

  it('gives up on an unavailable service after three more tries', async function () {
    this.timeout(20_000);
    sandbox.clearRequests();
    sandbox.addFault({ path: '*ListOrganization', status: 503, times: 4 });
    assert.ok((await errorOf(sdk.organization.listOrganization())) instanceof ScalekitServiceUnavailableException);
    assert.deepEqual(
      sandbox.requests.map(({ status }) => status),
      [503, 503, 503, 503],
    );
  });

  it('retries an unavailable service, and reports a cut connection and a response that isn’t gRPC', async () => {
    sandbox.clearRequests();
    sandbox.addFault({ path: '/api/v1/organizations', method: 'POST', status: 503, times: 1 });
    await sdk.organization.listOrganization({ pageSize: 1 });
    assert.deepEqual(
      sandbox.requests.map(({ status, protocol }) => [status, protocol]),
      [
        [503, 'grpc'],
        [200, 'grpc'],
      ],
    );
    sandbox.addFault({ path: '*ListOrganization', html: true, times: 1 });
    await sdk.organization.listOrganization({ pageSize: 1 });
    for (const fault of [{ drop: true }, { halfBody: true }]) {
      sandbox.addFault({ path: '*ListOrganization', ...fault, times: 1 });
      assert.ok(
        (await errorOf(sdk.organization.listOrganization({ pageSize: 1 }))) instanceof ScalekitCancelledException,
      );
    }
    sandbox.addFault({ path: '*ListOrganization', wrongJson: true, times: 1 });
    const error = await errorOf(sdk.organization.listOrganization({ pageSize: 1 }));
    assert.match(String((error as Error).message), /unsupported content type application\/json/);
    assert.equal((await sdk.organization.listOrganization({ pageSize: 1 })).totalSize, 250, 'it works afterwards');
    sandbox.clearFaults();
  });

  it('renews its token when it expires, when the sandbox expires all tokens, and when keys are rotated', async () => {
    const short = await startSandbox({ organizations: 3, tokenLifetimeSeconds: 1 });
    try {
      const client = new ScalekitClient(short.url, short.clientId, short.clientSecret);
      await client.organization.listOrganization();
      const token = await client.getClientAccessToken();
      assert.equal(await client.validateAccessToken(token), true);
      await wait(1_100);
      assert.equal(await client.validateAccessToken(token), false, 'it expired');
      short.clearRequests();
      await client.organization.listOrganization();
      assert.deepEqual(
        short.requests.map(({ status }) => status),
        [401, 200, 200],
      );
    } finally {
      await short.close();
    }
    await sdk.organization.listOrganization();
    for (const spoil of [() => sandbox.expireTokens(), () => sandbox.rotateKeys()]) {
      spoil();
      sandbox.clearRequests();
      await sdk.organization.listOrganization();
      assert.deepEqual(
        sandbox.requests.map(({ status, protocol }) => [status, protocol]),
        [
          [401, 'grpc'],
          [200, 'oauth'],
          [200, 'grpc'],
        ],
      );
    }
  });

  it('was tested with every method it has for these resources', () => {
    const missing = AREAS.flatMap((area) =>
      Object.getOwnPropertyNames(
        Object.getPrototypeOf(new ScalekitClient('http://127.0.0.1:1', 'a', 'b')[area]) as object,
      )
        .filter((name) => name !== 'constructor' && name !== 'resolveDomainType')
        .map((name) => `${area}.${name}`)
        .filter((name) => !called.has(name)),
    );
    assert.deepEqual(missing, []);
  });

  it('leaves REST working on the same port', async () => {
    const rest = new RestJudge(sandbox);
    await rest.fail('GET', 'organizations/org_1', 404);
    assert.ok(
      sandbox.requests.some(({ protocol }) => protocol === 'grpc') &&
        sandbox.requests.some(({ protocol }) => protocol === 'rest'),
    );
  });
});
