import assert from 'node:assert/strict';
import { ApiError } from '../../../src/sandbox/protocol/apiError';
import { SeededRandom } from '../../../src/sandbox/random';
import { Directories } from '../../../src/sandbox/resources/directories';
import type { DirectoryChange, UserFields } from '../../../src/sandbox/resources/directoryContents';
import { Organizations } from '../../../src/sandbox/resources/organizations';
import { Interceptors } from '../../../src/sandbox/interceptors/interceptors';
import { ApiClients } from '../../../src/sandbox/oauth/apiClients';

const NEW: UserFields = {
  email: 'New.Hire@example.com',
  givenName: 'New',
  familyName: 'Hire',
  active: true,
  groupIds: [],
  attributes: {},
};

describe('the users and groups of a directory', () => {
  let time: number;
  let directories: Directories;
  const directory = () => directories.get('dir_64447110772003371');
  const names = (changes: readonly DirectoryChange[]) => changes.map(({ type }) => type.replace(/^.*\./, ''));
  const user = (id: string) =>
    directories.contents.of(directory()).users.get(id) ?? assert.fail('there is no such user');
  const create = (fields: Partial<UserFields> = {}) => {
    const [change] = directories.contents.createUser(directory(), { ...NEW, ...fields });
    return change !== undefined && 'user' in change ? change.user : assert.fail('no user was created');
  };
  const group = (name: string) =>
    directories.groups(directory()).find(({ displayName }) => displayName === name) ?? assert.fail(`no ${name}`);
  const refused = (change: () => unknown, status: ApiError['status']) => {
    const before = JSON.stringify([...directories.contents.of(directory()).users]);
    assert.throws(change, (error) => error instanceof ApiError && error.status === status);
    assert.equal(JSON.stringify([...directories.contents.of(directory()).users]), before);
  };

  beforeEach(() => {
    time = Date.UTC(2026, 5, 1);
    directories = new Directories(
      new Organizations({
        seed: new SeededRandom(5),
        organizations: 3,
        users: 12,
        environmentId: 'env_1',
        startedAt: time,
        firstStartedAt: time,
        now: () => time,
        url: () => 'http://127.0.0.1:1',
        clients: new ApiClients(),
        events: { emit: () => undefined },
        interceptors: new Interceptors({ environmentId: 'env_1', now: () => time, url: () => 'http://127.0.0.1:1' }),
      }),
    );
    time += 60_000;
  });

  it('begin with samples, in groups whose sizes are the numbers of their members', () => {
    const users = directories.users(directory());
    assert.equal(users.length, 42);
    for (const { id, totalUsers } of directories.groups(directory()))
      assert.equal(users.filter((one) => one.groups.some((each) => each.id === id)).length, totalUsers);
    assert.equal(group('Everyone').totalUsers, 42);
  });

  it('get a new user, at the end of the list, with the time of the change', () => {
    const created = create({ groupIds: [group('Sales').id], attributes: { title: 'Writer' } });
    const sizeBefore = Math.ceil(42 / 4);
    assert.equal(group('Sales').totalUsers, sizeBefore + 1);
    const listed = directories.users(directory(), true).at(-1);
    assert.match(created.id, /^diruser_\d{17}$/);
    assert.deepEqual(
      [listed?.id, listed?.email, listed?.preferredUsername, Number(listed?.updatedAt?.seconds) * 1000],
      [created.id, 'New.Hire@example.com', 'New.Hire@example.com', time],
    );
    assert.deepEqual(listed?.userDetail, {
      title: 'Writer',
      userName: 'New.Hire@example.com',
      active: true,
      name: { givenName: 'New', familyName: 'Hire' },
    });
    assert.deepEqual(
      [directories.full(directory()).totalUsers, directories.full(directory()).stats?.totalUsers],
      [43, 43],
    );
  });

  it('keep the time of what did not change', () => {
    const before = new Map(directories.users(directory()).map(({ id, updatedAt }) => [id, updatedAt?.seconds]));
    create();
    for (const { id, updatedAt } of directories.users(directory()).slice(0, 42))
      assert.equal(updatedAt?.seconds, before.get(id));
  });

  it('have a changed and a deactivated user, whose name follows the email address until it has its own', () => {
    const { id } = create();
    time += 1_000;
    assert.deepEqual(names(directories.contents.updateUser(directory(), id, { email: 'new@example.com' })), [
      'user_updated',
    ]);
    assert.deepEqual([user(id).preferredUsername, user(id).updatedAt], ['new@example.com', time]);
    directories.contents.updateUser(directory(), id, { preferredUsername: 'new' });
    directories.contents.updateUser(directory(), id, { email: 'newer@example.com', active: false });
    assert.deepEqual([user(id).preferredUsername, user(id).active, user(id).givenName], ['new', false, 'New']);
    assert.equal(directories.users(directory(), true).at(-1)?.userDetail?.['active'], false);
  });

  it('lose a deleted user, who leaves the groups', () => {
    const [first] = directories.users(directory());
    assert.ok(first !== undefined);
    const everyone = group('Everyone').totalUsers;
    assert.deepEqual(names(directories.contents.deleteUser(directory(), first.id)), ['user_deleted']);
    assert.equal(group('Everyone').totalUsers, everyone - 1);
    assert.equal(directories.users(directory()).length, 41);
    refused(() => directories.contents.deleteUser(directory(), first.id), 'NOT_FOUND');
  });

  it('get, rename and lose a group, and tell of each member that loses it', () => {
    const [created] = directories.contents.createGroup(directory(), 'Design');
    assert.ok(created !== undefined && 'group' in created);
    assert.match(created.group.id, /^dirgroup_\d{17}$/);
    const members = [create(), create({ email: 'other@example.com' })];
    for (const { id } of members)
      assert.deepEqual(names(directories.contents.setMember(directory(), created.group.id, id, true)), [
        'user_updated',
      ]);
    const [member] = members;
    assert.ok(member !== undefined);
    assert.deepEqual(
      directories.contents.setMember(directory(), created.group.id, member.id, true),
      [],
      'it is one already',
    );
    assert.equal(group('Design').totalUsers, 2);
    assert.deepEqual(names(directories.contents.renameGroup(directory(), created.group.id, 'Art')), ['group_updated']);
    assert.deepEqual(
      directories
        .users(directory())
        .at(-1)
        ?.groups.map(({ displayName }) => displayName),
      ['Art'],
    );
    directories.contents.setMember(directory(), created.group.id, member.id, false);
    assert.equal(group('Art').totalUsers, 1);
    assert.deepEqual(names(directories.contents.deleteGroup(directory(), created.group.id)), [
      'group_deleted',
      'user_updated',
    ]);
    assert.deepEqual(directories.users(directory()).at(-1)?.groups, []);
  });

  it('refuse what an identity provider could not say, and stay as they were', () => {
    const { id } = create();
    const [other] = directories.users(directory());
    refused(() => create({ email: 'new.hire@EXAMPLE.com' }), 'ALREADY_EXISTS');
    refused(() => directories.contents.updateUser(directory(), id, { email: other?.email ?? '' }), 'ALREADY_EXISTS');
    refused(() => create({ email: 'x@example.com', groupIds: ['dirgroup_1'] }), 'NOT_FOUND');
    refused(() => directories.contents.updateUser(directory(), 'diruser_1', { active: false }), 'NOT_FOUND');
    refused(() => directories.contents.createGroup(directory(), 'Sales'), 'ALREADY_EXISTS');
    refused(() => directories.contents.renameGroup(directory(), group('Sales').id, 'Support'), 'ALREADY_EXISTS');
    refused(() => directories.contents.setMember(directory(), 'dirgroup_1', id, true), 'NOT_FOUND');
    assert.deepEqual(names(directories.contents.renameGroup(directory(), group('Sales').id, 'Sales')), [
      'group_updated',
    ]);
  });

  it('do not change while the directory is disabled', () => {
    directories.change(directory(), { enabled: false });
    refused(() => create(), 'FAILED_PRECONDITION');
    assert.equal(directories.users(directory()).length, 42);
    directories.change(directory(), { enabled: true });
    create();
  });

  it('come to a directory that was never synced, which then was, with nothing but what was sent', () => {
    const draft = directories.all.of(directory().organizationId).find(({ lastSyncedAt }) => lastSyncedAt === undefined);
    assert.ok(draft !== undefined);
    assert.deepEqual(directories.users(draft), []);
    directories.contents.createUser(directories.change(draft, { enabled: true }), NEW);
    const synced = directories.get(draft.id);
    assert.equal(Number(synced.lastSyncedAt?.seconds) * 1000, time);
    assert.equal(synced.status, 'COMPLETED');
    assert.deepEqual(
      directories.users(synced).map(({ email }) => email),
      [NEW.email],
    );
  });

  it('are at most 10,000', () => {
    for (let index = 42; index < 10_000; index++) create({ email: `user${index}@example.com` });
    refused(() => create(), 'FAILED_PRECONDITION');
    assert.equal(directories.full(directory()).totalUsers, 10_000);
  }).timeout(60_000);

  it('go with their directory', () => {
    create();
    const { id, organizationId } = directory();
    directories.delete(directory());
    assert.throws(() => directories.get(id), ApiError);
    const others = directories.all.of(organizationId);
    directories.organizations.delete(organizationId);
    for (const other of others) assert.throws(() => directories.get(other.id), ApiError);
  });
});
