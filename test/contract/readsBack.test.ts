import assert from 'node:assert/strict';
import { create, type DescField } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ScalekitClient } from '@scalekit-sdk/node';
import { OrganizationClientSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/clients/clients_pb';
import {
  ConnectionProvider,
  ConnectionType,
  CreateConnectionSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb';
import {
  CreateDirectorySchema,
  DirectoryProvider,
  DirectoryType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { CreateDomainSchema, DomainType } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/domains/domains_pb';
import { CreateOrganizationSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { RegionCode } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/commons/commons_pb';
import {
  CreateOrganizationRoleSchema,
  CreatePermissionSchema,
  CreateRoleSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';
import {
  CreateMembershipSchema,
  CreateUserProfileSchema,
  CreateUserSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/users/users_pb';
import { CreateTokenSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tokens/tokens_pb';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';

type Json = Record<string, unknown>;

interface Resource {
  /** The message that creates it. Every field of the message must be in `fields`. */
  readonly schema: { readonly fields: readonly DescField[] };
  readonly fields: Json;
  /** Where it's created. */
  readonly path: string;
  readonly wrap: string;
  /** The address of the new resource. */
  readonly own: (made: Json) => string;
  /** The list that contains it, and the name of the list's field. */
  readonly list: readonly [path: string, name: string];
  /** Fields that come back in another form. */
  readonly as?: Readonly<Record<string, unknown>>;
}

describe('the sandbox', () => {
  let sandbox: Sandbox;
  let token: string;
  let organization: string;

  const call = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${sandbox.url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Json;
  };

  before(async () => {
    sandbox = await startSandbox({ organizations: 3, seed: 1 });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sandbox.clientId,
      client_secret: sandbox.clientSecret,
    });
    token = (
      (await (await fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: form })).json()) as {
        access_token: string;
      }
    ).access_token;
    const { organizations } = (await call('GET', '/organizations')) as { organizations: { id: string }[] };
    organization = organizations[1]?.id ?? '';
  });
  after(() => sandbox.close());

  const profile = {
    given_name: 'John',
    family_name: 'Doe',
    first_name: 'John',
    last_name: 'Doe',
    name: 'John Q. Doe',
    locale: 'en-US',
    phone_number: '+15550100',
    metadata: { team: 'north' },
    custom_attributes: { badge: '17' },
    preferred_username: 'jdoe',
    picture: 'https://acme.example/john.png',
    gender: 'male',
    groups: ['one', 'two'],
  };
  const role = {
    name: 'auditor',
    display_name: 'Auditor',
    description: 'Reads everything',
    extends: 'viewer',
    permissions: ['usr:read', 'billing:read'],
  };

  const resources: Readonly<Record<string, () => Resource>> = {
    'an organization': () => ({
      schema: CreateOrganizationSchema,
      fields: {
        display_name: 'Round Trip',
        region_code: RegionCode[RegionCode.EU],
        external_id: 'ext-1',
        metadata: { plan: 'team' },
        slug: 'round-trip',
        logo_url: 'https://acme.example/logo.png',
      },
      path: '/organizations',
      wrap: 'organization',
      own: ({ id }) => `/organizations/${String(id)}`,
      list: ['/organizations?page_size=100', 'organizations'],
    }),
    'a user': () => ({
      schema: CreateUserSchema,
      fields: {
        email: 'john@acme.example',
        external_id: 'u-ext',
        metadata: { desk: '4' },
        user_profile: profile,
        membership: {},
      },
      path: `/organizations/${organization}/users`,
      wrap: '',
      own: ({ id }) => `/users/${String(id)}`,
      list: [`/organizations/${organization}/users?page_size=100`, 'users'],
      as: { membership: undefined },
    }),
    'a connection': () => ({
      schema: CreateConnectionSchema,
      fields: {
        provider: ConnectionProvider[ConnectionProvider.OKTA],
        type: ConnectionType[ConnectionType.SAML],
        provider_key: 'okta',
        key_id: 'okta-1',
      },
      path: `/organizations/${organization}/connections`,
      wrap: 'connection',
      own: ({ id }) => `/organizations/${organization}/connections/${String(id)}`,
      list: [`/connections?organization_id=${organization}&include=all`, 'connections'],
    }),
    'a directory': () => ({
      schema: CreateDirectorySchema,
      fields: {
        directory_type: DirectoryType[DirectoryType.SCIM],
        directory_provider: DirectoryProvider[DirectoryProvider.OKTA],
      },
      path: `/organizations/${organization}/directories`,
      wrap: 'directory',
      own: ({ id }) => `/organizations/${organization}/directories/${String(id)}`,
      list: [`/organizations/${organization}/directories`, 'directories'],
    }),
    'a domain': () => ({
      schema: CreateDomainSchema,
      fields: { domain: 'round.example', domain_type: DomainType[DomainType.ALLOWED_EMAIL_DOMAIN] },
      path: `/organizations/${organization}/domains`,
      wrap: 'domain',
      own: ({ id }) => `/organizations/${organization}/domains/${String(id)}`,
      list: [`/organizations/${organization}/domains`, 'domains'],
    }),
    'a role': () => ({
      schema: CreateRoleSchema,
      fields: role,
      path: '/roles',
      wrap: 'role',
      own: ({ name }) => `/roles/${String(name)}?include=permissions`,
      list: ['/roles?include=permissions', 'roles'],
    }),
    'a role of an organization': () => ({
      schema: CreateOrganizationRoleSchema,
      fields: { ...role, name: 'own_auditor' },
      path: `/organizations/${organization}/roles`,
      wrap: 'role',
      own: ({ name }) => `/organizations/${organization}/roles/${String(name)}?include=permissions`,
      list: [`/organizations/${organization}/roles?include=permissions`, 'roles'],
    }),
    'a permission': () => ({
      schema: CreatePermissionSchema,
      fields: { name: 'audit:read', description: 'Reads audits' },
      path: '/permissions',
      wrap: 'permission',
      own: ({ name }) => `/permissions/${String(name)}`,
      list: ['/permissions?page_size=100', 'permissions'],
    }),
    'an API client': () => ({
      schema: OrganizationClientSchema,
      fields: {
        name: 'Nightly',
        description: 'Runs at night',
        scopes: ['a:read', 'b:write'],
        audience: ['https://api.example'],
        custom_claims: [{ key: 'tier', value: 'gold' }],
        expiry: '7200',
      },
      path: `/organizations/${organization}/clients`,
      wrap: 'client',
      own: ({ client_id: id }) => `/organizations/${organization}/clients/${String(id)}`,
      list: [`/organizations/${organization}/clients?page_size=100`, 'clients'],
    }),
  };

  /** What was sent, in the form in which it should come back. Roles return their permissions as objects. */
  const shown = (fields: Json, read: Json): Json =>
    Object.fromEntries(
      Object.entries(fields).map(([name, sent]) => {
        const value = read[name];
        if (name === 'permissions' && Array.isArray(value))
          return [name, value.map((each: unknown) => (each as { name: string }).name)];
        return [name, name === 'user_profile' ? shown(sent as Json, value as Json) : value];
      }),
    );

  for (const [title, resource] of Object.entries(resources)) {
    it(`returns ${title} with every field, by itself and in its list`, async () => {
      const { schema, fields, path, wrap, own, list, as = {} } = resource();
      assert.deepEqual(schema.fields.map(({ name }) => name).sort(), Object.keys(fields).sort(), 'a field is missing');
      const response = await call('POST', path, fields);
      const made = (response[wrap || 'user'] ?? Object.values(response)[0]) as Json;
      const expected = { ...fields, ...as };
      assert.deepEqual(shown(fields, made), expected, 'as created');
      const read = Object.values(await call('GET', own(made)))[0] as Json;
      assert.deepEqual(shown(fields, read), expected, 'by itself');
      const rows = (await call('GET', list[0]))[list[1]] as Json[];
      const row =
        rows.find((each) => ['id', 'client_id'].some((key) => made[key] !== undefined && each[key] === made[key])) ??
        assert.fail("it isn't listed");
      assert.deepEqual(shown(fields, row), expected, 'in its list');
    });
  }

  it('returns every field of a user’s profile', () => {
    assert.deepEqual(CreateUserProfileSchema.fields.map(({ name }) => name).sort(), Object.keys(profile).sort());
  });

  it('returns a membership with every field', async () => {
    const membership = { roles: [{ name: 'viewer' }], metadata: { floor: '3rd' }, inviter_email: 'boss@acme.example' };
    assert.deepEqual(CreateMembershipSchema.fields.map(({ name }) => name).sort(), Object.keys(membership).sort());
    const { user } = (await call('POST', `/organizations/${organization}/users`, {
      email: 'jane@acme.example',
      membership,
    })) as { user: { id: string } };
    const { user: read } = (await call('GET', `/users/${user.id}`)) as { user: { memberships: (typeof membership)[] } };
    const [{ roles, metadata, inviter_email } = assert.fail('it has none')] = read.memberships;
    assert.deepEqual({ roles: roles.map(({ name }) => ({ name })), metadata, inviter_email }, membership);
  });

  it('returns an API token with every field', async () => {
    const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    const { user } = await sdk.user.createUserAndMembership(organization, { email: 'token@acme.example' });
    const expiry = new Date(Date.now() + 86_400_000);
    assert.deepEqual(CreateTokenSchema.fields.map(({ name }) => name).sort(), [
      'custom_claims',
      'description',
      'expiry',
      'organization_id',
      'user_id',
    ]);
    const made = await sdk.token.createToken(organization, {
      userId: user?.id ?? '',
      customClaims: { tier: 'gold' },
      expiry: timestampFromDate(expiry),
      description: 'For tests',
    });
    const { tokenInfo } = await sdk.token.validateToken(made.token);
    assert.deepEqual(
      [
        tokenInfo?.organizationId,
        tokenInfo?.userId,
        tokenInfo?.customClaims,
        tokenInfo?.expiry,
        tokenInfo?.description,
      ],
      [organization, user?.id, { tier: 'gold' }, timestampFromDate(expiry), 'For tests'],
    );
  });

  it('returns a user’s names as the SDK’s own example writes and prints them', async () => {
    const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    const { user } = await sdk.user.createUserAndMembership(organization, {
      email: 'user@acme.example',
      userProfile: create(CreateUserProfileSchema, { firstName: 'John', lastName: 'Doe' }),
    });
    const id = user?.id ?? '';
    const names = async () => {
      const { user: read } = await sdk.user.getUser(id);
      const { firstName, lastName, givenName, familyName, name } =
        read?.userProfile ?? assert.fail('it has no profile');
      return { firstName, lastName, givenName, familyName, name };
    };
    assert.deepEqual(await names(), {
      firstName: 'John',
      lastName: 'Doe',
      givenName: 'John',
      familyName: 'Doe',
      name: 'John Doe',
    });
    await sdk.user.updateUser(id, { userProfile: { firstName: 'Jane', lastName: 'Roe' } } as Parameters<
      typeof sdk.user.updateUser
    >[1]);
    const { firstName, lastName, givenName, familyName } = await names();
    assert.deepEqual([firstName, lastName, givenName, familyName], ['Jane', 'Roe', 'Jane', 'Roe']);
    const { users } = await sdk.user.listOrganizationUsers(organization, { pageSize: 100 });
    assert.ok(
      users.every(
        ({ userProfile }) =>
          userProfile?.firstName === userProfile?.givenName && userProfile?.lastName === userProfile?.familyName,
      ),
    );
  });

  it('marks an organization’s default role in its roles', async () => {
    await call('PATCH', `/organizations/${organization}/roles:set_defaults`, { default_member_role: 'viewer' });
    const { roles } = (await call('GET', `/organizations/${organization}/roles`)) as {
      roles: { name: string; default_member: boolean }[];
    };
    assert.deepEqual(
      roles.filter((each) => each.default_member).map(({ name }) => name),
      ['viewer'],
    );
    const everywhere = (await call('GET', '/roles')) as { roles: typeof roles };
    assert.deepEqual(
      everywhere.roles.filter((each) => each.default_member).map(({ name }) => name),
      ['member'],
    );
  });

  it('keeps the entries of the sign-in log when users, connections and organizations are added or deleted', async () => {
    const all = async (path: string, name: string): Promise<unknown[]> => {
      const rows: unknown[] = [];
      for (let pageToken = ''; ; ) {
        const page = await call('GET', `${path}?page_size=100&page_token=${encodeURIComponent(pageToken)}`);
        rows.push(...(page[name] as unknown[]));
        pageToken = String(page['next_page_token'] ?? '');
        if (pageToken === '') return rows;
      }
    };
    const read = (): Promise<unknown[]> => all('/logs/authentication/requests', 'authRequests');
    const before = await read();
    assert.equal(before.length, 12);
    const { organizations } = (await call('GET', '/organizations')) as { organizations: { id: string }[] };
    const [first = { id: '' }] = organizations;
    const { organization: made } = (await call('POST', '/organizations', { display_name: 'Short Lived' })) as {
      organization: { id: string };
    };
    await call('POST', `/organizations/${made.id}/users`, { email: 'new@short.example' });
    assert.deepEqual(await read(), before, 'after a user was added');
    const { connections } = (await call('GET', `/connections?organization_id=${first.id}&include=all`)) as {
      connections: { id: string }[];
    };
    const remove = async (path: string): Promise<void> => {
      const response = await fetch(`${sandbox.url}/api/v1${path}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${token}` },
      });
      assert.ok(response.ok, path);
    };
    await remove(`/organizations/${first.id}/connections/${connections[0]?.id ?? ''}`);
    assert.deepEqual(await read(), before, 'after a connection was deleted');
    const { users } = (await call('GET', `/organizations/${first.id}/users`)) as { users: { id: string }[] };
    for (const { id } of users) await remove(`/users/${id}`);
    assert.deepEqual(await read(), before, 'after its users were deleted');
    for (const { id } of [made, first]) await remove(`/organizations/${id}`);
    assert.deepEqual(await read(), before, 'after organizations were deleted');
  });
});

describe('the discovery of the sandbox', () => {
  for (const document of ['openid-configuration', 'oauth-authorization-server']) {
    it(`names in ${document} only what it serves`, async () => {
      const sandbox = await startSandbox({ organizations: 1 });
      try {
        const facts = (await (await fetch(`${sandbox.url}/.well-known/${document}`)).json()) as Record<string, unknown>;
        assert.equal(facts['issuer'], sandbox.url);
        const addresses = Object.entries(facts).filter(
          ([name, value]) => name !== 'issuer' && String(value).startsWith('http'),
        );
        assert.deepEqual(addresses.map(([name]) => name).sort(), [
          'authorization_endpoint',
          'end_session_endpoint',
          'introspection_endpoint',
          'jwks_uri',
          'revocation_endpoint',
          'token_endpoint',
          'userinfo_endpoint',
        ]);
        for (const [name, address] of addresses) {
          const responses = await Promise.all(['GET', 'POST'].map((method) => fetch(String(address), { method })));
          assert.ok(
            responses.some(({ status }) => status !== 404),
            name,
          );
        }
        for (const grant of facts['grant_types_supported'] as string[]) {
          for (const method of facts['token_endpoint_auth_methods_supported'] as string[]) {
            const isBasic = method === 'client_secret_basic';
            const client = method === 'none' ? sandbox.addClient({ type: 'SPA' }) : { ...sandbox };
            const body = new URLSearchParams({
              grant_type: grant,
              ...(isBasic ? {} : { client_id: client.clientId, client_secret: client.clientSecret }),
            });
            const headers: Record<string, string> = isBasic
              ? {
                  authorization: `Basic ${Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString('base64')}`,
                }
              : {};
            const response = await fetch(String(facts['token_endpoint']), { method: 'POST', headers, body });
            const { error_description: description } = (await response.json()) as { error_description?: string };
            // Without a code or a refresh token, the grant is known if that is what's missing.
            const expected = {
              client_credentials: method === 'none' ? [401, undefined] : [200, undefined],
              authorization_code: [400, 'code missing'],
              refresh_token: [400, 'refresh_token missing'],
            }[grant];
            assert.deepEqual([response.status, description], expected, `${grant} ${method}`);
          }
        }
        assert.deepEqual(facts['response_types_supported'], ['code']);
      } finally {
        await sandbox.close();
      }
    });
  }
});
