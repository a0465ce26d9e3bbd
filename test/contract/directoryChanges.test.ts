import assert from 'node:assert/strict';
import { ScalekitClient as Sdk } from '@scalekit-sdk/node';
import { startSandbox, type Sandbox } from '../../src/sandbox/sandboxServer';

const HOSTILE = '"><script>alert(1)</script>\'&<b>';

/** What an identity provider does with a directory, read back by the official SDK. */
describe('changes of a directory', () => {
  let sandbox: Sandbox;
  let sdk: Sdk;
  let organizationId: string;
  let directoryId: string;

  beforeEach(async () => {
    sandbox = await startSandbox({ organizations: 3, seed: 7 });
    sdk = new Sdk(sandbox.url, sandbox.clientId, sandbox.clientSecret);
    const { organizations } = await sdk.organization.listOrganization({ pageSize: 1 });
    organizationId = organizations[0]?.id ?? assert.fail('there is no organization');
    const { directories } = await sdk.directory.listDirectories(organizationId);
    directoryId = directories.find(({ enabled }) => enabled)?.id ?? assert.fail('there is no enabled directory');
  });
  afterEach(() => sandbox.close());

  const users = async () => {
    const found = [];
    let pageToken: string | undefined;
    do {
      const page = await sdk.directory.listDirectoryUsers(organizationId, directoryId, {
        pageSize: 30,
        includeDetail: true,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      found.push(...page.users);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    return found;
  };
  const groups = async () => (await sdk.directory.listDirectoryGroups(organizationId, directoryId)).groups;
  const groupId = async (name: string) =>
    (await groups()).find(({ displayName }) => displayName === name)?.id ?? assert.fail(`there is no ${name}`);
  const refusedStatus = (text: string) => JSON.parse(text) as { error: string };

  describe('by the control endpoint', () => {
    interface Changed {
      readonly changes: readonly {
        readonly type: string;
        readonly user?: Readonly<Record<string, unknown>>;
        readonly group?: Readonly<Record<string, unknown>>;
      }[];
    }
    const send = (method: string, path: string, body?: unknown) =>
      fetch(`${sandbox.url}/__sandbox/directories/${directoryId}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const change = async (method: string, path: string, body?: unknown) => {
      const response = await send(method, path, body);
      const text = await response.text();
      assert.equal(response.status, 200, text);
      return (JSON.parse(text) as Changed).changes;
    };

    it('creates, changes, deactivates and deletes a user', async () => {
      const [created] = await change('POST', '/users', {
        email: 'new.hire@example.com',
        given_name: 'New',
        family_name: 'Hire',
        groups: ['Engineering'],
        attributes: { title: 'Writer' },
      });
      assert.equal(created?.type, 'organization.directory.user_created');
      const id = String(created.user?.['id']);
      const read = async () => (await users()).find((user) => user.id === id);
      const first = await read();
      assert.deepEqual(
        [first?.email, first?.givenName, first?.familyName, first?.groups.map(({ displayName }) => displayName)],
        ['new.hire@example.com', 'New', 'Hire', ['Engineering']],
      );
      assert.deepEqual(first?.userDetail, {
        title: 'Writer',
        userName: 'new.hire@example.com',
        active: true,
        name: { givenName: 'New', familyName: 'Hire' },
      });
      const [updated] = await change('PATCH', `/users/${id}`, { active: false, family_name: 'Hired' });
      assert.equal(updated?.type, 'organization.directory.user_updated');
      const second = await read();
      assert.deepEqual(
        [second?.familyName, second?.userDetail?.['active'], second?.givenName],
        ['Hired', false, 'New'],
      );
      const [deleted] = await change('DELETE', `/users/${id}`);
      assert.deepEqual([deleted?.type, deleted?.user?.['id']], ['organization.directory.user_deleted', id]);
      assert.equal(await read(), undefined);
      assert.equal((await send('DELETE', `/users/${id}`)).status, 404);
    });

    it('creates, renames and deletes a group, and changes its members', async () => {
      const [created] = await change('POST', '/groups', { display_name: 'Design' });
      const id = String(created?.group?.['id']);
      const [user] = await users();
      assert.ok(user !== undefined);
      const memberOf = async () => (await users())[0]?.groups.map(({ displayName }) => displayName) ?? [];
      const types = async (...call: Parameters<typeof change>) => (await change(...call)).map(({ type }) => type);
      assert.deepEqual(await types('PUT', `/groups/${id}/members/${user.id}`), ['organization.directory.user_updated']);
      assert.ok((await memberOf()).includes('Design'));
      assert.equal((await groups()).find((group) => group.id === id)?.totalUsers, 1);
      assert.deepEqual(await types('PATCH', `/groups/${id}`, { display_name: 'Art' }), [
        'organization.directory.group_updated',
      ]);
      assert.ok((await memberOf()).includes('Art'));
      assert.deepEqual(await types('DELETE', `/groups/${id}/members/${user.id}`), [
        'organization.directory.user_updated',
      ]);
      assert.ok(!(await memberOf()).includes('Art'));
      await change('PUT', `/groups/${id}/members/${user.id}`);
      assert.deepEqual(await types('DELETE', `/groups/${id}`), [
        'organization.directory.group_deleted',
        'organization.directory.user_updated',
      ]);
      assert.ok(!(await groups()).some((group) => group.id === id));
    });

    it('shows a sync what changed since the last one', async () => {
      const since = new Date(Date.now() - 3_600_000);
      const changedSince = async () =>
        (await sdk.directory.listDirectoryUsers(organizationId, directoryId, { updatedAfter: since.toISOString() }))
          .users;
      const before = (await changedSince()).length;
      await change('POST', '/users', { email: 'new.hire@example.com' });
      const after = await changedSince();
      assert.equal(after.length, before + 1);
      assert.equal(after.at(-1)?.email, 'new.hire@example.com');
    });

    it('neither skips nor repeats a user when others are deleted between two pages', async () => {
      const all = (await users()).map(({ id }) => id);
      const first = await sdk.directory.listDirectoryUsers(organizationId, directoryId, { pageSize: 10 });
      for (const { id } of first.users.slice(0, 4)) await change('DELETE', `/users/${id}`);
      const second = await sdk.directory.listDirectoryUsers(organizationId, directoryId, {
        pageSize: 10,
        pageToken: first.nextPageToken,
      });
      assert.deepEqual(
        second.users.map(({ id }) => id),
        all.slice(10, 20),
      );
    });

    it('says what is wrong, and changes nothing', async () => {
      const before = await users();
      const [user] = await users();
      for (const [method, path, body, status, error] of [
        ['POST', '/users', {}, 400, 'email is missing.'],
        ['POST', '/users', { email: 'x' }, 400, 'email must be an email address.'],
        ['POST', '/users', { email: 'a\n@example.com' }, 400, 'email must be an email address.'],
        ['POST', '/users', { email: user?.email.toUpperCase() }, 409, /^There is a user .* already\.$/],
        ['POST', '/users', { email: 'a@example.com', active: 'no' }, 400, 'active must be true or false.'],
        ['POST', '/users', { email: 'a@example.com', given_name: 7 }, 400, /^given_name must be a text/],
        ['POST', '/users', { email: 'a@example.com', given_name: 'x'.repeat(201) }, 400, /^given_name must be a text/],
        [
          'POST',
          '/users',
          { email: 'a@example.com', groups: ['None'] },
          400,
          'There is no group None in this directory.',
        ],
        ['POST', '/users', { email: 'a@example.com', groups: 'Sales' }, 400, /^groups must be a list/],
        ['POST', '/users', { email: 'a@example.com', attributes: { 'a b': 'c' } }, 400, /^attributes must be/],
        ['POST', '/users', { email: 'a@example.com', attributes: { __proto__x: 7 } }, 400, /^attributes must be/],
        ['POST', '/users', { email: 'a@example.com', color: 'red' }, 400, /^color isn't a field of a user\./],
        ['PATCH', '/users/diruser_1', { active: false }, 404, 'directory user not found'],
        ['POST', '/groups', {}, 400, /^display_name must be/],
        ['POST', '/groups', { display_name: ' ' }, 400, /^display_name must be/],
        ['POST', '/groups', { display_name: 'Sales' }, 409, 'There is a group “Sales” already.'],
        ['PUT', `/groups/dirgroup_1/members/${user?.id}`, undefined, 404, 'directory group not found'],
        ['PUT', '/users', {}, 404, /^There is no PUT/],
      ] as const) {
        const response = await send(method, path, body);
        const text = refusedStatus(await response.text()).error;
        assert.equal(response.status, status, text);
        if (typeof error === 'string') assert.equal(text, error);
        else assert.match(text, error);
      }
      assert.deepEqual(await users(), before);
      const unknown = await fetch(`${sandbox.url}/__sandbox/directories/dir_1`);
      assert.deepEqual([unknown.status, await unknown.json()], [404, { error: 'directory not found' }]);
    });

    it('changes nothing of a disabled directory, as Scalekit would not hear of it', async () => {
      await sdk.directory.disableDirectory(organizationId, directoryId);
      const response = await send('POST', '/users', { email: 'new.hire@example.com' });
      assert.deepEqual(
        [response.status, await response.json()],
        [400, { error: 'The directory is disabled, so changes don’t reach it.' }],
      );
      await sdk.directory.enableDirectory(organizationId, directoryId);
      await change('POST', '/users', { email: 'new.hire@example.com' });
    });

    it('refuses web pages, and lists what a directory has', async () => {
      const url = `${sandbox.url}/__sandbox/directories/${directoryId}`;
      for (const headers of [{ origin: 'https://evil.example' }, { origin: sandbox.url }])
        assert.equal((await fetch(`${url}/users`, { method: 'POST', headers, body: '{}' })).status, 403);
      const body = (await (await fetch(url)).json()) as { users: unknown[]; groups: unknown[]; enabled: boolean };
      assert.deepEqual([body.users.length, body.groups.length, body.enabled], [42, 6, true]);
    });
  });

  describe('on the pages', () => {
    const open = async (path: string) => {
      const response = await fetch(`${sandbox.url}${path}`);
      return { status: response.status, text: await response.text(), headers: response.headers };
    };
    /** Sends the form of a page as a browser does. */
    const submit = async (
      path: string,
      fields: readonly (readonly [string, string])[],
      headers: Readonly<Record<string, string>> = {},
      token?: string,
    ) => {
      const given = token ?? tokenIn((await open(path)).text);
      const response = await fetch(`${sandbox.url}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: sandbox.url, 'sec-fetch-site': 'same-origin', ...headers },
        body: new URLSearchParams([
          ['form_token', given],
          ...fields.map(([name, value]): [string, string] => [name, value]),
        ]),
      });
      return { status: response.status, text: await response.text(), location: response.headers.get('location') };
    };
    const tokenIn = (text: string) => /name="form_token" value="([\w-]+)"/.exec(text)?.[1] ?? assert.fail(text);
    const path = (rest = '') => `/sandbox/directories/${directoryId}${rest}`;
    const user = (email: string): readonly (readonly [string, string])[] => [
      ['email', email],
      ['given_name', 'New'],
      ['family_name', 'Hire'],
      ['active', 'true'],
      ['do', 'save'],
    ];

    it('lead from the home page to a directory, its users and its groups', async () => {
      assert.match((await open('/sandbox')).text, /<a href="\/sandbox\/directories">Directories<\/a>/);
      const list = await open('/sandbox/directories');
      assert.ok(list.text.includes(`href="${path()}">Looney Corp, Okta</a>`), list.text);
      assert.ok(!(await open('/sandbox/directories?find=nobody')).text.includes(path()));
      assert.ok((await open(`/sandbox/directories?find=${organizationId}`)).text.includes(path()));
      const overview = await open(path());
      assert.match(overview.text, /<h1>Okta of Looney Corp<\/h1>/);
      assert.match(overview.text, /Users \(42\).*Page 1 of 2.*Groups \(6\)/s);
      assert.match((await open(path('?page=2'))).text, /Page 2 of 2/);
      for (const odd of ['-3', '0', 'x', '1e9', '1.5', 'Infinity'])
        assert.match((await open(path(`?page=${odd}`))).text, /Page [12] of 2/);
      for (const missing of ['/sandbox/directories/dir_1', path('/users/diruser_1'), path('/groups/dirgroup_1')])
        assert.equal((await open(missing)).status, 404);
    });

    it('create, change, deactivate and delete a user', async () => {
      const sales = await groupId('Sales');
      const created = await submit(path('/users/new'), [
        ...user('new.hire@example.com'),
        ['group', sales],
        ['attribute_name', 'title'],
        ['attribute_value', 'Writer'],
        ['attribute_name', ''],
        ['attribute_value', ''],
      ]);
      assert.deepEqual([created.status, created.location], [303, `${path()}?done=saved`]);
      assert.match((await open(created.location ?? '')).text, /<p role="status">Saved\.<\/p>/);
      const read = async () => (await users()).find(({ email }) => /^new(er)?\.hire@/.test(email));
      const first = await read();
      assert.deepEqual(first?.userDetail, {
        title: 'Writer',
        userName: 'new.hire@example.com',
        active: true,
        name: { givenName: 'New', familyName: 'Hire' },
      });
      assert.deepEqual(
        first?.groups.map(({ id }) => id),
        [sales],
      );
      const own = path(`/users/${first?.id}`);
      assert.match((await open(own)).text, new RegExp(`value="${sales}" checked`));
      const changed = await submit(own, [
        ['email', 'newer.hire@example.com'],
        ['preferred_username', 'new.hire@example.com'],
        ['given_name', 'New'],
        ['family_name', ''],
        ['do', 'save'],
      ]);
      assert.equal(changed.status, 303);
      const second = await read();
      assert.deepEqual(
        [second?.email, second?.preferredUsername, second?.familyName, second?.groups, second?.userDetail?.['active']],
        ['newer.hire@example.com', 'newer.hire@example.com', '', [], false],
      );
      assert.equal((await submit(own, [['do', 'delete']])).location, `${path()}?done=deleted`);
      assert.equal(await read(), undefined);
    });

    it('create, rename and delete a group', async () => {
      assert.equal((await submit(path('/groups/new'), [['display_name', 'Design']])).status, 303);
      const design = path(`/groups/${await groupId('Design')}`);
      assert.equal(
        (
          await submit(design, [
            ['display_name', 'Art'],
            ['do', 'save'],
          ])
        ).status,
        303,
      );
      assert.match(
        (await open(path(`/groups/${await groupId('Everyone')}`))).text,
        /Members \(42\).*These are the first 25/s,
      );
      assert.equal((await submit(design, [['do', 'delete']])).status, 303);
      assert.ok(!(await groups()).some(({ displayName }) => ['Design', 'Art'].includes(displayName)));
    });

    it('say what is wrong, and keep what was entered', async () => {
      const { status, text } = await submit(path('/users/new'), [...user('nobody'), ['attribute_name', 'a b']]);
      assert.equal(status, 400);
      assert.match(text, /<p class="problem" role="alert">email must be an email address\.<\/p>/);
      assert.match(text, /name="email"[^>]* value="nobody"/);
      assert.match(text, /name="attribute_name"[^>]* value="a b"/);
      const group = await submit(path('/groups/new'), [['display_name', 'Sales']]);
      assert.match(group.text, /There is a group “Sales” already\.[^]*value="Sales"/);
      await sdk.directory.disableDirectory(organizationId, directoryId);
      assert.match((await open(path())).text, /This directory is disabled/);
      const disabled = await submit(path('/users/new'), user('new.hire@example.com'));
      assert.match(disabled.text, /The directory is disabled, so changes don’t reach it\./);
      assert.equal((await users()).length, 42);
    });

    it('take a form once, from themselves alone', async () => {
      const token = tokenIn((await open(path('/users/new'))).text);
      const other = tokenIn((await open(path('/groups/new'))).text);
      const fields = user('new.hire@example.com');
      for (const [headers, given, status] of [
        [{ origin: 'https://evil.example' }, token, 403],
        [{ origin: 'null' }, token, 403],
        [{ 'sec-fetch-site': 'cross-site' }, token, 403],
        [{}, '', 400],
        [{}, 'x'.repeat(24), 400],
        [{}, other, 400],
        [{}, token, 303],
        [{}, token, 400],
      ] as const)
        assert.equal((await submit(path('/users/new'), fields, headers, given)).status, status);
      assert.equal((await users()).length, 43);
      const overview = await fetch(`${sandbox.url}${path()}`, { method: 'POST', body: '' });
      assert.equal(overview.status, 405);
    });

    it('show every text as text, and have no script', async () => {
      await fetch(`${sandbox.url}/__sandbox/directories/${directoryId}/groups`, {
        method: 'POST',
        body: JSON.stringify({ display_name: HOSTILE }),
      });
      await fetch(`${sandbox.url}/__sandbox/directories/${directoryId}/users`, {
        method: 'POST',
        body: JSON.stringify({
          email: `"><script>@example.com`,
          given_name: HOSTILE,
          groups: [HOSTILE],
          attributes: { title: HOSTILE },
        }),
      });
      await sdk.organization.updateOrganization(organizationId, { displayName: HOSTILE });
      const hostile = (await users()).at(-1);
      for (const place of [
        '/sandbox/directories',
        `/sandbox/directories?find=${encodeURIComponent(HOSTILE)}`,
        path(`?page=2&find=${encodeURIComponent(HOSTILE)}&done=${encodeURIComponent(HOSTILE)}`),
        path('?page=2'),
        path(`/users/${hostile?.id}`),
        path(`/groups/${await groupId(HOSTILE)}`),
      ]) {
        const { text, headers } = await open(place);
        assert.ok(!/<script|<b>/.test(text), `${place}: ${text}`);
        assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'.*frame-ancestors 'none'/);
        assert.ok(text.includes('&lt;script&gt;'), place);
      }
    });
  });
});
