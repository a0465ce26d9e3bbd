import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScalekitClient } from '@scalekit-sdk/node';
import type { LocalSandbox, SandboxData } from '../../src/sandbox/package/api';
import { checkData } from '../../src/sandbox/data/checkData';
import { exportTarget, readDataFile } from '../../src/sandbox/data/dataFile';
import { dataJsonSchema } from '../../src/sandbox/data/dataSchema';
import { writeDataFile } from '../../src/sandbox/data/writeDataFile';
import { startLocalSandbox } from '../../src/sandbox/package/startLocalSandbox';
import { removeTemporaryFolder, temporaryFolder } from '../host/temporary';

const OWN: SandboxData = {
  organizations: [
    {
      id: 'org_acme',
      display_name: 'Acme',
      external_id: 'acme',
      slug: 'acme',
      region_code: 'EU',
      metadata: { plan: 'team' },
      features: { sso: true },
      domains: [{ domain: 'acme.example' }, { domain: 'acme.test', verification_status: 'PENDING' }],
      connections: [
        { type: 'OIDC', provider: 'OKTA', domains: ['acme.example'] },
        { status: 'DRAFT', key_id: 'second' },
      ],
      directories: [
        {
          name: 'Okta',
          provider: 'OKTA',
          groups: [{ display_name: 'Engineering' }],
          users: [{ email: 'dan@acme.example', groups: ['Engineering'], attributes: { floor: '3' } }],
        },
      ],
      roles: [{ name: 'owner', extends: 'admin' }],
    },
    { display_name: 'Second' },
    // The ID that the second one would get.
    { id: 'org_64444217115549732', display_name: 'Third', external_id: 'third' },
  ],
  users: [
    {
      email: 'Ann@acme.example',
      external_id: 'u-1',
      given_name: 'Ann',
      family_name: 'Onymous',
      metadata: { team: 'blue' },
      memberships: [
        { organization: 'acme', roles: ['owner', 'viewer'] },
        { organization: 'third', status: 'PENDING_INVITE' },
      ],
    },
    { id: 'usr_1', email: 'bob@example.com', email_verified: false },
  ],
  faults: [{ path: '/api/v1/none', status: 500, times: 3 }],
};

/** Everything that the official SDK lists. */
async function listed(sandbox: LocalSandbox) {
  const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
  const { organizations } = await sdk.organization.listOrganization({ pageSize: 100 });
  const { roles } = await sdk.role.listRoles();
  const { permissions } = await sdk.permission.listPermissions();
  const { users } = await sdk.user.listUsers({ pageSize: 100 });
  return {
    roles: roles.map(({ id, name, extends: base }) => ({ id, name, base })),
    permissions: permissions.map(({ name }) => name),
    users: users.map(({ id, email, externalId, userProfile, metadata, memberships }) => ({
      id,
      email,
      externalId,
      name: userProfile?.name,
      metadata,
      memberships: memberships.map((each) => ({
        organization: each.organizationId,
        status: each.membershipStatus,
        roles: each.roles.map(({ name }) => name),
        permissions: each.permissions,
      })),
    })),
    organizations: await Promise.all(
      organizations.map(async ({ id, displayName, externalId, metadata, slug, regionCode }) => ({
        ...{ id, displayName, externalId, metadata, slug, regionCode },
        members: (await sdk.user.listOrganizationUsers(id, { pageSize: 100 })).users.map((user) => user.id).sort(),
        domains: (await sdk.domain.listDomains(id)).domains.map((domain) => ({
          id: domain.id,
          domain: domain.domain,
          status: domain.verificationStatus,
        })),
        connections: (await sdk.connection.listConnections(id)).connections.map((connection) => ({
          ...connection,
          createdAt: undefined,
        })),
        directories: await Promise.all(
          (await sdk.directory.listDirectories(id)).directories.map(async (directory) => ({
            ...{ id: directory.id, name: directory.name, enabled: directory.enabled, status: directory.status },
            users: (await sdk.directory.listDirectoryUsers(id, directory.id)).users.map((user) => ({
              id: user.id,
              email: user.email,
              groups: user.groups.map((group) => group.id),
            })),
          })),
        ),
      })),
    ),
  };
}

describe('the data of a sandbox', () => {
  let folder = '';
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => removeTemporaryFolder(folder));

  const started = async <T>(data: SandboxData | undefined, use: (sandbox: LocalSandbox) => Promise<T>): Promise<T> => {
    const sandbox = await startLocalSandbox({ seed: 5, ...(data === undefined ? { organizations: 12 } : { data }) });
    try {
      return await use(sandbox);
    } finally {
      await sandbox.close();
    }
  };

  it('are what the official SDK lists, with IDs that were given or made', () =>
    started(OWN, async (sandbox) => {
      const { organizations, users } = await listed(sandbox);
      assert.deepEqual(
        organizations.map(({ id, displayName }) => [id, displayName]),
        [
          ['org_acme', 'Acme'],
          ['org_64444217115557651', 'Second'],
          ['org_64444217115549732', 'Third'],
        ],
      );
      assert.deepEqual(
        users.map(({ email, name, memberships }) => [email, name, memberships.map((each) => each.roles)]),
        [
          ['Ann@acme.example', 'Ann Onymous', [['owner', 'viewer'], ['member']]],
          ['bob@example.com', '', []],
        ],
      );
      const [acme] = organizations;
      assert.deepEqual(
        acme?.domains.map(({ domain }) => domain),
        ['acme.example', 'acme.test'],
      );
      assert.deepEqual(
        acme?.connections.map(({ domains }) => domains),
        [['acme.example']],
      );
      assert.deepEqual(
        acme?.directories[0]?.users.map(({ email, groups }) => [email, groups.length]),
        [['dan@acme.example', 1]],
      );
    }));

  for (const [title, data] of [
    ["of one's own", OWN],
    ['of the samples', undefined],
  ] as const) {
    it(`${title} are the same for the SDK after an export and a new start, also what was changed`, async () => {
      const file = join(folder, 'round.json');
      const before = await started(data, async (sandbox) => {
        const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
        const { organizations } = await sdk.organization.listOrganization({ pageSize: 100 });
        await sdk.organization.deleteOrganization(organizations[1]?.id ?? '');
        const { organization } = await sdk.organization.createOrganization('New', { externalId: 'new' });
        await sdk.user.createUserAndMembership(organization?.id ?? '', { email: 'new@example.com' });
        await writeDataFile(file, sandbox.exportData());
        return { lists: await listed(sandbox), data: sandbox.exportData(), secret: sandbox.clientSecret };
      });
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      const text = await readFile(file, 'utf8');
      assert.ok(!text.includes(before.secret) && !/secret|token|password"/i.test(text.replace(/"PASSWORD\w*"/g, '')));
      assert.deepEqual(
        (await readdir(folder)).filter((name) => name.endsWith('.tmp')),
        [],
      );
      await started(await readDataFile(file), async (sandbox) => {
        assert.deepEqual(await listed(sandbox), before.lists);
        assert.deepEqual(sandbox.exportData(), before.data);
        const sdk = new ScalekitClient(sandbox.url, sandbox.clientId, sandbox.clientSecret);
        const { organization } = await sdk.organization.createOrganization('Newer');
        assert.ok(!before.lists.organizations.some(({ id }) => id === organization?.id), 'a new ID');
      });
    });
  }

  const inOrganization = (fields: object) => ({ organizations: [{ display_name: 'A', ...fields }] });
  const inUser = (fields: object) => ({ users: [{ email: 'a@b.example', ...fields }] });
  const two = (name: string, first: object, second = first) => ({ [name]: [first, second] });
  for (const [data, problem] of [
    [[], '/ must be an object.'],
    [null, '/ must be an object.'],
    [{ colour: 1 }, "/colour isn't a known field."],
    [{ organizations: {} }, '/organizations must be a list.'],
    [{ organizations: [{}] }, '/organizations/0/display_name is missing. It must be a text.'],
    [inOrganization({ display_name: 7 }), '/organizations/0/display_name must be a text.'],
    [inOrganization({ display_name: '' }), '/organizations/0/display_name must not be empty.'],
    [
      inOrganization({ display_name: 'x'.repeat(201) }),
      '/organizations/0/display_name must have at most 200 characters.',
    ],
    [inOrganization({ 'a/b~': 1 }), "/organizations/0/a~1b~0 isn't a known field."],
    [inOrganization({ id: 'usr_1' }), '/organizations/0/id must be org_ and letters or digits.'],
    [inOrganization({ region_code: 'MARS' }), '/organizations/0/region_code must be US or EU.'],
    [inOrganization({ metadata: { plan: 1 } }), '/organizations/0/metadata/plan must be a text.'],
    [
      inOrganization({ create_time: 'yesterday' }),
      '/organizations/0/create_time must be a time, such as 2026-01-31T09:30:00Z.',
    ],
    [
      inOrganization({ domains: [{ domain: 'Acme' }] }),
      '/organizations/0/domains/0/domain must be a domain in lower case, such as acme.example.',
    ],
    [
      inOrganization({ connections: [{ enabled: 'yes' }] }),
      '/organizations/0/connections/0/enabled must be true or false.',
    ],
    [
      inOrganization({ connections: [{ domains: ['b.example'] }] }),
      "/organizations/0/connections/0/domains/0 isn't a domain of this organization.",
    ],
    [
      inOrganization({ roles: [{ name: 'a', extends: 'b' }] }),
      "/organizations/0/roles/0/extends isn't the name of a role.",
    ],
    [
      inOrganization({ directories: [{ users: [{ email: 'a@b.example', groups: ['x'] }] }] }),
      "/organizations/0/directories/0/users/0/groups/0 isn't a group of this directory.",
    ],
    [
      two('organizations', { id: 'org_1', display_name: 'A' }),
      '/organizations/1/id is the ID of /organizations/0 already.',
    ],
    [
      two('organizations', { external_id: 'a', display_name: 'A' }),
      '/organizations/1/external_id is the external ID of /organizations/0 already.',
    ],
    [
      two('users', { email: 'a@b.example' }, { email: 'A@b.example' }),
      '/users/1/email is the email of /users/0 already.',
    ],
    [inUser({ email: 'a' }), '/users/0/email must be an email address.'],
    [
      inUser({ memberships: [{ organization: 'none' }] }),
      "/users/0/memberships/0/organization isn't the ID or external ID of an organization in this file.",
    ],
    [
      { ...inOrganization({ external_id: 'a' }), ...inUser({ memberships: [{ organization: 'a', roles: ['x'] }] }) },
      "/users/0/memberships/0/roles/0 isn't the name of a role.",
    ],
    [
      {
        ...inOrganization({ external_id: 'a' }),
        ...inUser({ memberships: [{ organization: 'a' }, { organization: 'a' }] }),
      },
      '/users/0/memberships/1/organization is a membership of this user already.',
    ],
    [{ roles: [] }, '/roles must have at least one role. Leave it out for the default ones.'],
    [{ roles: [{ name: 'a', extends: 'a' }] }, '/roles/0/extends would make the role build on itself.'],
    [{ roles: [{ name: 'a', permissions: ['x'] }] }, "/roles/0/permissions/0 isn't the name of a permission."],
    [{ default_member_role: 'x' }, "/default_member_role isn't the name of a role."],
    [{ connections: [{ type: 'X' }] }, /^\/connections\/0\/type must be OIDC, SAML, /],
    [{ faults: [{ times: -1 }] }, '/faults/0/times must be at least 0.'],
    [{ faults: [{ times: 1.5 }] }, '/faults/0/times must be a whole number.'],
    [
      { faults: [{ respond: { headers: { 'a b': 'c' } } }] },
      '/faults/0: respond.headers must be HTTP headers with text values.',
    ],
  ] as const) {
    it(`are refused with “${String(problem)}”`, () => {
      assert.throws(
        () => checkData(data),
        (error: Error) =>
          (typeof problem === 'string'
            ? assert.equal(error.message, problem)
            : assert.match(error.message, problem)) === undefined,
      );
    });
  }

  it("are refused as a file that isn't one, or has no JSON in UTF-8", async () => {
    const file = join(folder, 'bad.json');
    const refused = async (content: string | Buffer, message: string | RegExp) => {
      await writeFile(file, content);
      await assert.rejects(readDataFile(file), typeof message === 'string' ? { message } : message);
    };
    await assert.rejects(readDataFile(join(folder, 'none')), { message: `${join(folder, 'none')} doesn't exist.` });
    await assert.rejects(readDataFile(folder), { message: `${folder} is a folder.` });
    await assert.rejects(readDataFile('/dev/null'), { message: "/dev/null isn't a file." });
    await refused('', `${file} is empty.`);
    // Node doesn't always tell where.
    await refused('{"users":\n  nonsense}', /bad\.json isn't JSON(, see line 2, column \d+)?\.$/);
    await refused('{', /bad\.json isn't JSON(, see line 1, column 2)?\.$/);
    await refused(Buffer.from('\uFEFF{}', 'utf16le'), `${file} is in UTF-16. Save it as UTF-8.`);
    await refused(Buffer.from([0x7b, 0xff, 0x7d]), `${file} isn't in UTF-8.`);
    await refused('{"colour":1}', `${file}: /colour isn't a known field.`);
    await truncate(file, 64_000_001);
    await assert.rejects(readDataFile(file), {
      message: `${file} has 64000001 bytes. A data file can have at most 64000000.`,
    });
    await writeFile(file, '\uFEFF{"users":[]}');
    assert.deepEqual(await readDataFile(file), { users: [] });
  });

  it("aren't exported over a file of something else, or into a folder that isn't there", async () => {
    const other = join(folder, 'package.json');
    await writeFile(other, '{"private":true}');
    await assert.rejects(exportTarget(other), {
      message: `${other}: /private isn't a known field. --export replaces only a file with data of a sandbox.`,
    });
    await assert.rejects(exportTarget(join(folder, 'none', 'x.json')), {
      message: `The folder of ${join(folder, 'none', 'x.json')} doesn't exist.`,
    });
    await mkdir(join(folder, 'dir.json'));
    await assert.rejects(exportTarget(join(folder, 'dir.json')), /is a folder\. --export/);
  });

  it('have a JSON Schema, which has a description of what an editor should explain', () => {
    const schema = JSON.parse(dataJsonSchema()) as {
      $schema: string;
      additionalProperties: boolean;
      properties: Record<string, { description?: string }>;
    };
    assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.equal(schema.additionalProperties, false);
    assert.deepEqual(Object.keys(schema.properties).sort(), [
      '$schema',
      'connections',
      'default_creator_role',
      'default_member_role',
      'faults',
      'organizations',
      'permissions',
      'roles',
      'users',
    ]);
    assert.match(schema.properties['roles']?.description ?? '', /Default/);
  });
});
